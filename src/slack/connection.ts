import { SocketModeClient } from "@slack/socket-mode";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Json, record, text } from "./json.ts";
import { slackLogger } from "./logger.ts";
import { createPulse } from "./pulse.ts";
import type { Delivery } from "./receiver.ts";
import { asRefusal } from "./refusal.ts";
import { webOptions } from "./web.ts";

/** From the request for an address to Slack's greeting. */
const GREETING_WITHIN_MS = 15_000;
/** How long a goodbye may take before the socket is cut. */
const CLOSE_WITHIN_MS = 2_000;
/**
 * How long an unanswered ping means nothing. The library's 5 s and 30 s close healthy connections when the process is busy
 * (slackapi/node-slack-sdk#1495, #1787).
 */
const PONG_WITHIN_MS = 15_000;
const PING_WITHIN_MS = 60_000;

export interface ConnectionDeps {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects when the delivery must come again. */
  readonly deliver: (delivery: Delivery) => Promise<void>;
  /** Default: 15 s. A connection on which nothing was heard for so long, and a third of it more, is given up. */
  readonly pongWithinMs?: number;
  /** Default: 15 s. */
  readonly greetingWithinMs?: number;
}

/**
 * - `leaving`: Slack will close it in a moment, and it hears until then.
 * - `silent`: it is open, but nothing comes any more, no pong either.
 * - `off`: Socket Mode was switched off.
 */
export type Ending = "leaving" | "gone" | "silent" | "off";

/** One socket, from its greeting to its end. */
export interface Connection {
  /** Resolves when it needs a successor, or is not wanted any more. Never rejects. */
  readonly ending: Promise<Ending>;
  /** Resolves when it is closed. Never rejects. */
  readonly gone: Promise<void>;
  /** It is known to be alive: Slack was heard on it after the last ping but one. */
  hears(): boolean;
  /** Says goodbye, and cuts it where the other side does not answer. */
  close(): Promise<void>;
}

/** Connects, and resolves when Slack has greeted us. Throws `PlatformRefusal`, also when `signal` aborts; later, that is its end. */
export async function openConnection(deps: ConnectionDeps, signal: AbortSignal): Promise<Connection> {
  const abandoned = new AbortController();
  const client = createClient(deps, abandoned.signal);
  const ears = listen(client, deps);
  const starting = client.start();
  const late = new AbortController();
  const { greetingWithinMs = GREETING_WITHIN_MS } = deps;
  const patience = deps.clock.sleep(greetingWithinMs, AbortSignal.any([late.signal, signal]));
  try {
    await Promise.race([starting, patience.then(() => Promise.reject(new Error("Slack sent no greeting")))]);
    ears.greeted();
    const stop = () => ears.stop();
    signal.addEventListener("abort", stop, { once: true });
    void ears.gone.then(() => signal.removeEventListener("abort", stop));
    const { ending, gone, hears } = ears;
    return { ending, gone, hears, close: () => close(client, ears, deps.clock) };
  } catch (caught) {
    abandoned.abort();
    await close(client, ears, deps.clock);
    // The library, had it the address already, connects in spite of the goodbye.
    starting.then(() => close(client, ears, deps.clock)).catch(() => {});
    if ((await ears.ending) === "off") throw switchedOff();
    throw asRefusal(caught ?? new Error("the connection ended before a greeting"), "apps.connections.open");
  } finally {
    late.abort();
  }
}

/** What Slack says by the reason `link_disabled` (docs.slack.dev, Using Socket Mode). */
export function switchedOff(): PlatformRefusal {
  const message = "Socket Mode is switched off in the app's settings (link_disabled)";
  return new PlatformRefusal("rejected", "slack_link_disabled", message);
}

/** `abandoned` ends a request for an address that is under way: the library has no other means. */
function createClient(
  { appToken, apiUrl, log, deliver, pongWithinMs = PONG_WITHIN_MS }: ConnectionDeps,
  abandoned: AbortSignal,
): SocketModeClient {
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: pongWithinMs,
    serverPingTimeout: PING_WITHIN_MS,
    clientOptions: {
      ...webOptions(apiUrl, log),
      fetch: (url, init) =>
        fetch(url, { ...init, signal: AbortSignal.any([init?.signal ?? abandoned, abandoned]) }),
    },
    logger: slackLogger(log),
  });
  client.on("slack_event", ({ body, ack, retry_num: retryNum, retry_reason: retryReason }: Envelope) => {
    const retry = {
      ...(retryNum === undefined ? {} : { retryNum }),
      ...(retryReason === undefined ? {} : { retryReason }),
    };
    deliver({ body, ack, ...retry }).catch((error: unknown) =>
      log.warn({ err: asError(error) }, "a delivery of Slack was not taken; Slack will send it again"),
    );
  });
  return client;
}

/** What the library emits for an envelope. */
interface Envelope {
  readonly body: unknown;
  readonly ack: (response?: unknown) => Promise<void>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

interface Ears extends Omit<Connection, "close"> {
  /** Slack's greeting came: from now on silence counts. */
  greeted(): void;
  stop(): void;
}

/**
 * Hears everything that comes on the client's socket, pings and pongs too, and passes messages on to the library. That handles them
 * in an async listener whose failure nobody hears, which ends the process: an `app_rate_limited` envelope is enough
 * (slackapi/node-slack-sdk#2771). So its failure is heard here. It also hangs up as soon as Slack warns that it will
 * (slackapi/node-slack-sdk#2752); so a warning is not passed on, and the connection hears until its successor is there.
 */
function listen(
  client: SocketModeClient,
  { clock, log, pongWithinMs = PONG_WITHIN_MS }: ConnectionDeps,
): Ears {
  const { promise: ending, resolve: end } = Promise.withResolvers<Ending>();
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  // The library pings three times within the time for a pong.
  const pulse = createPulse({ clock, pingEveryMs: pongWithinMs / 3 });
  const stop = () => {
    pulse.stop();
    end("gone");
  };
  const pass = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", (...message: unknown[]) => {
    pulse.beat();
    const farewell = farewellIn(message[0]);
    if (farewell !== undefined) end(farewell);
    if (farewell === "leaving") return;
    for (const listener of pass)
      Promise.resolve(listener(...message)).catch((error: unknown) =>
        log.warn({ err: asError(error) }, "Slack sent an envelope that cannot be read"),
      );
  });
  client.once("authenticated", (answer: unknown) => pulse.follow(text(record(answer)["url"]) ?? ""));
  client.on("disconnected", () => {
    stop();
    isGone();
  });
  return {
    ending,
    gone,
    hears: () => pulse.isFresh(),
    greeted: () => void pulse.silence().then(() => end("silent")),
    stop,
  };
}

/** `warning` and `refresh_requested` leave some seconds; every other reason is an end at once (docs.slack.dev, Using Socket Mode). */
function farewellIn(data: unknown): Ending | undefined {
  if (typeof data !== "string" || !data.includes('"disconnect"')) return undefined;
  const { type, reason } = parsed(data);
  if (type !== "disconnect") return undefined;
  if (reason === "link_disabled") return "off";
  return reason === "warning" || reason === "refresh_requested" ? "leaving" : "gone";
}

function parsed(data: string): Json {
  try {
    return record(JSON.parse(data));
  } catch {
    return {};
  }
}

async function close(client: SocketModeClient, ears: Ears, clock: Clock): Promise<void> {
  ears.stop();
  const late = new AbortController();
  const patience = clock.sleep(CLOSE_WITHIN_MS, late.signal).then(
    // The library's second goodbye is no goodbye any more: it destroys the socket.
    () => client.websocket?.disconnect(),
    () => {},
  );
  await Promise.race([client.disconnect(), patience]);
  late.abort();
}
