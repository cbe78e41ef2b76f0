import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Piece } from "../../src/sandbox/telnyx/script.ts";
import { openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(":memory:");
});
afterEach(() => stage.close());

const settled = () => stage.lines.filter((line) => line.includes('"turn settled"')).length;

describe("an answer that took longer than the setting", () => {
  it("ends with a mention of who asked and a link to it, on both platforms, and not where it is off", async () => {
    const { slack, discord, telnyx } = stage;
    telnyx.play(async function* (): AsyncGenerator<Piece> {
      yield { kind: "text", text: "Half" };
      yield { kind: "wait", ms: 1_500 };
      yield { kind: "text", text: " and half, @everyone." };
    });
    const ada = slack.addUser({ name: "ada" });
    const [told, quiet] = ["support", "quiet"].map((name) => slack.addChannel({ name })) as [string, string];
    const bob = discord.addUser({ name: "bob" });
    const general = discord.addChannel({ name: "general" });
    await stage.start({
      yaml: `notify_after_seconds: 1\nchannels: { ${quiet}: { notify_after_seconds: 0 } }`,
    });
    const ask = (channel: string) => slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> go on` });
    const roots = [told, quiet].map(ask);
    discord.say({ channel: general, user: bob.id, content: `<@${discord.bot.id}> go on` });
    await eventually("three turns settled", () => settled() >= 3);

    const shown = [told, quiet].map((channel, i) =>
      slack.messages(channel, roots[i]).filter(({ user }) => user === slack.bot.userId),
    );
    expect(shown.map(({ length }) => length)).toEqual([2, 1]);
    const [answer, nudge] = shown[0]!;
    const path = `/archives/${told}/p${answer!.ts.replace(".", "")}`;
    expect(nudge!.shown.map(({ text }) => text).join("")).toContain(`<@${ada}> <`);
    expect(nudge!.shown.map(({ text }) => text).join("")).toContain(`${path}?thread_ts=${roots[0]}`);
    expect(slack.notifications).toMatchObject([{ channel: told, ts: nudge!.ts, mention: `<@${ada}>` }]);
    expect(slack.unfurls).toEqual([]);

    const [reply, call, ...more] = discord
      .messages(general)
      .filter(({ author }) => author.id === discord.bot.id);
    expect([call!.content, more]).toEqual([
      `<@${bob.id}> [Your answer is complete.](https://discord.com/channels/${discord.guild.id}/${general}/${reply!.id})`,
      [],
    ]);
    expect(discord.notifications.filter(({ authorId }) => authorId === discord.bot.id)).toMatchObject([
      { users: [bob.id] },
    ]);
  });
});
