import { afterEach, describe, expect, test } from "vitest";
import { encodePlace } from "../../src/discord/place.ts";
import { refusal } from "../contracts/platform-bench.ts";
import { answer, type BenchOptions, READS, sent, startBench, strike } from "./kit.ts";
import { closeWorlds, missed, moment, reads, texts, world } from "./missed-bench.ts";

const HISTORY = 1n << 16n;
afterEach(closeWorlds);

describe("where something may have been missed", () => {
  test("is known from the newest messages: places first, then what was used last, and nothing else is read", async () => {
    const { twin, add, say, placeOf } = await world();
    const [quiet, old, first, second, known] = ["quiet", "old", "first", "second", "known"].map(add);
    say(old!, "long ago");
    const since = await moment();
    say(known!, "in a place");
    say(first!, "earlier");
    say(second!, "later");
    await using bench = await startBench({}, twin);
    const places = [quiet!, old!, known!].map(placeOf);
    expect(texts(await missed(bench, { since, places }))).toEqual(["in a place", "later", "earlier"]);
    expect(reads(twin)).toEqual([known, second, first]);
  });

  test("are threads that are active, those that were archived where the bot took part, and forums' posts", async () => {
    const { twin, person, add, say } = await world();
    const channel = add("general");
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    const [open, closed, strange] = ["open", "closed", "strange"].map((name) =>
      twin.addThread({ channel, name }),
    );
    const since = await moment();
    for (const thread of [open, closed, strange]) say(thread!, `in ${thread}`);
    const post = twin.postInForum({ forum, user: person, title: "How?", content: "how?" });
    for (const thread of [closed, strange]) twin.changeChannel(thread!, { archived: true });
    await using bench = await startBench({}, twin);
    const thread = (id: string) =>
      encodePlace({ kind: "thread", guild: twin.guild.id, parent: channel, thread: id });
    const never = thread(twin.addChannel({ name: "of a question that got no thread" }).replace(/.$/, "7"));
    const found = await missed(bench, { since, places: [never, thread(closed!)] });
    expect(texts(found)).toEqual([`in ${closed}`, "how?", `in ${open}`]);
    expect(found.map(({ where }) => where.threadId)).toEqual([closed, post, open]);
    expect(found[0]!.call.inThread).toBe(true);
  });

  test("are direct messages of people that the bot talked to", async () => {
    const { twin, person } = await world();
    const since = await moment();
    const dm = twin.openDm(person);
    twin.say({ channel: dm, user: person, content: "psst" });
    await using bench = await startBench({}, twin);
    expect(await missed(bench, { since })).toEqual([]);
    const found = await missed(bench, { since, places: [encodePlace({ kind: "dm", channel: dm })] });
    expect(texts(found)).toEqual(["psst"]);
    expect(found[0]!.where.channelKind).toBe("dm");
  });

  test("is the part's own", async () => {
    const { twin, person } = await world({ shards: 2, concurrency: 2 });
    const guilds = [0, 1].map((index) => twin.addGuild({ name: "g", shard: [index, 2] }));
    const channels = guilds.map((guild) => twin.addChannel({ name: "general", guild }));
    const dm = twin.openDm(person);
    const since = await moment();
    for (const [index, guild] of guilds.entries()) {
      const user = twin.addUser({ name: `u${index}`, guilds: [guild] }).id;
      twin.say({ channel: channels[index]!, user, content: `at ${index}` });
    }
    twin.say({ channel: dm, user: person, content: "direct" });
    await using bench = await startBench({}, twin);
    const places = [
      encodePlace({ kind: "dm", channel: dm }),
      ...guilds.map((guild, index) => encodePlace({ kind: "channel", guild, channel: channels[index]! })),
    ];
    expect(texts(await missed(bench, { since, places, part: "shard 0 of 2" }))).toEqual(["direct", "at 0"]);
    expect(texts(await missed(bench, { since, places, part: "shard 1 of 2" }))).toEqual(["at 1"]);
    const told = await refusal(missed(bench, { since, places, part: "shard 2 of 3" }));
    expect(told.kind).toBe("unavailable");
  });

  test("is not what the bot may not read, and one refusal is no reason to stop", async () => {
    const { twin, add, say, placeOf } = await world();
    const [hidden, closed, open] = ["hidden", "closed", "open"].map(add);
    const since = await moment();
    for (const channel of [open, closed, hidden]) say(channel!, `in ${channel}`);
    twin.changeChannel(hidden!, { overwrites: [{ id: twin.bot.id, of: "member", deny: HISTORY }] });
    await using bench = await startBench({}, twin);
    strike(twin, READS, answer(403, { message: "Missing Access", code: 50001 }));
    expect(texts(await missed(bench, { since, places: [hidden!, closed!].map(placeOf) }))).toEqual([
      `in ${open}`,
    ]);
    expect(reads(twin)).toEqual([closed, open]);
  });
});

describe("what was missed", () => {
  test("is what the gateway would have told", async () => {
    const { twin, person, add, say, placeOf } = await world();
    const channel = add("general");
    const role = twin.addRole({ name: "crew" });
    const other = twin.addUser({ name: "bob", displayName: "Bob" }).id;
    const since = await moment();
    await using listener = await startBench({}, twin);
    const id = await listener.platform.post(
      placeOf(channel),
      { text: "I said this", final: true },
      { turn: 1, page: 0, text: "t1-0", repeated: false },
    );
    const said = [
      say(channel, `<@${twin.bot.id}> what of <#${channel}> and <@&${role}>?`),
      twin.say({ channel, user: person, content: "a reply", replyTo: id }),
      twin.say({ channel, user: other, content: `<@${person}> not for bots` }),
      twin.say({ channel, user: other, content: "from outside", webhook: "Deploys" }),
    ];
    twin.say({ channel, user: other, content: "", type: 6 });
    for (const one of said) await listener.heard(one);
    await using bench = await startBench({}, twin);
    expect(await missed(bench, { since, places: [placeOf(channel)] })).toEqual(listener.received);
  });

  test("has no text where the gateway would have kept it back", async () => {
    const { twin, person, add, say } = await world();
    const channel = add("general");
    const since = await moment();
    say(channel, "among us");
    say(channel, `<@${twin.bot.id}> for you`);
    const dm = twin.openDm(person);
    twin.say({ channel: dm, user: person, content: "psst" });
    const config: BenchOptions["config"] = { messageContent: false };
    await using bench = await startBench({ config }, twin);
    const found = await missed(bench, { since, places: [encodePlace({ kind: "dm", channel: dm })] });
    expect(texts(found)).toEqual(["psst", "", "for you"]);
  });

  test("of a busy channel is read from both ends, oldest first, without what was heard", async () => {
    const { twin, add, say } = await world();
    const channel = add("busy");
    for (let index = 0; index < 30; index += 1) say(channel, `heard ${index}`);
    const since = await moment();
    const all = Array.from({ length: 250 }, (_, index) => `missed ${index}`);
    for (const text of all) say(channel, text);
    await using bench = await startBench({}, twin);
    expect(texts(await missed(bench, { since }))).toEqual(all);
    const queries = sent(twin, READS).map(({ query }) => Object.fromEntries(query));
    expect(
      queries.map((query) =>
        Object.keys(query)
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join(),
      ),
    ).toEqual(["after,limit", "limit", "before,limit"]);
    expect(queries.every(({ limit }) => limit === "100")).toBe(true);

    for (let index = 250; index < 900; index += 1) say(channel, `missed ${index}`);
    const found = texts(await missed(bench, { since }));
    expect(found).toHaveLength(500);
    expect([found[0], found[99], found[100], found[499]]).toEqual([
      "missed 0",
      "missed 99",
      "missed 500",
      "missed 899",
    ]);
    expect(bench.logged.some(({ msg }) => /than can be read/.test(String(msg)))).toBe(true);
  });

  test("goes on until all is read, however much that is", async () => {
    const { twin, add, say } = await world();
    const channels = Array.from({ length: 310 }, (_, index) => add(`c${index}`));
    const since = await moment();
    for (const channel of channels) say(channel, "hello");
    await using bench = await startBench({}, twin);
    expect(await missed(bench, { since })).toHaveLength(310);
    expect(reads(twin)).toHaveLength(310);
  });
});
