import { describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { onMethod, slackError } from "../../src/sandbox/slack/faults.ts";
import { useMissed } from "./missed-bench.ts";

const bench = useMissed();
const { reader, place, moment, calls } = bench;
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
const say = (channel: string, text: string, threadTs?: string) =>
  bench.twin.say({ channel, user: bench.ada, text, ...(threadTs === undefined ? {} : { threadTs }) });
const mention = () => `<@${bench.twin.bot.userId}>`;

describe("what was posted since is found", () => {
  test("in every kind of conversation that the bot is in, though none of it is known", async () => {
    const bob = bench.twin.addUser({ name: "bob" });
    const channels = [
      bench.twin.openDm(bench.ada),
      bench.twin.openDm(bench.ada, bob),
      bench.twin.addChannel({ name: "secret", kind: "private" }),
      bench.twin.addChannel({ name: "general" }),
    ];
    const elsewhere = bench.twin.addChannel({ name: "others", members: [bench.ada] });
    for (const channel of channels) say(channel, "before");
    const since = await moment();
    for (const channel of [...channels, elsewhere]) {
      const root = say(channel, `${mention()} one`);
      say(channel, "two", root);
      say(channel, "three");
    }
    const { read, warnings } = reader();
    const missed = await read({ since });
    const kinds = ["dm", "group_dm", "private", "public"];
    for (const [index, channel] of channels.entries()) {
      const here = missed.filter(({ where }) => where.channelId === channel);
      expect(texts(here)).toEqual(["one", "three", "two"]);
      expect(here.map(({ where }) => where.channelKind)).toEqual(Array(3).fill(kinds[index]));
      expect(here.map(({ call }) => call.inThread)).toEqual([false, false, true]);
    }
    expect(missed).toHaveLength(12);
    expect(warnings()).toEqual([]);
  });

  test("with the kind of its channel, as its event would have told it, though names cannot be found out", async () => {
    const channels = [
      bench.twin.addChannel({ name: "general" }),
      bench.twin.openDm(bench.ada, bench.twin.addUser({ name: "bob" })),
    ];
    const since = await moment();
    for (const channel of channels) say(channel, "hello");
    bench.twin.inject({
      matches: onMethod("conversations.info"),
      times: 9,
      effect: slackError("missing_scope"),
    });
    const missed = await reader().read({ since });
    const kinds = new Map(missed.map(({ where }) => [where.channelId, where.channelKind]));
    expect(channels.map((channel) => kinds.get(channel))).toEqual(["public", "group_dm"]);
  });

  test("in a thread that is known, however old it is; and only there where nothing reveals it", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const [known, unknown] = [say(channel, `${mention()} old`), say(channel, "also old")];
    const since = await moment();
    say(channel, "follow-up", known);
    say(channel, `${mention()} unseen`, unknown);
    const { read } = reader();
    expect(texts(await read({ since, places: [place(channel, known)] }))).toEqual(["follow-up"]);
    const replies = bench.twin.calls.find(({ method }) => method === "conversations.replies");
    expect(Number(replies?.args["oldest"])).toBeCloseTo(since / 1000, 2);
  });

  test("in an old thread that is shown in its channel too, with all that was said in it since", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const root = say(channel, "old");
    const since = await moment();
    say(channel, "quietly", root);
    bench.twin.say({ channel, user: bench.ada, text: "for all", threadTs: root, broadcast: true });
    say(channel, "and again", root);
    const missed = await reader().read({ since });
    expect(texts(missed)).toEqual(["quietly", "for all", "and again"]);
    expect(new Set(missed.map((message) => message.place))).toEqual(new Set([place(channel, root)]));
  });

  test("in a direct message that is one place, and in its threads", async () => {
    const dm = bench.twin.openDm(bench.ada);
    say(dm, "before");
    const since = await moment();
    const root = say(dm, "one");
    say(dm, "in a thread", root);
    say(dm, "two");
    const missed = await reader({ config: { dm: "one" } }).read({ since, places: [place(dm)] });
    const at = (where: string) => texts(missed.filter((message) => message.place === where));
    expect([at(place(dm)), at(place(dm, root))]).toEqual([["one", "two"], ["in a thread"]]);
    expect(calls("conversations.history")).toBe(1);
  });

  test("once, each in its place in order, though several answers tell of it", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    const root = say(channel, "root");
    for (let i = 0; i < 5; i += 1) say(channel, `reply ${i}`, root);
    bench.twin.say({ channel, user: bench.ada, text: "for all", threadTs: root, broadcast: true });
    const missed = await reader().read({ since, places: [place(channel, root), place(channel, root)] });
    expect(texts(missed)).toEqual(["root", ...[0, 1, 2, 3, 4].map((i) => `reply ${i}`), "for all"]);
  });

  test("as it is now: changed words are new, deleted ones are gone; joins are nobody's words", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    const [wrong, gone] = [say(channel, "wrogn"), say(channel, "gone")];
    bench.twin.addToChannel(channel, bench.twin.addUser({ name: "eve" }));
    bench.twin.edit(channel, wrong, "wrong");
    bench.twin.delete(channel, gone);
    expect(texts(await reader().read({ since }))).toEqual(["wrong"]);
  });

  test("of other bots as theirs, and of the bot itself not at all", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    const ci = bench.twin.addBot("CI");
    bench.twin.addToChannel(channel, ci.userId);
    for (const botStyle of ["modern", "legacy"] as const)
      bench.twin.say({ channel, user: ci.userId, text: botStyle, botStyle });
    bench.twin.say({ channel, user: bench.twin.bot.userId, text: "mine" });
    const missed = await reader().read({ since });
    expect(missed.map(({ text, author }) => [text, author.kind, author.name])).toEqual([
      ["modern", "bot", "CI"],
      ["legacy", "bot", "CI"],
    ]);
  });
});

describe("the order", () => {
  test("is: the known places as they are given, direct messages, channels, and the threads in them", async () => {
    const [quiet, busy] = ["quiet", "busy"].map((name) => bench.twin.addChannel({ name }));
    const [eve, bob] = [bench.twin.addUser({ name: "eve" }), bench.twin.addUser({ name: "bob" })];
    const [known, other] = [say(busy!, "a thread"), say(busy!, "another")];
    const dms = [eve, bob].map((user) => bench.twin.openDm(user));
    const since = await moment();
    const fresh = say(quiet!, "at the top");
    say(quiet!, "below it", fresh);
    for (const [index, user] of [eve, bob].entries())
      bench.twin.say({ channel: dms[index]!, user, text: `dm ${index}` });
    say(busy!, "second", known);
    say(busy!, "first", other);
    const places = [place(busy!, other), place(busy!, known), place(dms[1]!, "1700000000.000100")];
    const missed = await reader().read({ since, places });
    expect(texts(missed)).toEqual(["first", "second", "dm 1", "dm 0", "at the top", "below it"]);
  });

  test("puts threads that call the bot before those that do not", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    const roots = [say(channel, `${mention()} please`), say(channel, "chat"), say(channel, "more chat")];
    for (const root of roots) say(channel, `below ${roots.indexOf(root)}`, root);
    bench.twin.say({ channel, user: bench.twin.bot.userId, text: "mine", threadTs: roots[1]! });
    const missed = await reader().read({ since });
    const below = texts(missed).filter((text) => text.startsWith("below"));
    expect(below.slice(0, 2).toSorted()).toEqual(["below 0", "below 1"]);
    expect(below).toHaveLength(3);
  });
});

describe("where something cannot be read", () => {
  test("all else is, and it is said once", async () => {
    await bench.again({
      scopes: ["im:history", "channels:history", "channels:read", "users:read", "mpim:read"],
    });
    const [dm, channel] = [bench.twin.openDm(bench.ada), bench.twin.addChannel({ name: "general" })];
    bench.twin.addChannel({ name: "secret", kind: "private" });
    const group = bench.twin.openDm(bench.ada, bench.twin.addUser({ name: "bob" }));
    const since = await moment();
    for (const one of [dm, channel, group]) say(one, "hello");
    const { read, lines, warnings } = reader();
    // The direct message is known, so that it is read though it cannot be listed.
    const ask = { since, places: [place(dm, "1700000000.000100"), place(channel, "1700000000.000100")] };
    expect((await read(ask)).map(({ where }) => where.channelId)).toEqual([dm, channel]);
    expect(warnings()).toHaveLength(2);
    await read(ask);
    expect(warnings()).toHaveLength(2);
    const unread = lines.find(({ msg }) => msg === "some places could not be read for what was missed");
    expect(unread).toMatchObject({ slack_thread_not_found: 2, slack_missing_scope: 1 });
  });

  test("kinds in which the bot answers nothing are not asked for", async () => {
    const [dm, channel] = [bench.twin.openDm(bench.ada), bench.twin.addChannel({ name: "general" })];
    const since = await moment();
    for (const one of [dm, channel]) say(one, "hello");
    const found = async (answers: { dms: boolean; channels: boolean }) =>
      (await reader({ config: { answers } }).read({ since })).map(({ where }) => where.channelId);
    expect(await found({ dms: true, channels: false })).toEqual([dm]);
    expect(await found({ dms: false, channels: true })).toEqual([channel]);
  });

  test("because Slack is not there or refuses the token, that is thrown, after what was read before", async () => {
    const channels = ["a", "b"].map((name) => bench.twin.addChannel({ name }));
    const roots = channels.map((channel) => say(channel, "root"));
    const since = await moment();
    for (const [index, channel] of channels.entries()) say(channel, "hello", roots[index]);
    const places = channels.map((channel, index) => place(channel, roots[index]));
    // What had no answer is tried once more.
    for (const [kind, times, effect] of [
      ["unauthorized", 1, slackError("token_revoked")],
      ["unavailable", 2, { kind: "answer", status: 503 }],
    ] as const) {
      const told: string[] = [];
      bench.twin.inject({
        matches: ({ path, body }) => path.endsWith("replies") && body.toString().includes(channels[1]!),
        times,
        effect,
      });
      const reading = (async () => {
        for await (const { text } of reader().missed({ since, places })) told.push(text);
      })();
      await expect(reading).rejects.toMatchObject({ kind });
      expect(told).toEqual(["hello"]);
    }
  });
});
