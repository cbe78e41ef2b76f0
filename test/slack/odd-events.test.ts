import { afterEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Platform } from "../../src/chat/platform.ts";
import { systemClock } from "../../src/clock.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import type { SlackBlock } from "../../src/sandbox/slack/types.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { createSlack } from "../../src/slack/slack.ts";
import { until } from "../eventually.ts";
import { listener } from "../fakes/listener.ts";
import { configFor, mounted } from "./harness.ts";
import { keptLog } from "./kit.ts";

let twin: SlackTwin;
let slack: Platform | undefined;
afterEach(async () => {
  await slack?.stop();
  await twin.close();
});

async function connect(transport: "socket" | "http", receive?: (message: Message) => Promise<void>) {
  twin = await startSlackTwin({
    limits: "off",
    delivery: { ackTimeoutMs: 500, retryAfterMs: [20, 20, 20] },
  });
  const user = twin.addUser({ name: "ada" });
  const channel = twin.openDm(user);
  const received: Message[] = [];
  const { log, lines } = keptLog();
  const config = configFor(twin, { transport, dm: "threads" });
  const platform = createSlack({ config, clock: systemClock, log });
  slack = transport === "http" ? mounted(twin, platform) : platform;
  await slack.start(listener(receive ?? (async (message) => void received.push(message))));
  if (transport === "socket") await until("two connections", () => twin.connections() === 2);
  /** A message's event as Slack would send it now, which it does not. */
  const payload = (event: SlackBlock = {}, outer: SlackBlock = {}): SlackBlock => ({
    token: "x",
    team_id: twin.team.id,
    api_app_id: twin.bot.appId,
    type: "event_callback",
    event_id: "Ev1",
    event_time: 1_700_000_000,
    authorizations: [{ team_id: twin.team.id, user_id: twin.bot.userId, is_bot: true }],
    ...outer,
    event: {
      type: "message",
      channel,
      channel_type: "im",
      user,
      text: "hello",
      ts: "1700000000.000100",
      event_ts: "1700000000.000100",
      client_msg_id: "c-1",
      team: twin.team.id,
      ...event,
    },
  });
  return { received, lines, payload, channel, user };
}
type Connected = Awaited<ReturnType<typeof connect>>;
const key = ({ channel }: Connected) => `slack:${twin.team.id}:${channel}:1700000000.000100`;

describe.each(["socket", "http"] as const)("by %s", (transport) => {
  const whole: readonly (readonly [string, SlackBlock, SlackBlock])[] = [
    ["that is as always", {}, {}],
    ["without an event_id", {}, { event_id: undefined }],
    ["without a client_msg_id", { client_msg_id: undefined }, {}],
    ["with its time alone", { ts: undefined }, {}],
    ["without any time of the event", { event_ts: undefined }, { event_time: undefined }],
    ["without authorizations", {}, { authorizations: undefined }],
    ["without a team", { team: undefined }, { team_id: undefined }],
    ["without the kind of its channel", { channel_type: undefined }, {}],
    [
      "with nulls for what it has not",
      { client_msg_id: null, bot_id: null, thread_ts: null, subtype: null },
      {},
    ],
  ];
  test.each(whole)("a message %s is heard, as the same message", async (_, event, outer) => {
    const connected = await connect(transport);
    twin.deliver(connected.payload(event, outer));
    await until("it was heard", () => connected.received.length === 1);
    expect(connected.received[0]).toMatchObject({
      key: key(connected),
      text: "hello",
      author: { kind: "person" },
    });
    await until("it was acknowledged", () => twin.deliveries.every(({ state }) => state === "acknowledged"));
    expect(twin.deliveries).toHaveLength(1);
  });

  test("what nobody can answer is acknowledged, not repeated, and does not stop what comes next", async () => {
    const connected = await connect(transport);
    const { payload, channel, user } = connected;
    const odd: SlackBlock[] = [
      payload({ ts: undefined, event_ts: undefined }),
      payload({ ts: "yesterday" }),
      payload({ ts: 17, event_ts: null }),
      payload({ channel: undefined }),
      payload({ channel: { id: "C1" } }),
      payload({ user: null, text: null, subtype: "unheard_of" }),
      payload({ user: null, channel: null }),
      payload({ type: "weather_changed" }),
      payload({ blocks: "none", files: 7, attachments: [null], ts: undefined, event_ts: undefined }),
    ];
    for (const one of odd) twin.deliver(one);
    twin.say({ channel, user, text: "still there?" });
    await until("what came next was heard", () => connected.received.length === 1);
    await until("all is settled", () => twin.deliveries.every(({ state }) => state !== "open"));
    expect(twin.deliveries.filter(({ state }) => state !== "acknowledged")).toEqual([]);
    expect(connected.received.map(({ text }) => text)).toEqual(["still there?"]);
  });

  test("a message that is hours late is heard with its own time", async () => {
    const connected = await connect(transport);
    twin.deliver(connected.payload());
    await until("it was heard", () => connected.received.length === 1);
    expect(connected.received[0]?.sentAt).toBe(1_700_000_000_000);
  });

  test("a retry of what was not stored is the same message; one of what was is acknowledged all the same", async () => {
    const tries: Message[] = [];
    const connected = await connect(transport, async (message) => {
      tries.push(message);
      if (tries.length < 3) throw new Error("the disk is full");
    });
    twin.deliver(connected.payload({}, { event_id: undefined }));
    await until("the third was taken", () => twin.deliveries.at(-1)?.state === "acknowledged");
    expect(twin.deliveries.map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
    twin.deliver(connected.payload({ type: "app_mention", channel_type: undefined }));
    await until("it came once more", () => tries.length === 4);
    expect(new Set(tries.map((message) => message.key))).toEqual(new Set([key(connected)]));
    await until("that was taken too", () => twin.deliveries.at(-1)?.state === "acknowledged");
  });
});
