import {
  type InternalRequest,
  type RateLimitData,
  REST,
  RequestMethod,
  RESTEvents,
  type RESTOptions,
  Routes,
} from "discord.js";
import type { Clock } from "../clock.ts";
import { PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { DiscordConfig } from "./config.ts";
import { refusalOf } from "./refusal.ts";
import { createRoom, type Room } from "./room.ts";
import { createToken, type Token } from "./token.ts";

/**
 * How long Discord may take to answer, with the wait for the requests before it in its channel. discord.js's own limit,
 * which is the same, ends with the headers.
 */
const ANSWER_MS = 15_000;

/**
 * discord.js takes a window to end as long after its last answer as that one said, we as long after its first one as a window lasts: what we let through may come too
 * early for it by as much as one answer took longer than another. Then it waits by itself. A 429 of Discord's own asks for whole seconds (docs.discord.com, Rate Limits).
 */
const MOMENT_MS = 250;
const isMoment = ({ retryAfter }: RateLimitData) => retryAfter > 0 && retryAfter <= MOMENT_MS;

/** One try and next to no waiting for rate limits: whoever calls decides about both. discord.js would wait for a 429 without end. */
function restOptions({ apiUrl }: DiscordConfig): Partial<RESTOptions> {
  return {
    ...(apiUrl === undefined ? {} : { api: apiUrl.replace(/\/+$/, "") }),
    retries: 0,
    offset: 0,
    rejectOnRateLimit: (limit) => !isMoment(limit),
    timeout: ANSWER_MS,
    // Discord blocks an address for 10,000 answers of 401, 403 and 429 in ten minutes (docs.discord.com, Rate Limits).
    invalidRequestWarningInterval: 500,
  };
}

/** Calls of Discord's REST API. Everything that fails is thrown as `PlatformRefusal`. */
export interface Calls {
  /** One for all of the process, because it counts what Discord's limits leave. */
  readonly rest: REST;
  readonly token: Token;
  /** What is no paint: waits while Discord's second is full. */
  readonly request: (request: InternalRequest, signal?: AbortSignal) => Promise<unknown>;
  /** A paint that its budgets have let through. */
  readonly paint: (request: InternalRequest) => Promise<unknown>;
  readonly isCrowded: Room["isCrowded"];
  /** For what discord.js asks by itself: the same time limit and refusals. */
  guard<T>(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Ends what runs by itself. */
  close(): void;
}

export interface CallsDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The bot's second. Absent: one of its own, for calls that are few. */
  readonly room?: Room;
}

type Work<T> = (signal: AbortSignal) => Promise<T>;
type Enter = Room["ask"];

/** What its budget let through, and what answers an interaction, which is outside of the limit for the bot as a whole (docs.discord.com, Rate Limits). */
const atOnce: Enter = (work) => work();

export function createCalls(deps: CallsDeps): Calls {
  const { clock, config, log, room = createRoom(clock) } = deps;
  const rest = new REST(restOptions(config)).setToken(config.token);
  rest.on(RESTEvents.InvalidRequestWarning, ({ count }) =>
    log.warn({ count }, "Discord refuses many requests; at 10,000 in ten minutes it blocks the address"),
  );
  const attempt = async <T>(work: Work<T>, enter: Enter, signal?: AbortSignal): Promise<T> => {
    try {
      return await enter(() => within({ clock, ms: ANSWER_MS, signal }, work), signal);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.per === "platform") room.shut(refusal.retryAfterMs ?? 0);
      // discord.js forgets a token that was refused once, and would not even try again until the process ends.
      if (refusal.kind === "unauthorized") rest.setToken(config.token);
      throw refusal;
    }
  };
  const probe = { method: RequestMethod.Get, fullRoute: Routes.user() };
  const token = createToken({
    ...deps,
    probe: () => attempt((late) => rest.request({ ...probe, signal: late }), room.ask),
  });
  const guard = async <T>(work: Work<T>, enter: Enter, signal?: AbortSignal): Promise<T> => {
    token.check();
    try {
      return await attempt(work, enter, signal);
    } catch (error) {
      if (error instanceof PlatformRefusal && error.kind === "unauthorized") token.refuse();
      throw error;
    }
  };
  return {
    rest,
    token,
    guard: (work, signal) => guard(work, room.ask, signal),
    request: (request, signal) =>
      guard(
        (late) => rest.request({ ...request, signal: late }),
        request.auth === false ? atOnce : room.ask,
        signal,
      ),
    paint: (request) => guard((late) => rest.request({ ...request, signal: late }), atOnce),
    isCrowded: room.isCrowded,
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

/** Whether this is Discord's refusal with this code. */
export function isRefusal(error: unknown, code: string): boolean {
  return error instanceof PlatformRefusal && error.code === code;
}

export interface Limit {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
}

/** Gives `work` so much time, or until the signal: then its own signal aborts, and the promise rejects whether or not it heeds that. */
export async function within<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController();
  const over = new AbortController();
  const waking = limit.signal ? AbortSignal.any([done.signal, limit.signal]) : done.signal;
  const expired = limit.clock
    .sleep(limit.ms, waking)
    .then(() =>
      Promise.reject(new PatchcordError("discord_timeout", `Discord took more than ${limit.ms} ms`)),
    )
    .finally(() => over.abort());
  try {
    return await Promise.race([work(over.signal), expired]);
  } finally {
    done.abort();
  }
}
