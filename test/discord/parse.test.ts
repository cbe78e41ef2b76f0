import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePlace } from "../../src/discord/place.ts";
import { parse, type Seen, type SeenChannel, type Self } from "../../src/discord/parse.ts";
import { richText, snowflake } from "./arbitraries.ts";

const self: Self = { id: "7", role: "70" };

const category: SeenChannel = { id: "30", type: 4, name: "Community", isPublic: true };
const general: SeenChannel = {
  id: "40",
  type: 0,
  name: "general",
  topic: "Anything goes",
  isPublic: true,
  parent: category,
};
const thread: SeenChannel = { id: "50", type: 11, name: "Patch cords", isPublic: true, parent: general };
const forum: SeenChannel = { id: "41", type: 15, name: "help", isPublic: true, parent: category };

function seen(part: Partial<Seen> = {}): Seen {
  return {
    id: "100",
    type: 0,
    sentAt: 1_795_000_000_000,
    content: "hello",
    forwarded: [],
    author: { id: "1", name: "Ana Lima", bot: false },
    mentionsEveryone: false,
    channel: general,
    guild: { id: "20", name: "Telnyx" },
    names: { users: { "7": "Patchcord", "2": "Bo" }, roles: {}, channels: {} },
    ...part,
  };
}

const parsed = (part: Partial<Seen> = {}, reply: "channel" | "thread" = "channel") =>
  parse(seen(part), self, reply);
const callOf = (part: Partial<Seen>) => parsed(part)?.call;

describe("parse", () => {
  test("takes a channel's message as it is", () => {
    expect(parsed({ content: "<@7> ask <@2>" })).toEqual({
      key: "discord:40:100",
      platform: "discord",
      place: "discord:20:40",
      id: "100",
      sentAt: 1_795_000_000_000,
      author: { id: "1", name: "Ana Lima", kind: "person" },
      text: "ask @Bo",
      call: {
        mentionsBot: true,
        repliesToBot: false,
        mentionsOthers: false,
        inThread: false,
        startsPlace: false,
      },
      where: {
        workspaceId: "20",
        workspaceName: "Telnyx",
        channelId: "40",
        channelName: "general",
        channelKind: "public",
        channelTopic: "Anything goes",
        parentChannel: "Community",
      },
    });
  });

  test.each([0, 19, 20, 23])("takes what was said: type %i", (type) => {
    expect(parsed({ type })).toBeDefined();
  });

  test.each([1, 3, 6, 7, 8, 12, 18, 21, 22, 24, 46])("ignores what Discord says: type %i", (type) => {
    expect(parsed({ type })).toBeUndefined();
  });

  test("tells people, bots and itself apart", () => {
    const kind = (id: string, bot: boolean) => parsed({ author: { id, name: "x", bot } })?.author.kind;
    expect([kind("1", false), kind("2", true), kind("7", true)]).toEqual(["person", "bot", "self"]);
  });

  test("brings the text of a forwarded message, quoted", () => {
    expect(parsed({ content: "", forwarded: ["first <@2>\nsecond"] })?.text).toBe("> first @Bo\n> second");
    expect(parsed({ content: "<@7> why?", forwarded: ["x", " "] })?.text).toBe("why?\n\n> x");
  });
});

describe("the call", () => {
  test.each(["<@7> hi", "<@!7> hi", "hi <@&70>", "hi, <@7>, how are you?"])("is a mention: %j", (content) => {
    expect(callOf({ content })).toMatchObject({ mentionsBot: true, mentionsOthers: false });
  });

  test.each(["hi", "`<@7>`", "<@70>", "<@&7>", "@Patchcord"])("is no mention: %j", (content) => {
    expect(callOf({ content })?.mentionsBot).toBe(false);
  });

  test("a reply to the bot is a reply and no mention, though Discord pings for it", () => {
    expect(callOf({ type: 19, repliedTo: "7" })).toMatchObject({
      mentionsBot: false,
      repliesToBot: true,
      mentionsOthers: false,
    });
  });

  test.each([
    [{ content: "<@2> look" }, true],
    [{ content: "<@&80> look" }, true],
    [{ mentionsEveryone: true }, true],
    [{ type: 19, repliedTo: "2" }, true],
    [{ type: 19, repliedTo: "1" }, false],
    [{ content: "<@2> ask <@7>" }, false],
    [{ content: "<@2> look", type: 19, repliedTo: "7" }, false],
    [{}, false],
  ])("knows whether somebody else is meant: %j", (part, others) => {
    expect(callOf(part)?.mentionsOthers).toBe(others);
  });
});

describe("the place", () => {
  test("of a thread's message is the thread, its channel that of the thread", () => {
    const message = parsed({ channel: thread });
    expect(message).toMatchObject({ key: "discord:50:100", place: "discord:20:40:50" });
    expect(message?.call).toMatchObject({ inThread: true, startsPlace: false });
    expect(message?.where).toMatchObject({
      channelId: "40",
      channelName: "general",
      parentChannel: "Community",
      threadId: "50",
      threadName: "Patch cords",
    });
  });

  test("with a thread for each question is the thread that will hang on it, and what follows there is the same", () => {
    const question = parsed({ id: "50" }, "thread");
    expect(question).toMatchObject({
      key: "discord:40:50",
      place: "discord:20:40:50",
      call: { inThread: false, startsPlace: true },
      where: { channelId: "40", threadId: "50" },
    });
    expect(question?.where).not.toHaveProperty("threadName");
    expect(parsed({ channel: thread }, "thread")?.place).toBe(question?.place);
  });

  test.each([2, 13])("stays the channel where no thread can hang on a message: type %i", (type) => {
    expect(parsed({ channel: { ...general, type } }, "thread")?.place).toBe("discord:20:40");
  });

  test("of a forum's post is its thread, and the post's first message starts it", () => {
    const post = { ...thread, parent: forum };
    expect(parsed({ id: "50", channel: post })).toMatchObject({
      place: "discord:20:41:50",
      call: { inThread: false, startsPlace: true },
      where: { channelId: "41", channelName: "help", parentChannel: "help", threadName: "Patch cords" },
    });
    expect(parsed({ channel: post })?.call).toMatchObject({ inThread: true, startsPlace: false });
  });

  test("of a direct message is the DM", () => {
    const { guild: _, ...part } = seen({ channel: { id: "60", type: 1, isPublic: false } });
    for (const reply of ["channel", "thread"] as const) {
      expect(parse(part, self, reply)).toMatchObject({
        place: "discord:@me:60",
        where: { workspaceId: "@me", channelId: "60", channelKind: "dm" },
      });
    }
  });

  test.each([
    [general, "public"],
    [{ ...general, isPublic: false }, "private"],
    [thread, "public"],
    [{ ...thread, parent: { ...general, isPublic: false } }, "private"],
    [{ ...thread, type: 12 }, "private"],
  ])("is as public as its channel: %j", (channel, kind) => {
    expect(parsed({ channel })?.where.channelKind).toBe(kind);
  });

  test("is not known for a thread whose channel is not known", () => {
    const { parent: _, ...orphan } = thread;
    expect(parsed({ channel: orphan })).toBeUndefined();
  });
});

describe("whatever Discord sends", () => {
  const dictionary = fc.dictionary(snowflake, fc.string(), { maxKeys: 3 });
  const channel: fc.Arbitrary<SeenChannel> = fc.record(
    {
      id: snowflake,
      type: fc.integer({ min: 0, max: 17 }),
      name: fc.string(),
      topic: fc.string(),
      isPublic: fc.boolean(),
      parent: fc.constantFrom(general, forum, category),
    },
    { requiredKeys: ["id", "type", "isPublic"] },
  );
  const anything: fc.Arbitrary<Seen> = fc.record(
    {
      id: snowflake,
      type: fc.oneof(fc.constantFrom(0, 19), fc.integer({ min: 0, max: 60 })),
      sentAt: fc.integer(),
      content: richText(),
      forwarded: fc.array(richText(8), { maxLength: 2 }),
      author: fc.record({ id: fc.oneof(fc.constant("7"), snowflake), name: fc.string(), bot: fc.boolean() }),
      repliedTo: fc.oneof(fc.constant("7"), snowflake),
      mentionsEveryone: fc.boolean(),
      channel,
      guild: fc.record({ id: snowflake, name: fc.string() }, { requiredKeys: ["id"] }),
      names: fc.record({ users: dictionary, roles: dictionary, channels: dictionary }),
    },
    {
      requiredKeys: [
        "id",
        "type",
        "sentAt",
        "content",
        "forwarded",
        "author",
        "mentionsEveryone",
        "channel",
        "names",
      ],
    },
  );

  test("parses to a message that can be stored and whose place can be read, or to nothing", () => {
    const seenKinds = { message: 0, nothing: 0, thread: 0, dm: 0 };
    fc.assert(
      fc.property(anything, fc.constantFrom("channel" as const, "thread" as const), (input, reply) => {
        const message = parse(input, self, reply);
        seenKinds[message ? "message" : "nothing"] += 1;
        if (!message) return;
        const place = decodePlace(message.place);
        if (place.kind !== "channel") seenKinds[place.kind] += 1;
        expect(JSON.parse(JSON.stringify(message))).toEqual(message);
        expect(message.author.kind === "self").toBe(input.author.id === self.id);
        expect(message.call.inThread && message.call.startsPlace).toBe(false);
        expect(Object.values(message.where)).not.toContain("");
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(...Object.values(seenKinds))).toBeGreaterThan(50);
  });
});
