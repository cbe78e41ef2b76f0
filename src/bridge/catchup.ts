import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Intake, Verdict } from "./intake.ts";

export interface CatchUpDeps {
  readonly store: Store;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether what was missed is read and answered. What was said is read for context in any case, when the bot is next asked. */
  readonly enabled: boolean;
}

/** Clocks differ, and a connection that died is noticed late: so much of what was heard before is read again. */
const OVERLAP_MS = 60_000;
/** The platforms' clocks may be ahead of ours by so much. */
const CLOCK_SKEW_MS = 60_000;
/** Nobody waits for an answer to what was asked longer ago. */
const MOST_MS = 7 * 24 * 3_600_000;
/** When the machine's clock was wrong, it is not known since when nobody listened. */
const UNKNOWN_MS = 3_600_000;
/** Where the bot took part lately. Their order is what the adapter goes by; how many it reads is its own bound. */
const PLACES = 200;

/**
 * Reads once what was posted on this part of the platform while nobody listened, and hands it to intake. Rejects with what made it
 * impossible to go on; what was read until then counts, and all of it may be read again, with the same `late`.
 */
export async function catchUp(
  deps: CatchUpDeps,
  { platform, part }: { platform: Platform; part: string },
  late: LateOnes,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = deps;
  // Nobody listened until now, so every place may have a gap.
  await store.markDeaf(platform.name, clock.now() + CLOCK_SKEW_MS);
  const until = await store.listenedUntil(platform.name, part);
  if (!deps.enabled || !platform.missed || until === undefined) return;
  const since = startOf(until, clock.now());
  const places = await store.recentPlaces(platform.name, PLACES);
  let count = 0;
  try {
    for await (const message of platform.missed({ part, since, places, signal })) {
      signal.throwIfAborted();
      count += 1;
      await late.take(message);
    }
    signal.throwIfAborted();
  } finally {
    log.info({ platform: platform.name, part, since, count }, "what was said in the meantime was read");
  }
}

function startOf(until: number, now: number): number {
  return until > now ? now - UNKNOWN_MS : Math.max(until - OVERLAP_MS, now - MOST_MS);
}

/** Takes what was missed. Of several messages of a place that are too late to be answered unasked, the newest stands for all. */
export interface LateOnes {
  /** Messages of a place come oldest first, and may come again. */
  take(message: Message): Promise<void>;
  /** Nothing more comes: offers to answer what is left. */
  finish(): Promise<void>;
}

export function createLateOnes(intake: Intake): LateOnes {
  const newest = new Map<Place, { message: Message; verdict: Verdict }>();
  const offer = async (place: Place) => {
    const held = newest.get(place);
    if (held) await intake.take(held.message, held.verdict);
    newest.delete(place);
  };
  return {
    take: async (message) => {
      const { place, key, sentAt } = message;
      const held = newest.get(place);
      const verdict = await intake.judge(message, {
        follows: held !== undefined && held.message.sentAt < sentAt,
      });
      if (held?.message.key === key) return;
      if (verdict.kind === "late") {
        const [older, newer] =
          held && held.message.sentAt > sentAt ? [{ message, verdict }, held] : [held, { message, verdict }];
        if (older) await intake.take(older.message, { kind: "ignore", why: "late_and_followed" });
        newest.set(place, newer);
        return;
      }
      // It was asked before what is answered now, and its offer is to stand before the answer.
      if (verdict.kind === "answer") await offer(place);
      await intake.take(message, verdict);
    },
    finish: async () => {
      for (const place of newest.keys()) await offer(place);
    },
  };
}
