import type { Draw } from "../chat/budget.ts";
import type { Clock } from "../clock.ts";
import { refusalOf } from "./refusal.ts";

/**
 * Discord takes 50 requests a second from a bot (docs.discord.com, Rate Limits, Global Rate Limit), whatever they are for. One less, because discord.js counts seconds
 * by the wall clock's milliseconds, which makes them up to two longer.
 */
export const PER_SECOND = 49;
const SECOND_MS = 1_000;
/** While all that fill a second are still under way. */
const LOOK_MS = 20;

/** One second of Discord's, for the bot as a whole. Paints draw on it as a budget; whatever else is asked does so here. */
export interface Room {
  /** What counts in it, its paints among it. */
  readonly draws: Set<Draw>;
  /** Makes a request that is no paint as soon as there is room for it, first come first served. Rejects when the signal aborts meanwhile. */
  readonly ask: <T>(work: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;
  /** Discord refused something for the sake of that limit: nothing is asked for so long. */
  readonly shut: (ms: number) => void;
  /** More than half of it is taken: what can be left out had better be. */
  readonly isCrowded: () => boolean;
}

const isRateLimit = (error: unknown) => refusalOf(error).kind === "rate_limited";

export function createRoom(clock: Clock): Room {
  const draws = new Set<Draw>();
  let turn: Promise<unknown> = Promise.resolve();
  let shutUntil = 0;

  const lately = () => {
    for (const draw of draws) if (draw.at <= clock.monotonic() - SECOND_MS) draws.delete(draw);
    return draws.size;
  };
  const freeIn = () => {
    if (shutUntil > clock.monotonic()) return shutUntil - clock.monotonic();
    if (lately() < PER_SECOND) return 0;
    const first = Math.min(...Array.from(draws, ({ at }) => at));
    // Rounding may leave nothing of a wait that is not over yet.
    return first === Infinity ? LOOK_MS : Math.max(1, first + SECOND_MS - clock.monotonic());
  };
  const make = async <T>(work: () => Promise<T>): Promise<T> => {
    const draw: Draw = { at: Infinity, isPaint: false };
    draws.add(draw);
    try {
      return await work();
    } catch (error) {
      // discord.js does not even send what is over the limit of its route.
      if (isRateLimit(error)) draws.delete(draw);
      throw error;
    } finally {
      draw.at = clock.monotonic();
    }
  };
  /** Between the last look and the draw nothing waits, so that nobody else takes the same room. */
  const enter = async <T>(
    work: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: Promise<T> }> => {
    for (let ms = freeIn(); ms > 0; ms = freeIn()) await clock.sleep(ms, signal);
    signal?.throwIfAborted();
    return { answer: make(work) };
  };
  return {
    draws,
    ask: async (work, signal) => {
      const entered = turn.then(() => enter(work, signal));
      turn = entered.catch(() => undefined);
      return (await entered).answer;
    },
    shut: (ms) => void (shutUntil = Math.max(shutUntil, clock.monotonic() + ms)),
    isCrowded: () => lately() > PER_SECOND / 2,
  };
}
