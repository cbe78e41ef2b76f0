import { onTestFinished } from "vitest";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Page, Platform, Press } from "../../src/chat/platform.ts";
import type { SlackTwin, SlackTwinOptions } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { PlatformRefusal } from "../../src/errors.ts";
import type { SlackConfig, StreamingMode } from "../../src/slack/config.ts";
import { decodePlace, encodePlace } from "../../src/slack/place.ts";
import { postKey } from "../contracts/platform-bench.ts";
import { silent, slackOn } from "./harness.ts";
import { createWeb, type SlackWeb } from "../../src/slack/web.ts";
import { createSessions } from "../../src/slack/sessions.ts";
import { createStreamGate } from "../../src/slack/streaming.ts";
import { createStreams, type Streams } from "../../src/slack/streams.ts";
import type { Clock } from "../../src/clock.ts";

export const growing = (written: string): Page => ({ text: `${written} …`, written, final: false });

/** A thread on a twin of its own, to which nothing is connected. */
export interface Scene {
  readonly twin: SlackTwin;
  readonly place: Place;
  readonly methods: () => string[];
  readonly shown: () => { readonly text: string; readonly isStreaming: boolean }[];
}

/** And the adapter, connected. */
export interface Stage extends Scene {
  readonly slack: Platform;
  readonly pressed: Press[];
  readonly connect: () => Promise<Platform>;
}

export async function scene(options: SlackTwinOptions = {}, inChannel = false): Promise<Scene> {
  const twin = await startSlackTwin({ limits: "off", ...options });
  onTestFinished(() => twin.close());
  const ada = twin.addUser({ name: "ada" });
  const channel = inChannel ? twin.addChannel({ name: "general" }) : twin.openDm(ada);
  const threadTs = twin.say({ channel, user: ada, text: "a question" });
  return {
    twin,
    place: encodePlace({ team: twin.team.id, channel, threadTs }),
    methods: () => twin.calls.map(({ method }) => method).filter((method) => method.startsWith("chat.")),
    shown: () =>
      twin
        .messages(channel, threadTs)
        .slice(1)
        .map(({ shown, isStreaming }) => ({ text: shown.map(({ text }) => text).join("\n"), isStreaming })),
  };
}

export async function stage(
  config: Partial<SlackConfig> = {},
  options: SlackTwinOptions = {},
  inChannel = false,
): Promise<Stage> {
  const bare = await scene(options, inChannel);
  const pressed: Press[] = [];
  const connect = async () => {
    const slack = slackOn(bare.twin, config);
    onTestFinished(() => slack.stop());
    await slack.start({
      receive: async () => {},
      changed: () => {},
      press: async (press) => void pressed.push(press),
      command: async () => "",
    });
    return slack;
  };
  return { ...bare, slack: await connect(), pressed, connect };
}

/** The streams of an adapter alone, without its connections, so that its time can stand still. */
export function streamsOn(
  twin: SlackTwin,
  clock: Clock,
  { web = webOn(twin), mode = "native" }: { readonly web?: SlackWeb; readonly mode?: StreamingMode } = {},
): Streams {
  return streamsOver(web, clock, mode).streams;
}

/** And what ends their waits. */
export function streamsOver(web: SlackWeb, clock: Clock, mode: StreamingMode = "native") {
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const gate = createStreamGate({ web, clock, log: silent, mode, isAgent: true });
  const onStop = async () => {};
  const { signal } = stopping;
  const sessions = createSessions({ web, clock, log: silent, isAble: true, signal });
  return { stopping, streams: createStreams({ web, clock, log: silent, gate, sessions, onStop, signal }) };
}

export interface SlackCall {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** On the monotonic clock. */
  readonly at: number;
}

/**
 * A Slack that answers at once, so that time passes only as the test says, and takes whatever comes; but a method's next calls may be
 * refused.
 */
export function instantSlack(clock: Clock) {
  const calls: SlackCall[] = [];
  const refusals: { readonly method: string; readonly refusal: PlatformRefusal }[] = [];
  const call: SlackWeb["call"] = async (method, args = {}) => {
    const next = refusals.findIndex((one) => one.method === method);
    if (next >= 0) throw refusals.splice(next, 1)[0]!.refusal;
    calls.push({ method, args, at: clock.monotonic() });
    return { ok: true, ts: `1700000000.${String(calls.length).padStart(6, "0")}` };
  };
  const times = (method: string) => calls.filter((one) => one.method === method).map(({ at }) => at);
  const refuseNext = (method: string, refusal: PlatformRefusal) => void refusals.push({ method, refusal });
  return { web: { call }, calls, times, refuseNext };
}

export const webOn = ({ botToken, apiUrl }: SlackTwin): SlackWeb =>
  createWeb({ botToken, apiUrl, log: silent });

export const asker = (twin: SlackTwin) => twin.users().find(({ name }) => name === "ada")!.id;
export const answer = (twin: SlackTwin, place: Place) => ({
  ...postKey(0),
  asker: asker(twin),
  after: decodePlace(place).threadTs as MessageId,
});
export const over = (text: string) => [{ text, isStreaming: false }];
