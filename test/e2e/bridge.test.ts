import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

let folder: string;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-e2e-"));
  stage = await openStage(join(folder, "e2e.db"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

/** The bot's messages in a Slack thread that are whole: the model has ended, and no draft mark is left. */
const slackReplies = (channel: string, threadTs: string) =>
  stage.slack
    .messages(channel, threadTs)
    .filter(({ user }) => user === stage.slack.bot.userId)
    .map(({ shown }) => shown.map(({ text }) => text).join("\n"));
const SYSTEM_THREAD_STARTER = 21;
const discordReplies = (channel: string) =>
  stage.discord
    .messages(channel)
    .filter(({ author, type }) => author.id === stage.discord.bot.id && type !== SYSTEM_THREAD_STARTER)
    .map(({ content }) => content);
const settledTurns = () => stage.lines.filter((line) => line.includes('"turn settled"')).length;
const turns = (count: number) => eventually(`${count} turns settled`, () => settledTurns() >= count);

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
/** The last thing that the model said in the platform's newest conversation, from Telnyx itself. */
async function answerAt(platform: string): Promise<string> {
  const get = async (path: string) => {
    const response = await fetch(stage.telnyx.url + path, {
      headers: { authorization: `Bearer ${stage.telnyx.apiKey}` },
    });
    return (await response.json()) as { data: { id: string; role: string; text: string; sent_at: string }[] };
  };
  const [conversation] = (
    await get(`/ai/conversations?metadata-%3Eplatform=eq.${platform}&order=created_at.desc`)
  ).data;
  const messages = (await get(`/ai/conversations/${conversation!.id}/messages?page%5Bsize%5D=100`)).data;
  return messages
    .filter(({ role }) => role === "assistant")
    .sort((a, b) => a.sent_at.localeCompare(b.sent_at))
    .at(-1)!.text;
}

describe("the bridge, from a Slack thread to Telnyx and back", () => {
  it("answers a mention in a thread, follows up without one, and remembers over a restart", async () => {
    const { slack, telnyx } = stage;
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support", topic: "Ask us" });
    await stage.start({ env: { DISCORD_TOKEN: "" } });

    const root = slack.say({
      channel,
      user: ada,
      text: `<@${slack.bot.userId}> my favourite colour is teal`,
    });
    await turns(1);
    expect(slackReplies(channel, root)).toHaveLength(1);

    slack.say({ channel, user: ada, text: "what did I ask first?", threadTs: root });
    await turns(2);
    expect(slackReplies(channel, root)[1]).toMatch(/teal/);

    await stage.app().stop();
    await stage.start({ env: { DISCORD_TOKEN: "" } });
    slack.say({ channel, user: ada, text: "what did I say first?", threadTs: root });
    await turns(3);
    expect(slackReplies(channel, root)[2]).toMatch(/teal/);

    const conversations = telnyx.requests.filter(
      ({ method, path }) => method === "POST" && path.endsWith("/ai/conversations"),
    );
    expect(conversations).toHaveLength(1);
    expect(JSON.parse(String(conversations[0]!.body))).toMatchObject({
      metadata: {
        app: "patchcord",
        platform: "slack",
        channel_name: "support",
        channel_topic: "Ask us",
        channel_kind: "public",
        started_by_name: "ada",
      },
    });
    const asked = telnyx.requests
      .filter(({ path }) => path.endsWith("/responses"))
      .map(({ body }) => JSON.parse(String(body)) as { instructions?: string });
    expect(asked.map(({ instructions }) => instructions !== undefined)).toEqual([true, false, false]);
    expect(telnyx.overlaps()).toBe(0);
  });

  it("answers in DMs, each thread for itself", async () => {
    const { slack } = stage;
    const dm = slack.openDm(slack.addUser({ name: "ada" }));
    await stage.start({ env: { DISCORD_TOKEN: "" } });
    const [ada] = slack.users().filter(({ name }) => name === "ada");
    const first = slack.say({ channel: dm, user: ada!.id, text: "the number is 42" });
    await turns(1);
    const second = slack.say({ channel: dm, user: ada!.id, text: "what did I say first?" });
    await turns(2);
    expect(slackReplies(dm, first)).toHaveLength(1);
    expect(slackReplies(dm, second)[0]).not.toMatch(/42/);
  });
});

describe("the bridge, from a Discord channel to Telnyx and back", () => {
  it("answers a mention in the channel and remembers over a restart", async () => {
    const { discord, telnyx } = stage;
    const ada = discord.addUser({ name: "ada", displayName: "Ada" });
    const channel = discord.addChannel({ name: "general" });
    await stage.start({ env: { SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" } });
    const mention = `<@${discord.bot.id}>`;

    const question = discord.say({
      channel,
      user: ada.id,
      content: `${mention} my favourite colour is teal`,
    });
    await turns(1);
    expect(discordReplies(channel)).toHaveLength(1);
    expect(discord.messages(channel).at(-1)?.replyTo).toBe(question);

    const reply = discord.messages(channel).at(-1)!;
    discord.say({ channel, user: ada.id, content: "what did I ask first?", replyTo: reply.id });
    await turns(2);
    expect(discordReplies(channel)[1]).toMatch(/teal/);

    await stage.app().stop();
    await stage.start({ env: { SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" } });
    discord.say({ channel, user: ada.id, content: `${mention} what did I say first?` });
    await turns(3);
    expect(discordReplies(channel)[2]).toMatch(/teal/);
    expect(
      telnyx.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/ai/conversations")),
    ).toHaveLength(1);
  });

  it("opens a thread for each question where it is set up so, and goes on there without a mention", async () => {
    const { discord } = stage;
    const ada = discord.addUser({ name: "ada" });
    const channel = discord.addChannel({ name: "general" });
    await stage.start({
      env: { SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" },
      yaml: "discord: { reply: thread }",
    });
    const question = discord.say({ channel, user: ada.id, content: `<@${discord.bot.id}> the code is 7731` });
    await turns(1);
    expect(discordReplies(channel)).toEqual([]);
    expect(discordReplies(question)).toHaveLength(1);
    discord.say({ channel: question, user: ada.id, content: "what did I say first?" });
    await turns(2);
    expect(discordReplies(question)[1]).toMatch(/7731/);
  });
});

describe("both platforms at once", () => {
  it("show a long answer growing by edits, in pages that hold all of it, and notify nobody", async () => {
    const { slack, discord } = stage;
    const person = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const ada = discord.addUser({ name: "ada" });
    const general = discord.addChannel({ name: "general" });
    await stage.start();
    const wish = "write 900 words";
    const root = slack.say({ channel, user: person, text: `<@${slack.bot.userId}> ${wish}` });
    discord.say({ channel: general, user: ada.id, content: `<@${discord.bot.id}> ${wish}` });
    await eventually("two turns settled", () => settledTurns() >= 2, 60_000);

    expect(discordReplies(general).length).toBeGreaterThan(2);
    // What the model said, word by word, against what stands on screen: the pages joined are the whole of it.
    const [slackAnswer, discordAnswer] = await Promise.all([answerAt("slack"), answerAt("discord")]);
    expect(words(slackReplies(channel, root).join("\n"))).toEqual(words(slackAnswer));
    expect(words(discordReplies(general).join("\n"))).toEqual(words(discordAnswer));
    const edited = slack.messages(channel, root).filter(({ user }) => user === slack.bot.userId);
    expect(edited[0]!.edits).toBeGreaterThan(0);
    expect(edited.every(({ edited: mark }) => !mark)).toBe(true);
    expect(slack.calls.filter(({ status }) => status === 429)).toEqual([]);

    slack.say({ channel, user: person, text: `<@${slack.bot.userId}> ping everyone`, threadTs: root });
    discord.say({ channel: general, user: ada.id, content: `<@${discord.bot.id}> ping everyone` });
    await eventually("four turns settled", () => settledTurns() >= 4, 60_000);
    expect(slack.notifications).toEqual([]);
    expect(slack.unfurls).toEqual([]);
    expect(discord.notifications.filter(({ authorId }) => authorId === discord.bot.id)).toEqual([]);
    expect(discord.unfurlings.filter(({ authorId }) => authorId === discord.bot.id)).toEqual([]);
  });

  it("never write a secret to the log, nor message text above debug", async () => {
    const { slack, discord, telnyx } = stage;
    const person = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    await stage.start();
    slack.say({ channel, user: person, text: `<@${slack.bot.userId}> the password is hunter2` });
    await turns(1);
    const all = stage.lines.join("");
    for (const secret of [slack.botToken, slack.appToken, discord.token, telnyx.apiKey])
      expect(all).not.toContain(secret);
    const above = stage.lines.filter((line) => (JSON.parse(line) as { level: number }).level > 20);
    expect(above.join("")).not.toContain("hunter2");
  });
});
