import type { PlatformRefusal } from "../errors.ts";
import type { Hearing } from "./conditions.ts";
import { type Connection, type ConnectionDeps, openConnection, switchedOff } from "./connection.ts";
import { asRefusal } from "./refusal.ts";

/**
 * Slack gives each event to one of an app's connections and lets it have ten (docs.slack.dev, Using Socket Mode). With two, one stays
 * while the other is renewed, which Slack asks for every few hours.
 */
const CONNECTIONS = 2;
/** A connection that lived so long was a good one: its successor is opened at once. */
const GOOD_AFTER_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Slack refuses: somebody has to act, and tries in the meantime are for nothing. */
const REFUSED_WAIT_MS = 5 * 60_000;
/** Slack is not reached for so long, though it refuses nothing: perhaps a new process reaches it. */
const DEAD_AFTER_MS = 5 * 60_000;

export interface SocketsDeps extends ConnectionDeps {
  readonly hearing: (hearing: Hearing) => void;
  /** Default: 5 minutes. */
  readonly refusedWaitMs?: number;
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
  const roll = createRoll(deps, stopping.signal);
  const keepers: Promise<void>[] = [];
  return {
    start: async () => {
      const first = await openConnection(deps, stopping.signal);
      keepers.push(keepUp(deps, roll, stopping.signal, first));
      for (let more = 1; more < CONNECTIONS; more += 1) keepers.push(keepUp(deps, roll, stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(keepers);
    },
  };
}

/** One connection after the other, until `signal`; each is closed when its successor is there. Never rejects. */
async function keepUp(deps: SocketsDeps, roll: Roll, signal: AbortSignal, first?: Connection): Promise<void> {
  const { clock, log } = deps;
  let given = first;
  let last: Connection | undefined;
  let parting: Promise<unknown> = Promise.resolve();
  let failures = 0;
  while (!signal.aborted) {
    let wait = 0;
    try {
      const connection = given ?? (await openConnection(deps, signal));
      given = undefined;
      roll.up(connection);
      parting = Promise.all([parting, last?.close()]);
      last = connection;
      const since = clock.monotonic();
      const ending = await connection.ending;
      if (signal.aborted) break;
      const lived = clock.monotonic() - since;
      failures = lived >= GOOD_AFTER_MS ? 0 : failures + 1;
      log.info({ ending, livedMs: Math.round(lived) }, "a connection to Slack ended; opening the next");
      if (ending !== "leaving") roll.down(connection);
      if (ending === "off") throw switchedOff();
    } catch (caught) {
      failures += 1;
      if (!signal.aborted) wait = roll.failed(asRefusal(caught, "apps.connections.open"));
    }
    await clock.sleep(Math.max(wait, backoff(failures)), signal).catch(() => {});
  }
  await Promise.all([parting, last?.close()]);
}

/** None after a good connection; then doubling, spread so that the connections do not come back at one moment. */
function backoff(failures: number): number {
  if (failures === 0) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  return wait * (0.5 + Math.random() / 2);
}

/** Who is connected, and what that means for what is heard. */
interface Roll {
  up(connection: Connection): void;
  down(connection: Connection): void;
  /** Says what is wrong, once as long as it stays the same, and returns how long to wait, in milliseconds. */
  failed(refusal: PlatformRefusal): number;
}

/**
 * A connection that ends may have been deaf for a while, and the others with it: so what counts is that Slack was heard just now on one
 * of those that stay.
 */
function createRoll(deps: SocketsDeps, signal: AbortSignal): Roll {
  const { clock, log, hearing, refusedWaitMs = REFUSED_WAIT_MS } = deps;
  const connections = new Set<Connection>();
  let deafSince: number | undefined;
  let problem: PlatformRefusal | undefined;

  const judge = () => {
    if (signal.aborted) return;
    if ([...connections].some((connection) => connection.hears())) {
      deafSince = undefined;
      hearing({ kind: "listening" });
    } else {
      deafSince ??= clock.monotonic();
      hearing(deafness(problem, clock.monotonic() - deafSince));
    }
  };
  const down = (connection: Connection) => {
    if (connections.delete(connection)) judge();
  };
  return {
    down,
    up: (connection) => {
      connections.add(connection);
      problem = undefined;
      judge();
      void connection.gone.then(() => down(connection));
    },
    failed: (refusal) => {
      const isNews = problem?.code !== refusal.code;
      problem = refusal;
      judge();
      const about = { code: refusal.code, err: refusal };
      if (!isNews) log.debug(about, "a connection to Slack could still not be opened");
      else if (isRefusing(refusal))
        log.error(about, "Slack refuses SLACK_APP_TOKEN; no events come until it is valid");
      else log.warn(about, "a connection to Slack could not be opened; trying again");
      return isRefusing(refusal) ? refusedWaitMs : (refusal.retryAfterMs ?? 0);
    },
  };
}

function deafness(problem: PlatformRefusal | undefined, forMs: number): Hearing {
  if (problem === undefined) return { kind: "connecting", why: "every connection to Slack ended" };
  if (isRefusing(problem))
    return { kind: "refused", why: `Slack refuses SLACK_APP_TOKEN (${problem.message})` };
  const isDead = problem.kind === "unavailable" && forMs >= DEAD_AFTER_MS;
  return {
    kind: isDead ? "dead" : "connecting",
    why: `no connection to Slack can be opened (${problem.message})`,
  };
}

/** To wait and try again does not help: somebody has to act. */
function isRefusing({ kind }: PlatformRefusal): boolean {
  return kind !== "unavailable" && kind !== "rate_limited";
}
