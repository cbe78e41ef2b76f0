import { listener } from "../fakes/listener.ts";
import { afterEach, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId } from "../../src/chat/place.ts";
import type { Platform } from "../../src/chat/platform.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { SlackAppConfig, SlackConfig } from "../../src/slack/config.ts";
import { slackManifest } from "../../src/slack/manifest.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { draft, final, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { slackOn } from "./harness.ts";

const app: SlackAppConfig = { name: "Patchcord", dm: "threads", channels: true, files: false };
const { oauth_config, settings } = slackManifest(app);
const granted = oauth_config.scopes.bot;

let twin: SlackTwin;
let running: Platform[] = [];
afterEach(() => close());
async function close(): Promise<void> {
  await Promise.all(running.map((slack) => slack.stop()));
  running = [];
  await twin.close();
}
async function connect(
  receive: (message: Message) => Promise<void>,
  config: Partial<SlackConfig> = {},
): Promise<Platform> {
  const slack = slackOn(twin, config);
  running.push(slack);
  await slack.start(listener(receive));
  return slack;
}

type Results = Readonly<Record<string, unknown>>;

/** Uses every ability in one channel, and tells what came of it. */
async function use(
  slack: Platform,
  received: readonly Message[],
  at: { channel: string; user: string },
): Promise<Results> {
  const mention = `<@${twin.bot.userId}>`;
  const sent = () =>
    until("Slack has sent all", () => twin.deliveries.every(({ state }) => state !== "open"));
  const since = Date.now();
  const root = twin.say({ ...at, text: `${mention} hello` });
  const follow = twin.say({ ...at, text: "and then?", threadTs: root });
  const late = twin.say({ ...at, text: "no mention yet" });
  twin.edit(at.channel, late, `${mention} now`);
  await sent();
  const place = encodePlace({ team: twin.team.id, channel: at.channel, threadTs: root });
  const key = postKey(0, { turn: twin.channels().findIndex(({ id }) => id === at.channel) });
  const page = async () => {
    const id = await slack.post(place, draft("one"), key);
    await slack.edit(place, id, final("two"));
    // By HTTP, so that it takes none of the events.
    const next = await connect(async () => {}, { transport: { kind: "http", signingSecret: "x" } });
    return (await next.post(place, draft("one"), { ...key, repeated: true })) === id;
  };
  const missed: string[] = [];
  const query = { part: "", since, places: [], signal: new AbortController().signal };
  for await (const one of slack.missed!(query)) if (one.where.channelId === at.channel) missed.push(one.text);
  const message = received.find(({ id }) => id === root);
  return {
    text: message?.text,
    author: message?.author.name,
    channel: message?.where.channelName,
    kind: message?.where.channelKind,
    followUp: received.find(({ id }) => id === follow)?.text,
    mentionByEdit: received.some(({ id, text }) => id === late && text === "now"),
    missed,
    page: await page().catch(String),
    history: await slack.history!(place, { before: follow as MessageId, limit: 5 }).then(
      (told) => told.length,
      String,
    ),
  };
}

/** Whether Slack knows the command, and the bot takes it. */
async function command(user: string): Promise<boolean> {
  const channel = twin.addChannel({ name: "commands" });
  try {
    return await twin.command({ channel, user, text: "/patchcord help" });
  } catch {
    return false;
  }
}

/** The same in every kind of channel. */
async function useEverywhere(
  scopes: readonly string[],
): Promise<Results & { readonly warnings: unknown; readonly command: boolean }> {
  const events = settings.event_subscriptions.bot_events;
  twin = await startSlackTwin({ scopes, events, delivery: { retryAfterMs: [] } });
  const user = twin.addUser({ name: "ada", displayName: "Ada" });
  const bob = twin.addUser({ name: "bob" });
  const received: Message[] = [];
  const slack = await connect(async (message) => void received.push(message));
  return {
    warnings: slack.warnings,
    command: await command(user),
    public: await use(slack, received, { user, channel: twin.addChannel({ name: "general" }) }),
    private: await use(slack, received, {
      user,
      channel: twin.addChannel({ name: "secret", kind: "private" }),
    }),
    group: await use(slack, received, { user, channel: twin.openDm(user, bob) }),
    dm: await use(slack, received, { user, channel: twin.openDm(user) }),
  };
}

const works = {
  text: "hello",
  author: "Ada",
  followUp: "and then?",
  mentionByEdit: true,
  missed: ["hello", "now", "and then?"],
  page: true,
  history: 1,
};
const everything = {
  warnings: [],
  command: true,
  public: { ...works, channel: "general", kind: "public" },
  private: { ...works, channel: "secret", kind: "private" },
  group: { ...works, channel: "Ada and bob", kind: "group_dm" },
  // Nobody needs to be mentioned in a direct message, and Slack sends no app_mention there.
  dm: { ...works, channel: undefined, kind: "dm", mentionByEdit: false },
};

test("with the manifest's scopes and events, everything works everywhere", async () => {
  expect(await useEverywhere(granted)).toEqual(everything);
});

// The agent view needs `assistant:write`, and no call does.
test.each(granted.filter((scope) => scope !== "assistant:write"))(
  "without %s something is lost, and the start says so",
  async (scope) => {
    const { warnings, ...rest } = await useEverywhere(granted.filter((one) => one !== scope));
    expect(warnings).toEqual([expect.stringContaining(`the scope ${scope}, `)]);
    expect({ warnings: [], ...rest }).not.toEqual(everything);
  },
);
