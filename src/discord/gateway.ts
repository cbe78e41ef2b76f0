import { type APIGatewayBotInfo, RequestMethod, Routes } from "discord.js";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Calls } from "./calls.ts";
import { createLanes, type Slot } from "./lanes.ts";

/** Between two sessions of shards with the same key, their number modulo `max_concurrency` (docs.discord.com, Gateway, Rate Limiting). */
const APART_MS = 5_000;
/** Of the day's session starts. Discord resets the token of a bot that needs more than all (docs.discord.com, Gateway, Rate Limiting). */
const LOW = 0.1;
/** When the next day begins may change: then it is asked again. */
const LONGEST_WAIT_MS = 600_000;

/** Where Discord's gateway is, and when a session may be started there. */
export interface Gateway {
  /** How many shards the bot is to have. Throws `PlatformRefusal`. */
  countShards(signal: AbortSignal): Promise<number>;
  /**
   * Waits until this shard may start a session: one after the other, five seconds apart, and none when the day's are used up; then
   * `waits` is told why. Throws `PlatformRefusal`, and the signal's reason.
   */
  admit(shard: number, waits: (why: string) => void, signal: AbortSignal): Promise<Turn>;
}

/** The right to start one session. */
export interface Turn extends Slot {
  readonly info: APIGatewayBotInfo;
}

export function createGateway({ calls, clock, log }: { calls: Calls; clock: Clock; log: Log }): Gateway {
  const lanes = createLanes({ clock, apartMs: APART_MS });
  let last: { readonly info: APIGatewayBotInfo; readonly at: number } | undefined;
  let isLow = false;

  const read = async (signal: AbortSignal): Promise<APIGatewayBotInfo> => {
    if (last && clock.monotonic() - last.at < APART_MS) return last.info;
    const request = { method: RequestMethod.Get, fullRoute: Routes.gatewayBot() };
    const info = checked(await calls.request(request, signal));
    last = { info, at: clock.monotonic() };
    return info;
  };
  /** Discord's answer, once it leaves room for a session. */
  const findRoom = async (waits: (why: string) => void, signal: AbortSignal): Promise<APIGatewayBotInfo> => {
    for (;;) {
      const info = await read(signal);
      const { remaining, total, reset_after: resetAfterMs } = info.session_start_limit;
      const wasLow = isLow;
      isLow = remaining < total * LOW;
      if (isLow && !wasLow)
        log.warn(
          { remaining, total, resetAfterMs },
          "few of the day's sessions on Discord's gateway are left",
        );
      if (remaining > 0) return info;
      log.error({ total, resetAfterMs }, "the day's sessions on Discord's gateway are used up; waiting");
      waits(`Discord lets no new session start for ${Math.ceil(resetAfterMs / 60_000)} minutes`);
      await clock.sleep(Math.min(Math.max(resetAfterMs, APART_MS), LONGEST_WAIT_MS), signal);
    }
  };

  return {
    countShards: async (signal) => (await read(signal)).shards,
    async admit(shard, waits, signal) {
      const keys = last?.info.session_start_limit.max_concurrency ?? 1;
      const slot = await lanes.enter(shard % keys, signal);
      try {
        return { ...slot, info: await findRoom(waits, signal) };
      } catch (error) {
        slot.end();
        throw error;
      }
    },
  };
}

/** What Discord answered, unless it is something in between that answered, with a page. */
function checked(answer: unknown): APIGatewayBotInfo {
  const info = answer as Partial<APIGatewayBotInfo> | null;
  const limit = info?.session_start_limit;
  const numbers = [info?.shards, limit?.remaining, limit?.total, limit?.reset_after, limit?.max_concurrency];
  if (typeof info?.url === "string" && numbers.every((number) => typeof number === "number"))
    return info as APIGatewayBotInfo;
  throw new PlatformRefusal(
    "unavailable",
    "discord_unreachable",
    "GET /gateway/bot was not answered by Discord",
  );
}
