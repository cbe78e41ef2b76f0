import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAdmin } from "../../src/admin/create.ts";
import type { Forgotten } from "../../src/admin/forget.ts";
import { fulfil } from "../../src/admin/fulfil.ts";
import type { Grant, Viewer } from "../../src/admin/viewer.ts";
import { PatchcordError } from "../../src/errors.ts";
import { metadataOf } from "../../src/reply/input.ts";
import type { Erasure } from "../../src/store/erasure.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { exportingOf } from "./exporting.ts";
import { adminWorld, type AdminWorld, inChannel, placeOf, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
let telnyx: FakeTelnyx;
const LINUS = { id: "U2", name: "Linus Torvald" };

function depsOf(erasure: Erasure = world.bench.erasure) {
  const { store, audit, tokens } = world.bench;
  return {
    ...world.deps,
    clock: { ...world.deps.clock, now: () => world.bench.now() },
    store,
    audit,
    tokens,
    erasure,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    exporting: exportingOf(world.bench.archive),
    signal: new AbortController().signal,
  };
}
const admin = (erasure?: Erasure) => createAdmin(depsOf(erasure));
const openThere = async (channel: string) =>
  (
    await telnyx.createConversation(
      {
        metadata: metadataOf(
          {
            platform: "slack",
            place: placeOf(channel),
            where: { workspaceId: "T1", channelId: channel, channelKind: "public" },
            author: LINUS,
          },
          1,
        ),
      },
      channel,
    )
  ).id;
const there = async () => (await Array.fromAsync(telnyx.listConversations())).length;
const forget = (
  query: string,
  more: { person?: string; dry?: boolean; as?: Viewer } = {},
): Promise<Forgotten[]> => {
  const { as = ROOT, dry = false, person } = more;
  return Array.fromAsync(admin().forget(as, { query, dry, ...(person !== undefined && { person }) }));
};
const brief = (lines: readonly Forgotten[]) =>
  lines.map(({ name, turns, local, telnyx: at }) => [name, turns, local, at]);
const said = async (query: string) =>
  (await admin().turns(ROOT, { query })).rows.flatMap(({ content }) => content?.question ?? []);
const due = (ms = 0) => world.bench.erasure.due(world.bench.now() + ms, 100);

beforeEach(async () => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
  await world.ask({
    channel: "C1",
    name: "support",
    question: "Where is order 17?",
    telnyxId: await openThere("C1"),
  });
  await world.ask({ channel: "C1", name: "support", question: "And order 18?", user: LINUS });
  await world.ask({
    channel: "C2",
    name: "random",
    question: "A joke, please",
    user: LINUS,
    telnyxId: await openThere("C2"),
  });
});
afterEach(() => world.bench.close());

describe("forgetting", () => {
  it("tells beforehand also how each conversation begins, to whoever may read that, and not any more when it is done", async () => {
    await world.ask({ channel: "C7", name: "returns", inThread: true, question: "A **broken** lamp" });
    const names = async (as: Viewer, dry: boolean) =>
      (await forget("channel:returns", { as, dry })).map(({ name }) => name);
    expect(await names(ROOT, true)).toEqual(["T1 › #returns › A broken lamp"]);
    const metadata = viewer({ where: inChannel("C7"), reads: "metadata", private: false });
    const forgetter = { ...metadata, rights: new Set(["read", "forget"] as const) };
    expect(await names(forgetter, true)).toEqual(["T1 › #returns"]);
    expect(await names(ROOT, false)).toEqual(["T1 › #returns"]);
  });

  it("says first what it would forget, and forgets nothing", async () => {
    expect(brief(await forget("channel:support", { dry: true }))).toEqual([
      ["T1 › #support", 2, "would_be", "would_be"],
    ]);
    expect(await said("")).toHaveLength(3);
    expect([await there(), await due()]).toEqual([2, []]);
  });

  it("forgets whole conversations, here and at Telnyx, and says so line by line", async () => {
    expect(brief(await forget("17"))).toEqual([["T1 › #support", 2, "forgotten", "deleted"]]);
    expect(await said("")).toEqual(["A joke, please"]);
    expect([await there(), await due(1e9)]).toEqual([1, []]);
    expect(
      await world.bench.archive.conversation({ place: placeOf("C1"), generation: 1 }),
    ).not.toHaveProperty("telnyxId");
    expect(brief(await forget("channel:support", { dry: true }))).toEqual([]);
  });

  it("forgets a person's turns alone, and the conversation at Telnyx, which deletes no single messages", async () => {
    const lines = await forget("", { person: "slack:T1:U2" });
    expect(brief(lines)).toEqual([
      ["T1 › #support", 1, "forgotten", "deleted"],
      ["T1 › #random", 1, "forgotten", "deleted"],
    ]);
    expect(lines[0]?.why).toMatch(/as a whole/);
    expect(await said("")).toEqual(["Where is order 17?"]);
    expect(await there()).toBe(0);
    expect(await forget("", { person: "slack:T2:U1" })).toEqual([]);
    await expect(forget("", { person: "Linus" })).rejects.toMatchObject({ code: "person_invalid" });
  });

  it("deletes at Telnyx what was created there though the answer was lost", async () => {
    await world.ask({ channel: "C3", name: "lost", question: "Hello?" });
    await openThere("C3");
    await world.bench.query("UPDATE conversation SET telnyx_id = NULL WHERE place LIKE '%C3%'");
    expect(brief(await forget("channel:lost"))).toEqual([["T1 › #lost", 1, "forgotten", "deleted"]]);
    expect(await there()).toBe(2);
  });

  it("goes on later where Telnyx is down, until it has deleted the conversation", async () => {
    const down = new TelnyxError("Telnyx is down", {
      code: "http_503",
      reason: "unavailable",
      reached: "unknown",
    });
    telnyx.refuse("deleteConversation", down);
    telnyx.refuse("deleteConversation", down);
    const [line] = await forget("channel:random");
    expect(line).toMatchObject({ local: "forgotten", telnyx: "later", why: "Telnyx is down" });
    expect(await due()).toEqual([]);
    expect(await fulfil(depsOf(), await due(30_000))).toMatchObject([{ turns: 0, telnyx: "later" }]);
    expect(await due(30_000)).toEqual([]);
    expect(await fulfil(depsOf(), await due(60_000))).toMatchObject([{ telnyx: "deleted" }]);
    expect([await there(), await due(1e9)]).toEqual([1, []]);
  });

  it("says what a legal hold keeps, and keeps it also from a wish that is under way", async () => {
    expect(await admin().hold(ROOT, "channel:support", true)).toBe(1);
    expect(brief(await forget(""))).toEqual([
      ["T1 › #support", 0, "held", "kept"],
      ["T1 › #random", 1, "forgotten", "deleted"],
    ]);
    expect(await said("")).toHaveLength(2);
    const dry = await forget("channel:support", { dry: true });
    expect(brief(dry)).toEqual([["T1 › #support", 2, "held", "kept"]]);
    expect(await admin().hold(ROOT, "channel:support", false)).toBe(1);
    expect(brief(await forget("channel:support"))).toEqual([["T1 › #support", 2, "forgotten", "deleted"]]);
  });

  it("comes to one end where two admins forget the same at once", async () => {
    const both = await Promise.all([forget(""), forget("")]);
    const turns = both.flat().reduce((sum, line) => sum + line.turns, 0);
    expect(turns).toBe(3);
    expect(both.flat().every(({ local, telnyx: at }) => local === "forgotten" && at !== "later")).toBe(true);
    expect([await there(), await due(1e9), await said("")]).toEqual([0, [], []]);
  });

  it("is done though nobody listens after the first line, and after a crash at any step", async () => {
    for await (const line of admin().forget(ROOT, { query: "", dry: false })) {
      expect(line.local).toBe("forgotten");
      break;
    }
    await fulfil(depsOf(), await due());
    expect([await there(), await said("")]).toEqual([0, []]);

    for (const step of ["erase", "clean", "cleaned", "done"] as const) {
      const question = `zebra ${step}`;
      await world.ask({ channel: `C-${step}`, question, telnyxId: await openThere(`C-${step}`) });
      const crashing: Erasure = {
        ...world.bench.erasure,
        [step]: async () => {
          throw new PatchcordError("database_failed", "it crashed");
        },
      };
      const lines = Array.fromAsync(admin(crashing).forget(ROOT, { query: "zebra", dry: false }));
      await expect(lines).rejects.toThrow("it crashed");
      expect(await due(), step).toHaveLength(1);
      await fulfil(depsOf(), await due());
      expect([await there(), await said("zebra"), await due(1e9)], step).toEqual([0, [], []]);
    }
  });
});

describe("what is forgotten", () => {
  it("is no more in the audit, which verifies, but for that it was forgotten", async () => {
    await admin().turns(ROOT, { query: "user:linus*" });
    await admin().turns(ROOT, { query: "order" });
    await admin().show(ROOT, { place: placeOf("C2"), generation: 1 });
    await forget("", { person: "slack:T1:U2" });
    await forget("channel:random");
    const { rows } = await world.bench.audit.list({ limit: 50 });
    expect(rows.toReversed().map(({ what, content }) => [what, content])).toEqual([
      ["turns", undefined],
      ["turns", "order"],
      ["show", undefined],
      ["forget", "person slack:T1:U2"],
      ["forget.end", ""],
      ["forget", "channel:random"],
      ["forget.end", ""],
    ]);
    expect(await world.bench.audit.verify()).toMatchObject({ kind: "whole", entries: 7, erased: 2 });
  });

  it("lies within what the viewer may forget", async () => {
    const grant: Grant = { where: inChannel("C1"), reads: "content", private: false };
    const some: Viewer = { ...viewer(grant), rights: new Set(["read", "forget", "hold"]) };
    await expect(forget("", { as: viewer(grant) })).rejects.toMatchObject({ code: "not_allowed" });
    await expect(admin().hold(viewer(grant), "", true)).rejects.toMatchObject({ code: "not_allowed" });
    expect(await admin().hold(some, "", true)).toBe(1);
    expect(await admin().hold(some, "", false)).toBe(1);
    expect(brief(await forget("", { as: some, dry: true }))).toEqual([
      ["T1 › #support", 2, "would_be", "would_be"],
    ]);
    expect(brief(await forget("", { as: some, person: "slack:T1:U2" }))).toEqual([
      ["T1 › #support", 1, "forgotten", "deleted"],
    ]);
    expect(await said("")).toEqual(["Where is order 17?", "A joke, please"].toReversed());
  });
});
