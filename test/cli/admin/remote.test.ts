import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { startTelnyxTwin, type TelnyxTwin } from "../../../src/sandbox/telnyx/twin.ts";
import { createTelnyx } from "../../../src/telnyx/client.ts";
import { type AdminWorld, adminWorld, placeOf } from "../../admin/world.ts";
import { patchcordIn } from "../said.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
const path = join(folder, "patchcord.db");
let twin: TelnyxTwin;
let world: AdminWorld;
let foreign: string;

beforeAll(async () => {
  // What is made within one millisecond is listed in any order: here no two are.
  let last = 0;
  const now = () => (last = Math.max(last + 1, systemClock.now()));
  twin = await startTelnyxTwin({ clock: { ...systemClock, now } });
  world = adminWorld(path);
  const { apiKey, url: baseUrl } = twin;
  const telnyx = createTelnyx({ apiKey, baseUrl, clock: systemClock, log: createLog("silent") });
  const ours = (channel_name: string, more: Record<string, string> = {}) => ({
    metadata: { app: "patchcord", platform: "slack", channel_name, channel_kind: "public", ...more },
  });
  const { id } = await telnyx.createConversation(ours("support", { workspace_name: "Acme" }), "1");
  await telnyx.addMessage(id, { role: "user", content: "Where is\u001B[2J order 17?" }, "2");
  await telnyx.addMessage(id, { role: "assistant", content: "On its way." }, "3");
  await telnyx.createConversation(ours("random", { channel_kind: "dm" }), "4");
  ({ id: foreign } = await telnyx.createConversation(
    { name: "Voice agent", metadata: { kind: "call" } },
    "5",
  ));
  await telnyx.close();
  await world.ask({ channel: "C1", name: "support", question: "Where is order 17?", telnyxId: id });
});
afterAll(async () => {
  await world.bench.close();
  await twin.close();
  rmSync(folder, { recursive: true });
});

const patchcord = (...words: string[]) =>
  patchcordIn({ DATABASE_URL: path, TELNYX_API_KEY: twin.apiKey, TELNYX_BASE_URL: twin.url }, words);

const channelsIn = (out: string) =>
  out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { metadata: Record<string, string> }).metadata["channel_name"]);

describe("conversations at Telnyx", () => {
  it("are listed, the newest first, also those of other tools", async () => {
    const { code, out } = await patchcord("conversations", "list", "--telnyx");
    expect(code).toBe(0);
    const rows = out.trimEnd().split("\n").slice(1);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain("Voice agent");
    expect(rows[2]).toMatch(/Acme › #support .*patchcord/);
  });

  it("are found by their metadata: by filters of Telnyx, and by looking at what came", async () => {
    const list = async (query: string, ...more: string[]) =>
      channelsIn((await patchcord("conversations", "list", query, "--telnyx", "--jsonl", ...more)).out);
    expect(await list("kind:dm")).toEqual(["random"]);
    expect(await list("channel:SUPP*")).toEqual(["support"]);
    expect(await list("platform:slack -kind:dm")).toEqual(["support"]);
    expect(await list("platform:slack sort:+started")).toEqual(["support", "random"]);
    expect(await list("platform:slack", "--limit", "1")).toEqual(["random"]);
    expect(await list("channel:nothing")).toEqual([]);
  });

  it("say what of a query Telnyx cannot tell, and what it is asked", async () => {
    const { out, err } = await patchcord(
      "conversations",
      "list",
      "kind:dm tokens:>5k",
      "--telnyx",
      "--jsonl",
    );
    expect(err).toBe("Telnyx knows nothing of tokens: what depends on that was not looked at.\n");
    expect(channelsIn(out)).toEqual(["random"]);
    const asked = await patchcord("conversations", "list", "kind:dm", "--telnyx", "--explain");
    expect(asked.out).toMatch(
      /^GET \/ai\/conversations\?metadata->channel_kind=eq\.dm&order=created_at\.desc/,
    );
  });

  it("are shown with their messages, by a query, their id there or their id here", async () => {
    const { out } = await patchcord("conversations", "show", "channel:support", "--telnyx");
    expect(out).toMatch(/^Acme › #support\nTelnyx [\da-f-]{36}, .* 2 messages\n[^]* {2}app: patchcord\n/);
    expect(out).toMatch(/ user\nWhere is\[2J order 17\?\n\n.* assistant\nOn its way\.\n$/);
    expect((await patchcord("conversations", "show", `${placeOf("C1")}#1`, "--telnyx")).out).toBe(out);
    const json = await patchcord("conversations", "show", foreign, "--telnyx", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ conversation: { name: "Voice agent" }, messages: [] });
  });

  it("that are not there, or several, are said to be so", async () => {
    const nowhere = "00000000-0000-4000-8000-000000000000";
    expect(await patchcord("conversations", "show", nowhere, "--telnyx")).toMatchObject({
      code: 1,
      err: expect.stringContaining("[not_found]"),
    });
    expect((await patchcord("conversations", "show", "platform:slack", "--telnyx")).err).toContain(
      "[ambiguous]",
    );
    expect((await patchcord("conversations", "show", "slack:T1:C9#1", "--telnyx")).err).toContain(
      "[not_found]",
    );
  });

  it("are in the audit when somebody looked at them", async () => {
    const { out } = await patchcord("audit", "list", "--what", "remote,remote_show", "--all", "--jsonl");
    const kinds = out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { what: string }).what);
    expect(new Set(kinds)).toEqual(new Set(["remote", "remote_show"]));
  });
});
