import { RequestMethod, Routes } from "discord.js";
import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Bot } from "./bot.ts";
import type { Calls } from "./calls.ts";
import { channelOf, decodePlace, type DiscordPlace } from "./place.ts";

/** Typing is shown for ten seconds (docs.discord.com, Channel Resource, Trigger Typing Indicator). */
const REFRESH_MS = 8_000;
/** In a crowd typing is shown once others have less to ask: what is painted says more. */
const CROWDED_MS = 500;

/** What it takes of the bot. */
interface Typist extends Pick<Bot, "hasThread"> {
  readonly calls: Pick<Calls, "request" | "isCrowded">;
}

/** Shows that the bot is typing. There is no call that ends it but a message, so it must not be refreshed after one. */
export interface Typing {
  start(place: Place, signal: AbortSignal): void;
  /** The first post is about to be made. */
  end(place: Place): void;
}

export function createTyping(bot: Typist, deps: { clock: Clock; log: Log }): Typing {
  const running = new Map<Place, AbortController>();

  /** A thread that is not there yet cannot show anything: then its channel does. */
  const channelFor = async (place: DiscordPlace) =>
    place.kind === "thread" && !(await bot.hasThread(place.guild, place.thread))
      ? place.parent
      : channelOf(place);
  const end = (place: Place) => {
    running.get(place)?.abort();
    running.delete(place);
  };
  const show = async (channel: string, signal: AbortSignal) => {
    try {
      await bot.calls.request(
        { method: RequestMethod.Post, fullRoute: Routes.channelTyping(channel) },
        signal,
      );
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  };
  const refresh = async (place: Place, signal: AbortSignal) => {
    const channel = await channelFor(decodePlace(place));
    while (!signal.aborted) {
      const isCrowded = bot.calls.isCrowded();
      if (!isCrowded) await show(channel, signal);
      await deps.clock.sleep(isCrowded ? CROWDED_MS : REFRESH_MS, signal);
    }
  };

  return {
    end,
    start(place, signal) {
      end(place);
      const own = new AbortController();
      running.set(place, own);
      const ended = AbortSignal.any([own.signal, signal]);
      void refresh(place, ended)
        .catch((error: unknown) => {
          const code = error instanceof PlatformRefusal ? error.code : undefined;
          if (!ended.aborted) deps.log.debug({ place, code }, "Discord does not show that the bot is typing");
        })
        .finally(() => {
          if (running.get(place) === own) running.delete(place);
        });
    },
  };
}

/** Not worth more than to leave out one refresh. */
function isPassing(error: unknown): boolean {
  return error instanceof PlatformRefusal && (error.kind === "rate_limited" || error.kind === "unavailable");
}
