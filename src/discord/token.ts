import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";

/**
 * Between two looks at whether Discord takes the token again; the last one for ever. Discord blocks an address for 10,000
 * answers of 401, 403 and 429 in ten minutes (docs.discord.com, Rate Limits, Invalid Request Limit): these are five.
 */
const PAUSES_MS = [1_000, 10_000, 60_000, 300_000];

export const REFUSED =
  "Discord refuses DISCORD_TOKEN: reset the token on the application's Bot page in the developer portal, and set the new one";

/** Whether Discord takes the bot's token. While it does not, nothing is asked but that, and rarely. */
export interface Token {
  readonly isRefused: boolean;
  /** Throws `PlatformRefusal` while it is refused. */
  check(): void;
  /** Discord said so. */
  refuse(): void;
  /** Calls back when it is refused, and when it is taken again. */
  onChange(callback: () => void): void;
}

export interface TokenDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** When it aborts, nobody looks any more. */
  readonly signal: AbortSignal;
  /** Asks Discord for anything that needs the token. Throws `PlatformRefusal`. */
  readonly probe: () => Promise<unknown>;
}

export function createToken({ clock, log, signal, probe }: TokenDeps): Token {
  const callbacks: (() => void)[] = [];
  let isRefused = false;

  const set = (refused: boolean) => {
    isRefused = refused;
    for (const callback of callbacks) callback();
  };
  const isTaken = () =>
    probe().then(
      () => true,
      () => false,
    );
  const look = async () => {
    for (let tries = 0; ; tries += 1) {
      await clock.sleep(PAUSES_MS[tries] ?? PAUSES_MS.at(-1) ?? 0, signal);
      if (await isTaken()) break;
    }
    log.info("Discord takes the token again");
    set(false);
  };

  return {
    get isRefused() {
      return isRefused;
    },
    check() {
      if (isRefused) throw new PlatformRefusal("unauthorized", "discord_unauthorized", REFUSED);
    },
    refuse() {
      if (isRefused || signal.aborted) return;
      log.error(`${REFUSED}. Until then the bot hears and says nothing on Discord`);
      set(true);
      look().catch(() => undefined); // Only a stop ends it without success.
    },
    onChange: (callback) => void callbacks.push(callback),
  };
}
