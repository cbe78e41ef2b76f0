import { describe, expect, test } from "vitest";
import { draft, postKey } from "../contracts/platform-bench.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { startBench } from "./kit.ts";

/** Sends a message's event as it is documented (docs.discord.com, Message Resource), past what the twin would make of it. */
function dispatch(twin: DiscordTwin, part: { author: { id: string } } & Record<string, unknown>): string {
  const id = "1574000000000000001";
  twin.gateway.dispatch("MESSAGE_CREATE", {
    id,
    type: 0,
    content: "hello",
    timestamp: "2026-11-22T10:00:00.000000+00:00",
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    guild_id: twin.guild.id,
    ...part,
    author: { username: "somebody", discriminator: "0", avatar: null, global_name: null, ...part.author },
  });
  return id;
}

describe("what a person posts", () => {
  test("in a channel comes with everything that is known of it", async () => {
    await using bench = await startBench();
    const { twin, person } = bench;
    const category = twin.addChannel({ name: "Community", kind: "category" });
    const channel = twin.addChannel({ name: "help", topic: "Ask here", parent: category });
    const bo = twin.addUser({ name: "bo", displayName: "Bo" });
    const role = twin.addRole({ name: "Support" });
    const content = `<@${twin.bot.id}> ask <@${bo.id}> of <@&${role}> in <#${channel}> <:wave:123456789012345678>`;
    const id = twin.say({ channel, user: person, content });
    const message = await bench.heard(id);
    expect(message).toMatchObject({
      key: `discord:${channel}:${id}`,
      place: `discord:${twin.guild.id}:${channel}`,
      author: { id: person, name: "Ana Lima", kind: "person" },
      text: "ask @Bo of @Support in #help :wave:",
      call: {
        mentionsBot: true,
        repliesToBot: false,
        mentionsOthers: false,
        inThread: false,
        startsPlace: false,
      },
      where: {
        workspaceId: twin.guild.id,
        workspaceName: twin.guild.name,
        channelId: channel,
        channelName: "help",
        channelKind: "public",
        channelTopic: "Ask here",
        parentChannel: "Community",
      },
    });
    expect(Math.abs(message.sentAt - Date.now())).toBeLessThan(60_000);
  });

  test("in a channel that is not for everyone is private", async () => {
    await using bench = await startBench();
    const { twin, person } = bench;
    const view = 1n << 10n;
    const overwrites = [
      { id: twin.guild.id, of: "role", deny: view },
      { id: twin.bot.id, of: "member", allow: view },
    ] as const;
    const channel = twin.addChannel({ name: "staff", overwrites });
    const message = await bench.heard(twin.say({ channel, user: person, content: "hi" }));
    expect(message.where.channelKind).toBe("private");
  });

  test("in a thread has the thread as its place, also when the thread was archived before the start", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const live = twin.addThread({ channel, name: "Live" });
    const first = await bench.heard(twin.say({ channel: live, user: person, content: "hi" }));
    twin.changeChannel(live, { archived: true });
    await bench.platform.stop();

    await using later = await startBench({}, twin);
    const second = await later.heard(twin.say({ channel: live, user: person, content: "still there?" }));
    for (const message of [first, second]) {
      expect(message).toMatchObject({
        place: `discord:${twin.guild.id}:${channel}:${live}`,
        call: { inThread: true },
        where: { channelId: channel, channelName: "general", threadId: live, threadName: "Live" },
      });
    }
  });

  test("in a thread that Discord has told nothing of but its id is placed all the same", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const thread = twin.addThread({ channel, name: "Old" });
    twin.changeChannel(thread, { archived: true });
    await using later = await startBench({}, twin);
    const message = await later.heard(
      dispatch(twin, { channel_id: thread, channel_type: 11, author: { id: person } }),
    );
    expect(message).toMatchObject({
      place: `discord:${twin.guild.id}:${channel}:${thread}`,
      where: { channelId: channel, threadName: "Old" },
    });
  });

  test("directly comes with the person, though nobody spoke there before", async () => {
    await using bench = await startBench();
    const { twin, person } = bench;
    const dm = twin.openDm(person);
    const message = await bench.heard(twin.say({ channel: dm, user: person, content: "hello" }));
    expect(message).toMatchObject({
      place: `discord:@me:${dm}`,
      author: { name: "Ana Lima" },
      where: { workspaceId: "@me", channelId: dm, channelKind: "dm" },
    });
    await bench.platform.post(message.place, draft("hi"), postKey(0));
    expect(twin.messages(dm).map(({ content }) => content)).toEqual(["hello", "hi"]);
  });

  test("in a forum starts its place, and what follows does not", async () => {
    await using bench = await startBench();
    const { twin, person } = bench;
    const forum = twin.addChannel({ name: "questions", kind: "forum" });
    const post = twin.postInForum({ forum, user: person, title: "Cords", content: "Which one?" });
    const starter = await bench.heard(post);
    expect(starter).toMatchObject({
      place: `discord:${twin.guild.id}:${forum}:${post}`,
      call: { inThread: false, startsPlace: true },
      where: { channelId: forum, parentChannel: "questions", threadName: "Cords" },
    });
    const next = await bench.heard(twin.say({ channel: post, user: person, content: "Anyone?" }));
    expect(next).toMatchObject({ place: starter.place, call: { inThread: true, startsPlace: false } });
  });

  test("as a reply tells whom it answers", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const bo = twin.addUser({ name: "bo" }).id;
    const asked = await bench.heard(twin.say({ channel, user: person, content: "hi" }));
    const answer = await bench.platform.post(asked.place, draft("hello"), postKey(0));
    const toBot = await bench.heard(twin.say({ channel, user: bo, content: "thanks", replyTo: answer }));
    expect(toBot.call).toMatchObject({ repliesToBot: true, mentionsBot: false, mentionsOthers: false });
    const toAna = await bench.heard(twin.say({ channel, user: bo, content: "hey", replyTo: asked.id }));
    expect(toAna.call).toMatchObject({ repliesToBot: false, mentionsOthers: true });
  });

  test("that mentions the bot's own role mentions the bot", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const url = `${twin.apiUrl}/v10/guilds/${twin.guild.id}/roles`;
    const headers = { authorization: `Bot ${twin.token}`, "user-agent": "DiscordBot (test, 1)" };
    const roles = (await (await fetch(url, { headers })).json()) as { id: string; tags?: object }[];
    const own = roles.find(({ tags }) => tags)!.id;
    const message = await bench.heard(twin.say({ channel, user: person, content: `<@&${own}> hello` }));
    expect(message).toMatchObject({ text: "hello", call: { mentionsBot: true } });
  });

  test("by forwarding brings the text that was forwarded", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const forward = twin.say({ channel, user: person, content: "the original" });
    const message = await bench.heard(twin.say({ channel, user: person, content: "", forward }));
    expect(message.text).toBe("> the original");
  });
});

describe("what is no question", () => {
  test("other bots and webhooks are told apart, and Discord itself says nothing", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const other = twin.addUser({ name: "beep", bot: true }).id;
    await bench.heard(twin.say({ channel, user: other, content: "from a bot" }));
    await bench.heard(twin.say({ channel, user: person, webhook: "CI", content: "from a webhook" }));
    // Discord does not promise that a webhook's author is marked as a bot.
    const webhook = { webhook_id: "1574000000000000009", author: { id: "1574000000000000009" } };
    const bare = await bench.heard(
      dispatch(twin, { channel_id: channel, content: "from a webhook", ...webhook }),
    );
    expect(bare.author.kind).toBe("bot");
    for (const type of [6, 7, 18]) twin.say({ channel, user: person, type, content: "" });
    await bench.heard(twin.say({ channel, user: person, content: "from a person" }));
    expect(bench.received.map(({ text, author }) => [text, author.kind])).toEqual([
      ["from a bot", "bot"],
      ["from a webhook", "bot"],
      ["from a webhook", "bot"],
      ["from a person", "person"],
    ]);
  });

  test("edits, previews, pins and reactions are no new messages", async () => {
    await using bench = await startBench();
    const { twin, person, channel } = bench;
    const id = twin.say({ channel, user: person, content: "one https://example.com" });
    await bench.heard(id);
    twin.unfurl(channel, id);
    twin.edit(channel, id, "one, changed");
    twin.pin(channel, id, true);
    twin.react(channel, id, { user: person, emoji: "👍" });
    twin.type(channel, person);
    twin.delete(channel, id);
    await bench.heard(twin.say({ channel, user: person, content: "two" }));
    expect(bench.received).toHaveLength(2);
  });
});

describe("without the message content intent", () => {
  test("mentions and direct messages are read, and nothing else; the warning says so", async () => {
    await using bench = await startBench({ twin: { privilegedIntents: [] } });
    const { twin, person, channel } = bench;
    const plain = await bench.heard(twin.say({ channel, user: person, content: "not for the bot" }));
    expect(plain).toMatchObject({ text: "", call: { mentionsBot: false } });
    const mention = await bench.heard(
      twin.say({ channel, user: person, content: `<@${twin.bot.id}> for the bot` }),
    );
    expect(mention).toMatchObject({ text: "for the bot", call: { mentionsBot: true } });
    const dm = await bench.heard(
      twin.say({ channel: twin.openDm(person), user: person, content: "directly" }),
    );
    expect(dm.text).toBe("directly");
    expect(bench.platform.warnings).toEqual([expect.stringContaining("message content intent is off")]);
  });

  test("nothing is warned of where it is granted", async () => {
    await using bench = await startBench();
    expect(bench.platform.warnings).toEqual([]);
  });
});
