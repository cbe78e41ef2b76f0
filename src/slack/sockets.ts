import { SocketModeClient } from "@slack/socket-mode";
import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { slackLogger } from "./logger.ts";
import type { Delivery } from "./receiver.ts";
import { asRefusal } from "./refusal.ts";
import { webOptions } from "./web.ts";

/**
 * Slack gives each event to one of an app's connections and lets it have ten (docs.slack.dev, Using Socket Mode). With two, one stays
 * while the other is renewed, which Slack asks for every few hours.
 */
const CONNECTIONS = 2;
/** From the request for an address to Slack's greeting. */
const OPEN_WITHIN_MS = 15_000;
/** How long a goodbye may take before the socket is cut. */
const CLOSE_WITHIN_MS = 2_000;
/** A connection that lived so long was a good one: its successor is opened at once. */
const GOOD_AFTER_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/**
 * How long an unanswered ping means nothing. The library's 5 s and 30 s close healthy connections when the process is busy
 * (slackapi/node-slack-sdk#1495, #1787).
 */
const PONG_WITHIN_MS = 15_000;
const PING_WITHIN_MS = 60_000;

export interface SocketsDeps {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects when the delivery must come again. */
  readonly deliver: (delivery: Delivery) => Promise<void>;
}

export interface Sockets {
  /** Resolves when events come in: with the first connection. Throws `PlatformRefusal` when it cannot be made. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Socket Mode with connections that are kept up for ever. Each is a client that connects once and is then replaced: the library's
 * own reconnecting ends the process when it meets an error, and leaves five seconds and more without a connection
 * (slackapi/node-slack-sdk#2656, #2752).
 */
export function createSockets(deps: SocketsDeps): Sockets {
  const stopping = new AbortController();
  const keepers: Promise<void>[] = [];
  return {
    start: async () => {
      const first = await open(deps, stopping.signal);
      keepers.push(keepUp(deps, stopping.signal, first));
      for (let more = 1; more < CONNECTIONS; more += 1) keepers.push(keepUp(deps, stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(keepers);
    },
  };
}

/** One connection after the other, until `signal`. Never rejects. */
async function keepUp(deps: SocketsDeps, signal: AbortSignal, first?: SocketModeClient): Promise<void> {
  let client = first;
  let failures = 0;
  while (!signal.aborted) {
    let wait = 0;
    try {
      client ??= await open(deps, signal);
      const since = deps.clock.monotonic();
      await ended(client, signal);
      const lived = deps.clock.monotonic() - since;
      failures = lived >= GOOD_AFTER_MS ? 0 : failures + 1;
      if (!signal.aborted)
        deps.log.info({ livedMs: Math.round(lived) }, "a connection to Slack ended; opening the next");
    } catch (error) {
      failures += 1;
      if (!signal.aborted) wait = warnOfFailure(deps.log, error);
    }
    if (client) await close(client, deps.clock);
    client = undefined;
    await deps.clock.sleep(Math.max(wait, backoff(failures)), signal).catch(() => {});
  }
}

/** Says what is wrong, and returns how long Slack wants us to wait, in milliseconds. */
function warnOfFailure(log: Log, error: unknown): number {
  const refusal = asRefusal(error, "apps.connections.open");
  if (refusal.kind === "unauthorized")
    log.error(
      { code: refusal.code, err: refusal },
      "Slack refuses SLACK_APP_TOKEN; no events come until it is valid",
    );
  else
    log.warn({ code: refusal.code, err: refusal }, "a connection to Slack could not be opened; trying again");
  return refusal.retryAfterMs ?? 0;
}

/** None after a good connection; then doubling, spread so that the connections do not come back at one moment. */
function backoff(failures: number): number {
  if (failures === 0) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  return wait * (0.5 + Math.random() / 2);
}

/** Connects, and resolves when Slack has greeted us. Throws `PlatformRefusal`, also when `signal` aborts. */
async function open(deps: SocketsDeps, signal: AbortSignal): Promise<SocketModeClient> {
  const abandoned = new AbortController();
  const client = createClient(deps, abandoned.signal);
  const starting = client.start();
  const late = new AbortController();
  const patience = deps.clock.sleep(OPEN_WITHIN_MS, AbortSignal.any([late.signal, signal]));
  try {
    await Promise.race([starting, patience.then(() => Promise.reject(new Error("Slack sent no greeting")))]);
    return client;
  } catch (caught) {
    abandoned.abort();
    await close(client, deps.clock);
    // The library, had it the address already, connects in spite of the goodbye.
    starting.then(() => close(client, deps.clock)).catch(() => {});
    throw asRefusal(caught ?? new Error("the connection ended before a greeting"), "apps.connections.open");
  } finally {
    late.abort();
  }
}

/** `abandoned` ends a request for an address that is under way: the library has no other means. */
function createClient(
  { appToken, apiUrl, log, deliver }: SocketsDeps,
  abandoned: AbortSignal,
): SocketModeClient {
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_WITHIN_MS,
    serverPingTimeout: PING_WITHIN_MS,
    clientOptions: {
      ...webOptions(apiUrl, log),
      fetch: (url, init) =>
        fetch(url, { ...init, signal: AbortSignal.any([init?.signal ?? abandoned, abandoned]) }),
    },
    logger: slackLogger(log),
  });
  guardMessages(client, log);
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

/**
 * The library handles a message in an async listener whose failure nobody hears, which ends the process: an `app_rate_limited` envelope is
 * enough (slackapi/node-slack-sdk#2771). So the listener is called from one that hears it.
 */
function guardMessages(client: SocketModeClient, log: Log): void {
  const listeners = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", (...message: unknown[]) => {
    for (const listener of listeners)
      Promise.resolve(listener(...message)).catch((error: unknown) =>
        log.warn({ err: asError(error) }, "Slack sent an envelope that cannot be read"),
      );
  });
}

/** Resolves when the connection is gone or `signal` aborts. */
function ended(client: SocketModeClient, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      client.off("disconnected", done);
      resolve();
    };
    client.on("disconnected", done);
    signal.addEventListener("abort", done);
    if (signal.aborted || client.websocket?.isActive() !== true) done();
  });
}

/** Says goodbye, and cuts a connection whose other side does not answer. */
async function close(client: SocketModeClient, clock: Clock): Promise<void> {
  const late = new AbortController();
  const patience = clock.sleep(CLOSE_WITHIN_MS, late.signal).then(
    // The library's second goodbye is no goodbye any more: it destroys the socket.
    () => client.websocket?.disconnect(),
    () => {},
  );
  await Promise.race([client.disconnect(), patience]);
  late.abort();
}
