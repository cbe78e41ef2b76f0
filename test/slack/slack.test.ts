import { listener } from "../fakes/listener.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Platform } from "../../src/chat/platform.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { onMethod } from "../../src/sandbox/slack/faults.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { draft, final, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { slackOn } from "./harness.ts";

let twin: SlackTwin;
let ada: string;
let channel: string;
let received: Message[];
const running: Platform[] = [];

beforeEach(async () => {
  twin = await startSlackTwin({ delivery: { ackTimeoutMs: 2_000, retryAfterMs: [50, 50] } });
  ada = twin.addUser({ name: "ada", displayName: "Ada" });
  channel = twin.addChannel({ name: "general", topic: "All of it" });
  received = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((slack) => slack.stop()));
  await twin.close();
});

async function connect(receive?: (message: Message) => Promise<void>): Promise<Platform> {
  const slack = slackOn(twin);
  running.push(slack);
  await slack.start(listener(receive ?? (async (message) => void received.push(message))));
  return slack;
}
const mention = () => `<@${twin.bot.userId}>`;
const say = (text: string, more: { threadTs?: string; channel?: string; user?: string } = {}) =>
  twin.say({ channel, user: ada, text, ...more });
/** Everything that was sent before it has been handled once this has. */
async function settled(): Promise<void> {
  const ts = say("the end");
  await until("everything was handled", () => received.some(({ id }) => id === ts));
  await until("everything was acknowledged", () =>
    twin.deliveries.every(({ state }) => state === "acknowledged"),
  );
}
const heard = () => received.filter(({ text }) => text !== "the end");

describe("what people say", () => {
  test("in a channel comes with everybody's and everything's name", async () => {
    await connect();
    twin.addUser({ name: "bob", displayName: "Bob" });
    const ts = say(`${mention()} ask *@bob* in #general about \`a < b\``);
    await settled();
    expect(heard()[0]).toMatchObject({
      key: `slack:${twin.team.id}:${channel}:${ts}`,
      author: { id: ada, name: "Ada", kind: "person" },
      text: "ask **@Bob** in #general about `a < b`",
      call: { mentionsBot: true, mentionsOthers: false, inThread: false, startsPlace: true },
      where: {
        workspaceId: twin.team.id,
        workspaceName: twin.team.name,
        channelId: channel,
        channelName: "general",
        channelTopic: "All of it",
        channelKind: "public",
        threadId: ts,
      },
    });
  });

  test("with a mention is the same message by either of its events", async () => {
    await connect();
    say(`${mention()} hello`);
    await settled();
    expect(new Set(twin.deliveries.map(({ type }) => type))).toEqual(new Set(["app_mention", "message"]));
    expect(heard()).toHaveLength(2);
    expect(heard()[0]).toEqual(heard()[1]);
  });

  test("goes on in its thread without a mention", async () => {
    await connect();
    const root = say(`${mention()} hello`);
    say("and now?", { threadTs: root });
    await settled();
    expect(new Set(heard().map(({ place }) => place)).size).toBe(1);
    expect(heard().at(-1)).toMatchObject({ text: "and now?", call: { mentionsBot: false, inThread: true } });
  });

  test("is heard when an edit adds the mention, and as the same message when it changes nothing", async () => {
    await connect();
    const ts = say("hello");
    twin.edit(channel, ts, `${mention()} hello`);
    twin.edit(channel, ts, `${mention()} hello!`);
    twin.echo(channel, ts, "unfurl");
    await settled();
    const mentions = heard().filter(({ call }) => call.mentionsBot);
    expect(mentions.map(({ text }) => text)).toEqual(["hello", "hello!"]);
    expect(new Set(heard().map(({ key }) => key)).size).toBe(1);
  });

  test("in direct messages, groups and private channels is told as that", async () => {
    await connect();
    const bob = twin.addUser({ name: "bob" });
    const places = [
      twin.openDm(ada),
      twin.openDm(ada, bob),
      twin.addChannel({ name: "secret", kind: "private" }),
    ];
    for (const place of places) say(`${mention()} hi`, { channel: place });
    await settled();
    const kinds = new Map(heard().map(({ where }) => [where.channelId, where.channelKind]));
    expect(places.map((place) => kinds.get(place))).toEqual(["dm", "group_dm", "private"]);
  });

  test("is received with ids where names do not come in time, well before Slack gives up", async () => {
    await connect();
    for (const method of ["users.info", "conversations.info"])
      twin.inject({ matches: onMethod(method), times: 9, effect: { kind: "stall" } });
    say(`${mention()} hello`);
    await until("it was received", () => received.length > 0);
    expect(twin.deliveries.filter(({ attempt }) => attempt > 0)).toEqual([]);
    expect(received[0]).toMatchObject({ author: { id: ada, name: ada } });
    expect(received[0]?.where).not.toHaveProperty("channelName");
  });

  test("by other bots is told as theirs; the bot's own posts and edits are not told", async () => {
    const slack = await connect();
    const ci = twin.addBot("CI");
    twin.addToChannel(channel, ci.userId);
    const root = say(`${mention()} hello`);
    twin.say({ channel, user: ci.userId, text: "build failed", threadTs: root });
    twin.say({ channel, user: ci.userId, text: "build failed again", threadTs: root, botStyle: "legacy" });
    await settled();
    const { place } = heard()[0]!;
    const id = await slack.post(place, draft("one"), postKey(0));
    await slack.edit(place, id, final("two"));
    await settled();
    const authors = heard().map(({ author }) => [author.name, author.kind]);
    expect(authors.slice(-2)).toEqual([
      ["CI", "bot"],
      ["CI", "bot"],
    ]);
    expect(heard().filter(({ author }) => author.id === twin.bot.userId)).toEqual([]);
  });
});

describe("acknowledgements", () => {
  test("wait until the message was received", async () => {
    const stored = Promise.withResolvers<void>();
    let arrived = 0;
    await connect(async () => ((arrived += 1), stored.promise));
    say("keep this");
    await until("it arrived", () => arrived === 1);
    expect(twin.deliveries.map(({ state }) => state)).toEqual(["open"]);
    stored.resolve();
    await until("it was acknowledged", () => twin.deliveries[0]?.state === "acknowledged");
  });

  test("are not sent when it was not; Slack's own retry brings it again", async () => {
    const tries: string[] = [];
    await connect(async ({ key }) => {
      tries.push(key);
      if (tries.length === 1) throw new Error("the disk is full");
    });
    say("keep this");
    await until("it came again", () => tries.length === 2);
    expect(tries[0]).toBe(tries[1]);
    await until("it was acknowledged", () => twin.deliveries.at(-1)?.state === "acknowledged");
    expect(twin.deliveries.map(({ attempt }) => attempt)).toEqual([0, 1]);
  });
});

test("a stop waits for what is being received, and acknowledges it", async () => {
  const stored = Promise.withResolvers<void>();
  let arrived = 0;
  const slack = await connect(async () => ((arrived += 1), stored.promise));
  say("keep this");
  await until("it arrived", () => arrived === 1);
  let stopped = false;
  const stopping = slack.stop().then(() => void (stopped = true));
  say("too late");
  await until("the late one was sent", () => twin.deliveries.length > 1);
  expect([arrived, stopped, twin.connections()]).toEqual([1, false, 2]);
  stored.resolve();
  await stopping;
  expect(twin.deliveries[0]?.state).toBe("acknowledged");
});

describe("the bot's pages", () => {
  test("show no edit mark, unfurl nothing, and appear in their thread with the status gone", async () => {
    const slack = await connect();
    const root = say(`${mention()} hello`);
    await settled();
    const { place } = heard()[0]!;
    const work = new AbortController();
    slack.indicate?.(place, work.signal);
    await until("the status shows", () => twin.status(channel, root) === "is thinking…");
    const id = await slack.post(place, draft("see https://example.com"), postKey(0));
    await slack.edit(place, id, final("see https://example.com and `code`"));
    const [, page] = twin.messages(channel, root);
    expect(page).toMatchObject({ ts: id, threadTs: root, edited: false, edits: 1 });
    expect(page?.shown).toEqual([{ format: "markdown", text: "see https://example.com and `code`" }]);
    expect(page?.text).toBe("see https://example.com and code");
    expect([twin.status(channel, root), twin.unfurls, twin.notifications]).toEqual(["", [], []]);
    work.abort();
    await settled();
    expect(twin.calls.filter(({ method }) => method === "assistant.threads.setStatus")).toHaveLength(1);
  });

  test("are told apart by their mark, which edits keep", async () => {
    const slack = await connect();
    say(`${mention()} hello`);
    await settled();
    const { place } = heard()[0]!;
    const id = await slack.post(place, draft("one"), postKey(0));
    await slack.edit(place, id, final("two"));
    const next = await connect();
    expect(await next.post(place, draft("one"), postKey(0, { repeated: true }))).toBe(id);
  });
});
