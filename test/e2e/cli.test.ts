import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { patchcordIn } from "../cli/said.ts";
import { openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let stage: Stage;
beforeEach(async () => {
  stage = await openStage(join(folder, "patchcord.db"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

it("an admin beside the running bot finds what was asked a moment ago, with its cost and its link, here and at Telnyx", async () => {
  const { slack, variables } = stage;
  const bob = slack.addUser({ name: "bob" });
  const channel = slack.addChannel({ name: "support" });
  await stage.start();
  const patchcord = (...words: string[]) => patchcordIn(variables, words);
  const ts = slack.say({ channel, user: bob, text: `<@${slack.bot.userId}> where is my parcel?` });
  await eventually("the turn is settled", () => stage.lines.some((line) => line.includes('"turn settled"')));

  const listed = await patchcord("conversations", "list", "channel:support after:7d");
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(listed.out).toMatch(/ › #support › where is my parcel\? +bob +1 .*\$0\.\d{4}/);
  const turn = JSON.parse((await patchcord("turns", "parcel", "--jsonl")).out) as Record<string, unknown>;
  expect(turn).toMatchObject({
    status: "done",
    model: "moonshotai/Kimi-K2.6",
    cost: expect.any(Number),
    content: { question: "where is my parcel?" },
    link: expect.stringMatching(new RegExp(`^https?://.*/archives/${channel}/p${ts.replace(".", "")}`)),
  });
  const there = await patchcord("conversations", "show", "channel:support", "--telnyx");
  expect(there.out).toMatch(/app: patchcord[^]*where is my parcel\?/);
  expect((await patchcord("conversations", "sync")).err).toBe("Nothing differs.\n");
});
