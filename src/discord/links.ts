import type { Linkable, LinkedMessage, PlatformLinks } from "../chat/links.ts";
import { channelOf, type DiscordPlace, decodePlace, encodePlace, messageId, NO_GUILD } from "./place.ts";

/** `/channels/<guild or @me>/<channel>/<message>`: what Discord's client copies as a message's link. */
const PATH = /^\/channels\/(@me|\d+)\/(\d+)\/(\d+)\/?$/;
/** Discord's own, its test versions' and its old one. */
const HOSTS = new Set(["discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"]);
/** A loopback Discord's (`DISCORD_API_URL`). */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})$/;

export const discordLinks: PlatformLinks = { platform: "discord", linkTo, readLink };

/** The message that a thread hangs on is linked to in the thread, which shows it, in a forum as in a text channel. */
function linkTo({ place, id }: Linkable): string {
  const target = decodePlace(place);
  const guild = target.kind === "dm" ? NO_GUILD : target.guild;
  return `https://discord.com/channels/${guild}/${channelOf(target)}/${id}`;
}

function readLink(link: string): LinkedMessage | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const isDiscord =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    (HOSTS.has(url.hostname) || LOOPBACK.test(url.hostname));
  const [, guild = "", channel = "", id] = (isDiscord && PATH.exec(url.pathname)) || [];
  if (id === undefined) return undefined;
  const common = { platform: "discord", id: messageId(id) };
  if (guild === NO_GUILD) return { ...common, places: [encodePlace({ kind: "dm", channel })] };
  // Whether the channel is a thread, or a thread hangs on the message, an address does not tell.
  const places: readonly DiscordPlace[] = [
    { kind: "channel", guild, channel },
    { kind: "thread", guild, parent: channel, thread: id },
  ];
  return { ...common, places: places.map(encodePlace), threadId: channel };
}
