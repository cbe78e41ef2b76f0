import type { Clock } from "../clock.ts";

/** Discord takes 50 requests a second from a bot (docs.discord.com, Rate Limits, Global Rate Limit). Two are for what is let through at the same moment. */
export const PER_SECOND = 48;
const SECOND_MS = 1_000;
/** While all that fill a second are still under way. */
const LOOK_MS = 20;

/**
 * One second of Discord's for all requests. Paints are let through by their budget, which leaves room for whatever else is asked; that waits, first come first served,
 * while there is none.
 */
export interface Room {
  readonly paint: <T>(work: () => Promise<T>) => Promise<T>;
  /** What is no paint. Rejects when the signal aborts meanwhile. */
  readonly ask: <T>(work: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;
  /** More than half of it is taken: whatever can be left out had better be. */
  readonly isCrowded: () => boolean;
  /** What is no paint, and was asked within a second, or is under way, or waits. */
  readonly beside: () => number;
}

/** A request is counted until a second after its answer, since it is not known when it came to Discord. */
interface Request {
  readonly isPaint: boolean;
  answeredAt: number;
}

export function createRoom(clock: Clock): Room {
  let requests: readonly Request[] = [];
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const recent = () =>
    (requests = requests.filter(({ answeredAt }) => answeredAt > clock.monotonic() - SECOND_MS));
  const make = async <T>(isPaint: boolean, work: () => Promise<T>): Promise<T> => {
    const request: Request = { isPaint, answeredAt: Infinity };
    requests = [...recent(), request];
    try {
      return await work();
    } finally {
      request.answeredAt = clock.monotonic();
    }
  };
  const freeIn = () => {
    if (recent().length < PER_SECOND) return 0;
    const first = Math.min(...requests.map(({ answeredAt }) => answeredAt));
    return first === Infinity ? LOOK_MS : first + SECOND_MS - clock.monotonic();
  };
  /** What stands before the work begins is done in one go, so that nobody else takes the same room. */
  const enter = async <T>(
    work: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: Promise<T> }> => {
    for (let ms = freeIn(); ms > 0; ms = freeIn()) await clock.sleep(ms, signal);
    return { answer: make(false, work) };
  };
  return {
    paint: (work) => make(true, work),
    ask: async (work, signal) => {
      waiting += 1;
      const entered = turn.then(() => enter(work, signal)).finally(() => (waiting -= 1));
      turn = entered.catch(() => undefined);
      return (await entered).answer;
    },
    isCrowded: () => recent().length > PER_SECOND / 2,
    beside: () => recent().filter(({ isPaint }) => !isPaint).length + waiting,
  };
}
