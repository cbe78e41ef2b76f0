import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPage } from "../../src/slack/format.ts";
import { parseEvent, toMessage } from "../../src/slack/parse.ts";
import { readPost } from "../../src/slack/post.ts";
import { bodyOf, context, self } from "./kit.ts";

const parse = (event: Record<string, unknown>) => parseEvent(bodyOf(event), context);

describe("what a person says", () => {
  test("at the top of a channel is the beginning of the thread that will hang on it", () => {
    expect(parse({ text: "<@U0BOT> hello" })).toEqual({
      key: "slack:T1:C1:1700000000.000100",
      platform: "slack",
      place: "slack:T1:C1:1700000000.000100",
      id: "1700000000.000100",
      sentAt: 1_700_000_000_000,
      author: { id: "U1", name: "Ada", kind: "person" },
      text: "hello",
      call: {
        mentionsBot: true,
        repliesToBot: false,
        mentionsOthers: false,
        inThread: false,
        startsPlace: true,
      },
      where: {
        workspaceId: "T1",
        workspaceName: "Acme",
        channelId: "C1",
        channelName: "general",
        channelTopic: "All",
        channelKind: "public",
        threadId: "1700000000.000100",
      },
    });
  });

  test("as app_mention and as message is one, whichever comes first", () => {
    const message = parse({ text: "<@U0BOT> hello", client_msg_id: "x" });
    const mention = parse({
      text: "<@U0BOT> hello",
      type: "app_mention",
      channel_type: undefined,
      event_ts: "9",
    });
    expect(mention).toEqual(message);
  });

  test("in a thread belongs to that thread, broadcast or not", () => {
    for (const subtype of [undefined, "thread_broadcast"]) {
      const message = parse({ subtype, thread_ts: "1600000000.000001" });
      expect(message?.place).toBe("slack:T1:C1:1600000000.000001");
      expect(message?.call).toMatchObject({ inThread: true, startsPlace: false });
    }
    expect(parse({ thread_ts: "1700000000.000100" })?.call).toMatchObject({
      inThread: false,
      startsPlace: true,
    });
  });

  test("in a direct message starts its thread, or goes on in the one place", () => {
    const dm = { channel: "D1", channel_type: "im" };
    const one = { ...context, dm: "one" as const };
    expect(parse(dm)).toMatchObject({
      place: "slack:T1:D1:1700000000.000100",
      call: { startsPlace: true },
      where: { channelKind: "dm" },
    });
    const inOne = parseEvent(bodyOf(dm), one);
    expect(inOne).toMatchObject({ place: "slack:T1:D1", call: { startsPlace: false } });
    expect(inOne?.where).not.toHaveProperty("threadId");
    // On what is said outside of threads, a thread may hang.
    expect(parseEvent(bodyOf({ ...dm, thread_ts: "1700000000.000100" }), one)?.place).toBe("slack:T1:D1");
    expect(parseEvent(bodyOf({ ...dm, thread_ts: "1600000000.000001" }), one)?.place).toBe(
      "slack:T1:D1:1600000000.000001",
    );
    expect(parseEvent(bodyOf({}), one)?.place).toBe("slack:T1:C1:1700000000.000100");
  });

  test("tells whom it mentions", () => {
    const calls = (text: string) => {
      const call = parse({ text })?.call;
      return [call?.mentionsBot, call?.mentionsOthers];
    };
    expect(calls("hello")).toEqual([false, false]);
    expect(calls("<@U0BOT> and <@U2>")).toEqual([true, false]);
    expect(calls("<@U2> what do you think?")).toEqual([false, true]);
    expect(calls("<!here> lunch")).toEqual([false, true]);
    expect(calls("<!subteam^S1|@crew> lunch")).toEqual([false, true]);
    expect(calls("<#C1> <!date^1^{date}|x> <https://a.b>")).toEqual([false, false]);
  });

  test("loses the mention that calls the bot, and no other", () => {
    const texts = (text: string) => parse({ text })?.text;
    expect(texts("<@U0BOT>: <@U0BOT> hello")).toBe("hello");
    expect(texts("hello, <@U0BOT>")).toBe("hello");
    expect(texts("are you there <@U0BOT> ?")).toBe("are you there?");
    expect(texts("ask <@U0BOT> and <@U2>")).toBe("ask @patchcord and @Bob");
    expect(texts("<@U0BOT>")).toBe("");
  });

  test("is read from its blocks, where they say more than its text", () => {
    const bold = { type: "text", text: "not *bold*" };
    const user = { type: "user", user_id: "U0BOT" };
    const elements = [{ type: "rich_text_section", elements: [user, { type: "text", text: " " }, bold] }];
    const message = parse({
      text: "This message contains interactive elements.",
      blocks: [{ type: "rich_text", elements }],
    });
    expect(message).toMatchObject({ text: "not *bold*", call: { mentionsBot: true } });
  });

  test("names the files that come with it", () => {
    const message = parse({ subtype: "file_share", text: "see", files: [{ name: "a.png" }, { id: "F1" }] });
    expect(message?.text).toBe("see\n[attached file: a.png]\n[attached file: unnamed]");
  });
});

describe("what is nobody's question", () => {
  const others = [
    "message_changed",
    "message_deleted",
    "channel_join",
    "channel_topic",
    "tombstone",
    "message_replied",
  ];
  test.each(others)("%s is no message", (subtype) => {
    expect(parse({ subtype, message: { text: "x" }, hidden: true })).toBeUndefined();
    expect(parse({ subtype })).toBeUndefined();
    expect(parse({ hidden: true })).toBeUndefined();
  });

  test("the bot's own posts are none, however they come", () => {
    expect(parse({ user: "U0BOT" })).toBeUndefined();
    expect(parse({ user: undefined, bot_id: "B0BOT", subtype: "bot_message" })).toBeUndefined();
    expect(parse({ user: undefined, bot_profile: { id: "B0BOT" } })).toBeUndefined();
  });

  test("another bot's post is a bot's", () => {
    const legacy = parse({ user: undefined, bot_id: "B7", subtype: "bot_message", username: "CI" });
    expect(legacy?.author).toEqual({ id: "B7", name: "CI", kind: "bot" });
    const modern = parse({ user: "U7", bot_id: "B7", bot_profile: { name: "CI" } });
    expect(modern?.author).toEqual({ id: "U7", name: "CI", kind: "bot" });
    expect(parse({ user: "USLACKBOT" })?.author.kind).toBe("bot");
  });

  test("its own post in the history is its own, and reads as it was written", () => {
    const { text, blocks } = formatPage("say `<!here>` to **all**");
    const raw = { type: "message", ts: "1700000000.000100", user: "U0BOT", text, blocks };
    const post = readPost(raw, { team: "T1", channel: "C1" });
    expect(post && toMessage(post, context)).toMatchObject({
      author: { id: "U0BOT", name: "patchcord", kind: "self" },
      text: "say `<!here>` to **all**",
    });
  });
});

describe("any JSON", () => {
  const junk = fc.jsonValue({ maxDepth: 2 });
  const ts = fc.constantFrom("1700000000.000100", "1600000000.000001");
  const leaf = fc.record(
    {
      type: fc.constantFrom("text", "user", "link", "emoji", "broadcast", "date", "channel", "usergroup"),
      text: fc.oneof(fc.string(), junk),
      user_id: fc.constantFrom("U1", "U0BOT", 3),
      style: fc.oneof(fc.constant({ bold: true, code: true }), junk),
      unicode: fc.oneof(fc.constant("1f604"), fc.string()),
      timestamp: fc.oneof(fc.double(), junk),
    },
    { requiredKeys: ["type"] },
  );
  const part = fc.record({
    type: fc.constantFrom("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"),
    elements: fc.oneof(fc.array(leaf), fc.array(fc.record({ elements: fc.array(leaf) })), junk),
    indent: fc.oneof(fc.integer(), junk),
    offset: fc.oneof(fc.integer(), junk),
  });
  const blocks = fc.array(
    fc.oneof(fc.record({ type: fc.constant("rich_text"), elements: fc.array(part) }), junk),
  );
  const event = fc.record(
    {
      type: fc.constantFrom("message", "message", "app_mention", "reaction_added"),
      channel: fc.oneof({ weight: 20, arbitrary: fc.constantFrom("C1", "D1") }, junk),
      channel_type: fc.oneof(fc.constantFrom("channel", "im", "mpim", "group"), junk),
      ts: fc.oneof({ weight: 20, arbitrary: ts }, junk),
      thread_ts: fc.oneof({ weight: 20, arbitrary: ts }, junk),
      user: fc.oneof(fc.constantFrom("U1", "U0BOT"), junk),
      bot_id: fc.oneof(fc.constantFrom("B1", "B0BOT"), junk),
      text: fc.oneof(fc.constantFrom("<@U0BOT> hi", "<@U1> <!here>"), fc.string(), junk),
      subtype: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        fc.constantFrom("file_share", "message_changed"),
        junk,
      ),
      blocks: fc.oneof(blocks, junk),
      files: fc.oneof(fc.array(fc.record({ name: junk })), junk),
      attachments: junk,
    },
    { requiredKeys: ["type", "channel", "ts"] },
  );
  const body = fc.oneof(
    { weight: 6, arbitrary: fc.record({ team_id: fc.constant("T1"), event }) },
    { weight: 1, arbitrary: fc.record({ team_id: junk, event: junk }) },
    { weight: 1, arbitrary: junk },
  );

  test("is a message or none, never an error; and never one of the bot's", () => {
    let parsed = 0;
    let mentions = 0;
    fc.assert(
      fc.property(body, (given) => {
        const message = parseEvent(given, context);
        if (!message) return;
        parsed += 1;
        mentions += Number(message.call.mentionsBot);
        expect(message.author.id).not.toBe(self.botUserId);
        expect(message.place).toMatch(/^slack:T1:[A-Z0-9]+(:\d+\.\d+)?$/);
        expect(JSON.parse(JSON.stringify(message))).toEqual(message);
        expect(message.text).not.toMatch(/[\uFDD0-\uFDEF]/u);
      }),
      { numRuns: 1_000 },
    );
    expect(parsed).toBeGreaterThan(150);
    expect(mentions).toBeGreaterThan(15);
  });
});
