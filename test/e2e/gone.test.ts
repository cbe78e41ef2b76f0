import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

let folder: string;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-gone-"));
  stage = await openStage(join(folder, "gone.db"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

/** Of each turn that ended, how it did, oldest first. */
const outcomes = () =>
  stage.lines
    .filter((line) => line.includes('"turn settled"'))
    .map((line) => /"outcome":"(\w+)"/.exec(line)?.[1]);
const settled = (count: number) => eventually(`${count} turns settled`, () => outcomes().length >= count);

describe("a question that waits for its turn, and is changed or deleted meanwhile,", () => {
  it("is answered once or its turn says why not, on both platforms, and the next one has its turn", async () => {
    const { slack, discord, telnyx } = stage;
    const { letGo } = holdAnswers(telnyx);
    const ada = { slack: slack.addUser({ name: "ada" }), discord: discord.addUser({ name: "ada" }).id };
    const room = { slack: slack.addChannel({ name: "a" }), discord: discord.addChannel({ name: "a" }) };
    const mention = { slack: `<@${slack.bot.userId}>`, discord: `<@${discord.bot.id}>` };
    await stage.start();
    const root = slack.say({ channel: room.slack, user: ada.slack, text: `${mention.slack} go on` });
    const onSlack = (text: string) =>
      slack.say({ channel: room.slack, user: ada.slack, text, threadTs: root });
    const onDiscord = (text: string) =>
      discord.say({ channel: room.discord, user: ada.discord, content: `${mention.discord} ${text}` });
    const onSlackReplies = () =>
      slack.messages(room.slack, root).filter(({ user }) => user === slack.bot.userId);
    const onDiscordReplies = () =>
      discord.messages(room.discord).filter(({ author }) => author.id === discord.bot.id);
    onDiscord("go on");
    await eventually("both are being answered", () => telnyx.live() === 2);

    const [changed, deleted] = [onSlack("say thanks"), onSlack("never mind")];
    const [changedToo, deletedToo] = [onDiscord("say thanks"), onDiscord("never mind")];
    await eventually(
      "all are stored",
      () => stage.lines.filter((line) => line.includes('"message addressed"')).length >= 6,
    );
    slack.edit(room.slack, changed, "say thanks, please");
    slack.delete(room.slack, deleted);
    discord.edit(room.discord, changedToo, `${mention.discord} say thanks, please`);
    discord.delete(room.discord, deletedToo);
    letGo();
    await settled(6);
    onSlack("and now?");
    onDiscord("and now?");
    await settled(8);
    expect(outcomes()).toEqual(Array.from({ length: 8 }, () => "done"));
    expect([onSlackReplies().length, onDiscordReplies().length]).toEqual([4, 4]);
  });

  it("as a whole thread or channel, ends its turn, and nothing goes on for ever", async () => {
    const { slack, discord, telnyx } = stage;
    const { letGo } = holdAnswers(telnyx);
    const ada = { slack: slack.addUser({ name: "ada" }), discord: discord.addUser({ name: "ada" }).id };
    const room = slack.addChannel({ name: "a" });
    const doomed = discord.addChannel({ name: "a" });
    await stage.start();
    const root = slack.say({
      channel: room,
      user: ada.slack,
      text: `<@${slack.bot.userId}> go on`,
    });
    discord.say({ channel: doomed, user: ada.discord, content: `<@${discord.bot.id}> go on` });
    await eventually("both are being answered", () => telnyx.live() === 2);
    slack.delete(room, root);
    discord.deleteChannel(doomed);
    letGo();
    await settled(2);
    expect(telnyx.live()).toBe(0);
    const again = slack.say({ channel: room, user: ada.slack, text: `<@${slack.bot.userId}> and now?` });
    await settled(3);
    expect(outcomes().at(-1)).toBe("done");
    expect(slack.messages(room, again).filter(({ user }) => user === slack.bot.userId)).toHaveLength(1);
  });
});
