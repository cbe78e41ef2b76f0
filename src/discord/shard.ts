import type { Client } from "discord.js";
import type { Exclusive } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Link, linkError } from "./client.ts";
import type { Gateway, Turn } from "./gateway.ts";
import { unless } from "./lanes.ts";
import type { Fare } from "./listen.ts";
import { workByRight } from "./right.ts";
import type { Token } from "./token.ts";
import type { Voice } from "./voice.ts";

/**
 * Between tries to connect, the last one for ever: even if each of them starts a session, they are fewer than the thousand a day
 * that Discord gives (docs.discord.com, Gateway, Rate Limiting).
 */
const PAUSES_MS = [1_000, 5_000, 15_000, 60_000, 120_000];
/** So many tries in a row may fail before a start does. */
const START_TRIES = 3;
/** Between tries when Discord refused the bot, which only an operator changes; the last one for ever. */
const REFUSED_PAUSES_MS = [10_000, 60_000, 300_000];
/** A connection that stood for so long was a good one. */
const STEADY_MS = 60_000;

export interface ShardDeps {
  readonly index: number;
  /** What this shard is called wherever processes share it. */
  readonly right: string;
  readonly exclusive: Exclusive;
  readonly gateway: Gateway;
  readonly token: Token;
  readonly voice: Voice;
  readonly clock: Clock;
  readonly log: Log;
  /** Throws `PatchcordError`. */
  readonly open: (turn: Turn, fare: Fare, signal: AbortSignal) => Promise<Link>;
}

/** One shard, for as long as the process runs: here whenever this process has the right to it. */
export interface Shard {
  /** Resolves as soon as it is known to listen, here or elsewhere. Rejects when it does not get there. */
  readonly settled: Promise<void>;
  /** Resolves when all is closed, after the signal aborted. */
  readonly done: Promise<void>;
  /** Absent while it does not listen here. */
  readonly client: Client<true> | undefined;
}

/** Runs until the signal aborts. */
export function runShard(deps: ShardDeps, signal: AbortSignal): Shard {
  const { right: name, voice } = deps;
  const settled = Promise.withResolvers<void>();
  let link: Link | undefined;

  const work = async (over: AbortSignal) => {
    voice.say({ kind: "connecting", why: "Discord's gateway is being connected to" });
    let failures = 0;
    while (!over.aborted) {
      const { why, wasSteady } = await live(deps, over, (opened) => {
        link = opened;
        if (opened) settled.resolve();
      });
      if (over.aborted) return;
      failures = wasSteady ? 0 : failures + 1;
      const judged = judge(why, failures);
      if (judged.kind !== "connecting" || failures >= START_TRIES) settled.reject(judged.error);
      await pauseAfter(deps, judged, over);
    }
  };
  const away = () => {
    voice.say({ kind: "elsewhere" });
    settled.resolve();
  };
  const done = workByRight({ ...deps, name, away, work }, signal);
  void done.then(() => settled.reject(signal.reason));

  return {
    settled: settled.promise,
    done,
    get client() {
      return link?.client;
    },
  };
}

/** One client's life. Returns why it is over, and whether it had been a good one. */
async function live(
  deps: ShardDeps,
  over: AbortSignal,
  hold: (link: Link | undefined) => void,
): Promise<{ why: Error; wasSteady: boolean }> {
  const { clock, voice } = deps;
  let since = Infinity;
  let link: Link | undefined;
  try {
    link = await open(deps, over);
    over.throwIfAborted();
    since = clock.monotonic();
    hold(link);
    voice.say({ kind: "listening", resumed: false });
    throw await unless(over, link.ended);
  } catch (error) {
    return { why: asError(error), wasSteady: clock.monotonic() - since >= STEADY_MS };
  } finally {
    hold(undefined);
    await link?.close();
  }
}

async function open({ gateway, index, voice, ...deps }: ShardDeps, over: AbortSignal): Promise<Link> {
  const fare: Fare = {
    lost: () => voice.say({ kind: "connecting", why: "Discord's gateway closed the connection" }),
    resumed: () => voice.say({ kind: "listening", resumed: true }),
  };
  // A new process would have to wait as well.
  const turn = await gateway.admit(index, (why) => voice.say({ kind: "refused", why }), over);
  try {
    return await deps.open(turn, fare, over);
  } finally {
    turn.end();
  }
}

/** Says what became of the connection, and waits until it may be tried again. */
async function pauseAfter(deps: ShardDeps, { kind, error, pause }: Judged, over: AbortSignal): Promise<void> {
  const { clock, log, token, voice } = deps;
  if (error.code === "discord_unauthorized") token.refuse();
  voice.say({ kind, why: error.message });
  log.warn({ err: error, pause }, "Discord's gateway is not connected; trying again");
  await clock.sleep(pause, over).catch(() => undefined);
}

type Failed = "connecting" | "refused" | "dead";

/** What is more than a connection that failed. */
const KIND_OF: Readonly<Record<string, Failed>> = {
  discord_unauthorized: "refused",
  discord_intent_refused: "refused",
  discord_shards_changed: "dead",
  discord_outdated: "refused",
};

interface Judged {
  readonly kind: Failed;
  readonly error: PatchcordError;
  /** Milliseconds until the next try. */
  readonly pause: number;
}

/** What to make of a connection that is over, after so many bad ones in a row. */
function judge(why: Error, failures: number): Judged {
  const error = why instanceof PlatformRefusal || !(why instanceof PatchcordError) ? linkError(why) : why;
  const kind = KIND_OF[error.code] ?? "connecting";
  const asked = why instanceof PlatformRefusal ? (why.retryAfterMs ?? 0) : 0;
  if (kind !== "connecting") return { kind, error, pause: nth(REFUSED_PAUSES_MS, Math.max(failures, 1)) };
  return { kind, error, pause: failures === 0 ? 0 : Math.max(nth(PAUSES_MS, failures), asked) };
}

/** The first is number 1; there is no end to the last. */
function nth(pauses: readonly number[], number: number): number {
  return pauses[number - 1] ?? pauses.at(-1) ?? 0;
}
