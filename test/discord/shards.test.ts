import { afterEach, describe, expect, test } from "vitest";
import type { Condition } from "../../src/chat/platform.ts";
import { encodePlace, messageId } from "../../src/discord/place.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { draft, final, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createRights, type Rights } from "../fakes/exclusive.ts";
import { adapterOn, type BenchOptions, own, startTwin } from "./kit.ts";

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** A twin with a guild at each of two shards, which may start sessions at once. */
async function twoShards() {
  const twin = await startTwin({ shards: 2, concurrency: 2 });
  opened.push(() => twin.close());
  const guilds = [0, 1].map((index) => twin.addGuild({ name: `guild ${index}`, shard: [index, 2] }));
  const channels = guilds.map((guild) => twin.addChannel({ name: "general", guild }));
  const person = twin.addUser({ name: "ana" }).id;
  return { twin, guilds, channels, person };
}

/** One process of the bot. */
function processOn(twin: DiscordTwin, rights: Rights, options: BenchOptions = {}) {
  const { platform, logged } = adapterOn(twin, { exclusive: rights.exclusive, ...options });
  const heard: string[] = [];
  const conditions: Condition[] = [];
  opened.push(() => platform.stop());
  const started = platform.start({
    receive: async ({ text }) => void heard.push(text),
    press: async () => undefined,
    command: async () => "",
    changed: (condition) => void conditions.push(condition),
  });
  return { platform, logged, heard, conditions, started };
}

const kindsOf = (conditions: readonly Condition[], part: number) =>
  conditions.filter((condition) => condition.part === `shard ${part} of 2`).map(({ kind }) => kind);
const connected = (twin: DiscordTwin) =>
  twin.gateway
    .sessions()
    .filter((session) => session.connected)
    .map(({ shard }) => shard[0])
    .toSorted((a, b) => a - b);

describe("several processes", () => {
  test("listen to each shard once, and the rest take over what one leaves", async () => {
    const { twin, channels, person } = await twoShards();
    const rights = createRights();
    const first = processOn(twin, rights);
    await first.started;
    expect(kindsOf(first.conditions, 1)).toEqual(["connecting", "listening"]);
    expect(rights.held()).toEqual([
      `discord:${twin.applicationId}:shard 0 of 2`,
      `discord:${twin.applicationId}:shard 1 of 2`,
    ]);
    const second = processOn(twin, rights);
    await second.started;
    expect(second.conditions.map(({ kind }) => kind)).toEqual(["elsewhere", "elsewhere"]);
    for (const channel of channels) twin.say({ channel, user: person, content: `to ${channel}` });
    twin.say({ channel: twin.openDm(person), user: person, content: "psst" });
    await until("all was heard", () => first.heard.length === 3);
    expect([second.heard, connected(twin)]).toEqual([[], [0, 1]]);

    await first.platform.stop();
    await until(
      "the second listens",
      () => second.conditions.filter(({ kind }) => kind === "listening").length === 2,
    );
    expect(connected(twin)).toEqual([0, 1]);
    for (const channel of channels) twin.say({ channel, user: person, content: `again to ${channel}` });
    await until("all was heard", () => second.heard.length === 2);
    expect(first.heard).toHaveLength(3);
    expect(second.conditions.at(-1)).toMatchObject({ kind: "listening", resumed: false });
  });

  test("stop listening to a shard as soon as they lose the right to it", async () => {
    const { twin, channels, person } = await twoShards();
    const rights = createRights();
    const first = processOn(twin, rights);
    await first.started;
    const second = processOn(twin, rights);
    await second.started;
    rights.take(`discord:${twin.applicationId}:shard 1 of 2`);
    twin.say({ channel: channels[1]!, user: person, content: "right after" });
    expect(first.conditions.at(-1)).toEqual({ part: "shard 1 of 2", kind: "elsewhere" });
    await until("the second listens", () => kindsOf(second.conditions, 1).includes("listening"));
    await until("one session a shard is left", () => connected(twin).join() === "0,1");
    twin.say({ channel: channels[1]!, user: person, content: "to the second" });
    twin.say({ channel: channels[0]!, user: person, content: "to the first" });
    await until("both were heard", () => second.heard.length > 0 && first.heard.length > 0);
    expect([first.heard, second.heard.at(-1)]).toEqual([["to the first"], "to the second"]);
    await second.platform.stop();
    await until("the first has it back", () => kindsOf(first.conditions, 1).at(-1) === "listening");
  });

  test("stopped while they wait for a right leave it alone", async () => {
    const { twin } = await twoShards();
    const rights = createRights();
    await processOn(twin, rights).started;
    const second = processOn(twin, rights);
    await second.started;
    await second.platform.stop();
    for (const name of rights.held()) rights.take(name);
    expect(rights.held()).toEqual([]);
  });

  test("that cannot find out whether they hold the right try again", async () => {
    const { twin } = await twoShards();
    const rights = createRights();
    let tries = 0;
    const clock = fakeClock();
    const { conditions, logged, started } = processOn(twin, rights, {
      clock,
      exclusive: {
        hold: async (name, signal) => {
          tries += 1;
          if (tries <= 2) throw new Error("the database is away");
          return rights.exclusive.hold(name, signal);
        },
      },
    });
    await until(
      "both failed",
      () => logged.filter(({ msg }) => /cannot be found out/.test(String(msg))).length === 2,
    );
    await clock.advance(5_000);
    await started;
    expect(conditions.filter(({ kind }) => kind === "listening")).toHaveLength(2);
  });
});

describe("a process without any shard", () => {
  test("posts, edits, reads, types and opens threads all the same", async () => {
    const { twin, guilds, channels, person } = await twoShards();
    const rights = createRights();
    await processOn(twin, rights).started;
    const { platform, started } = processOn(twin, rights, { config: { reply: "thread" } });
    await started;
    const category = twin.addChannel({ name: "Team", kind: "category", guild: guilds[1]! });
    const channel = twin.addChannel({ name: "talk", guild: guilds[1]!, parent: category, topic: "Anything" });
    const place = encodePlace({ kind: "channel", guild: guilds[1]!, channel });
    twin.say({ channel, user: person, content: `<@${person}> says hello in <#${channels[1]}>` });
    const id = await platform.post(place, draft("hi"), postKey(0));
    await platform.edit(place, id, final("hi there"));
    const before = messageId(twin.say({ channel, user: person, content: "and?" }));
    const told = await platform.history!(place, { before, limit: 10 });
    expect(told.map(({ text, author }) => [text, author.kind])).toEqual([
      ["@ana says hello in #general", "person"],
      ["hi there", "self"],
    ]);
    expect(told[0]!.where).toMatchObject({
      workspaceName: "guild 1",
      channelName: "talk",
      channelTopic: "Anything",
      parentChannel: "Team",
      channelKind: "public",
    });

    const thread = encodePlace({ kind: "thread", guild: guilds[1]!, parent: channel, thread: before });
    const work = new AbortController();
    platform.indicate!(thread, work.signal);
    await until("it types in the channel", () => twin.typing(channel).length === 1);
    work.abort();
    await platform.post(thread, { ...draft("In a thread."), replyTo: before }, postKey(0, { turn: 2 }));
    await platform.post(thread, draft("More."), postKey(1, { turn: 2 }));
    expect(own({ twin }, before).map(({ content }) => content)).toEqual(["In a thread.", "More."]);
    platform.indicate!(thread, new AbortController().signal);
    await until("it types in the thread", () => twin.typing(before).length === 1);
    const asked = twin.requests.filter(
      ({ method, path }) => method === "GET" && path.endsWith(`/channels/${before}`),
    );
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  test("reads a direct message, and asks for a guild's names once", async () => {
    const { twin, guilds, channels, person } = await twoShards();
    const rights = createRights();
    await processOn(twin, rights).started;
    const { platform, started } = processOn(twin, rights);
    await started;
    const dm = twin.openDm(person);
    twin.say({ channel: dm, user: person, content: "psst" });
    const last = messageId(twin.say({ channel: dm, user: person, content: "you there?" }));
    const read = (channel: string, guild?: string) =>
      platform.history!(
        encodePlace(guild === undefined ? { kind: "dm", channel } : { kind: "channel", guild, channel }),
        { before: last, limit: 5 },
      );
    expect((await read(dm)).map(({ text }) => text)).toEqual(["psst"]);
    for (let times = 0; times < 3; times += 1) await read(channels[0]!, guilds[0]);
    const asked = twin.requests.filter(({ path }) => path.includes(`/guilds/${guilds[0]}`));
    expect(asked.map(({ path }) => path.split("/").slice(5).join("/"))).toEqual(["", "channels"]);
  });
});
