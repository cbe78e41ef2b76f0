import type { MessageId, Place } from "../chat/place.ts";
import { PatchcordError } from "../errors.ts";

/** What a place is on Discord. A thread may not exist yet: then it will hang on the message that has its id. */
export type DiscordPlace =
  | { readonly kind: "channel"; readonly guild: string; readonly channel: string }
  | { readonly kind: "thread"; readonly guild: string; readonly parent: string; readonly thread: string }
  | { readonly kind: "dm"; readonly channel: string };

/** Stands where a guild's id would, as in the addresses that Discord's own client shows. */
export const NO_GUILD = "@me";

const ID = /^\d+$/;

/** `discord:<guild>:<channel>`, `discord:<guild>:<parent>:<thread>` or `discord:@me:<channel>`. Ids are snowflakes. */
export function encodePlace(place: DiscordPlace): Place {
  if (place.kind === "dm") return `discord:${NO_GUILD}:${place.channel}` as Place;
  if (place.kind === "channel") return `discord:${place.guild}:${place.channel}` as Place;
  return `discord:${place.guild}:${place.parent}:${place.thread}` as Place;
}

/** Throws `PatchcordError` for a string that `encodePlace` did not make: a place of another platform, or of a lost version. */
export function decodePlace(place: Place): DiscordPlace {
  const [platform, guild = "", channel = "", thread, ...rest] = place.split(":");
  const ids = thread === undefined ? [channel] : [channel, thread];
  if (platform === "discord" && rest.length === 0 && ids.every((id) => ID.test(id))) {
    if (guild === NO_GUILD && thread === undefined) return { kind: "dm", channel };
    if (ID.test(guild)) {
      return thread === undefined
        ? { kind: "channel", guild, channel }
        : { kind: "thread", guild, parent: channel, thread };
    }
  }
  throw new PatchcordError("place_invalid", `Not a place on Discord: ${place}`);
}

/** Where the place's messages are: a channel, and its guild if it has one. */
export interface Where {
  readonly guild?: string;
  readonly channel: string;
}

export function whereOf(place: DiscordPlace): Where {
  const channel = channelOf(place);
  return place.kind === "dm" ? { channel } : { guild: place.guild, channel };
}

/** The channel that the place's messages are in. To Discord a thread is a channel. */
export function channelOf(place: DiscordPlace): string {
  return place.kind === "thread" ? place.thread : place.channel;
}

/** A message is named by its snowflake. */
export function messageId(snowflake: string): MessageId {
  return snowflake as MessageId;
}

/** Whether a snowflake is younger than another one. They grow with time, and not always in length. */
export function isAfter(id: string, other: string): boolean {
  return BigInt(id) > BigInt(other);
}

/** When snowflakes begin, in milliseconds since the Unix epoch (docs.discord.com, API Reference, Snowflakes). */
const EPOCH_MS = 1_420_070_400_000;

/** The largest snowflake that was made before a time, in milliseconds since the epoch. */
export function snowflakeBefore(time: number): string {
  return String((BigInt(Math.max(1, Math.floor(time) - EPOCH_MS)) << 22n) - 1n);
}
