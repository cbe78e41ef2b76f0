import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { asError, PlatformRefusal, type RefusalKind } from "../errors.ts";

/** Codes of Discord's errors that are acted upon (docs.discord.com, Opcodes and Status Codes, JSON). */
export const CODE = {
  unknownChannel: "discord_10003",
  unknownMessage: "discord_10008",
  missingPermissions: "discord_50013",
  threadArchived: "discord_50083",
  replyNeedsHistory: "discord_160002",
  threadExists: "discord_160004",
} as const;

/** Comes with 401, and says that an interaction's token has run out: the bot's is as good as before. */
const INTERACTION_OVER = 50027;

/** Codes whose meaning for the bridge is not that of their HTTP status. */
const KIND_OF_CODE: Readonly<Record<number, RefusalKind>> = {
  10008: "gone",
  20016: "rate_limited", // slowmode
  20028: "rate_limited", // too many writes in the channel
  20029: "rate_limited", // too many writes in the server
  30046: "rate_limited", // too many edits of messages older than an hour
  40062: "rate_limited",
  40333: "unavailable", // Cloudflare, in front of Discord
  50005: "rejected", // not our message
  [INTERACTION_OVER]: "gone",
  50024: "unreachable", // not in this type of channel
  50083: "unreachable", // archived
  130000: "unavailable", // overloaded
  160005: "unreachable", // locked
  160006: "unreachable", // too many active threads
  200000: "rejected", // AutoMod
  240000: "rejected", // harmful link
};

/** Used where Discord limits a rate and does not say for how long: the window in which it counts writes to a channel. */
const DEFAULT_WAIT_MS = 5_000;

/** Where a limit is over by now, so that nobody asks in a loop. */
const OVER_WAIT_MS = 250;

/** What was thrown by discord.js → the refusal that it means. What is already a refusal stays it. */
export function refusalOf(caught: unknown): PlatformRefusal {
  if (caught instanceof PlatformRefusal) return caught;
  if (caught instanceof RateLimitError) {
    const told = caught.retryAfter > 0 ? caught.retryAfter : caught.timeToReset;
    // discord.js looks at the clock twice: a limit that it knows may be over when it says for how long it is not.
    const untold = Number.isFinite(caught.limit) ? OVER_WAIT_MS : DEFAULT_WAIT_MS;
    const message = `${caught.method} ${caught.route}: limited to ${caught.limit} (${caught.scope})`;
    return new PlatformRefusal("rate_limited", "discord_rate_limited", message, {
      retryAfterMs: told > 0 ? told : untold,
      per: caught.global ? "platform" : undefined,
    });
  }
  // Not kept as the cause: discord.js puts what was sent, people's text among it, into these errors.
  if (caught instanceof DiscordAPIError) {
    const kind = kindOf(caught);
    const code = typeof caught.code === "number" ? `discord_${caught.code}` : `discord_http_${caught.status}`;
    const message = `${caught.method} answered ${caught.status}: ${caught.message}`;
    return new PlatformRefusal(
      kind,
      code,
      message,
      kind === "rate_limited" ? { retryAfterMs: DEFAULT_WAIT_MS } : {},
    );
  }
  if (caught instanceof HTTPError) {
    const message = `${caught.method} answered ${caught.status} ${caught.message}`.trimEnd();
    return new PlatformRefusal("unavailable", `discord_http_${caught.status}`, message);
  }
  const error = asError(caught);
  return new PlatformRefusal("unavailable", "discord_unreachable", error.message, { cause: error });
}

function kindOf({ code, status }: DiscordAPIError): RefusalKind {
  if (status === 401 && code !== INTERACTION_OVER) return "unauthorized";
  // An answer without a code is not Discord's own, but that of something in between.
  if (typeof code !== "number") return "unavailable";
  const known = KIND_OF_CODE[code];
  if (known) return known;
  return status === 403 || status === 404 ? "unreachable" : "rejected";
}
