import type { Core } from "../core.ts";
import { withoutCode } from "../mentions.ts";
import { can } from "../permissions.ts";
import { MESSAGE_FLAG, need, type Message } from "../world.ts";

/**
 * Makes previews of the links in a message, as Discord does unless the message's flag, the missing
 * EMBED_LINKS, or `<…>` around the link keeps it from doing so. Returns whether there are any.
 */
export function unfurlLinks(core: Core, message: Message): boolean {
  const { id: messageId, channelId, authorId } = message;
  const kept = message.embeds.filter(({ type }) => type === "rich");
  const urls = mayUnfurl(core, message) ? linksIn(message.content) : [];
  for (const url of urls) core.unfurlings.push({ messageId, channelId, authorId, url });
  message.embeds = [...kept, ...urls.map((url) => ({ type: "link", url, title: new URL(url).hostname }))];
  return urls.length > 0;
}

function mayUnfurl({ world }: Core, { channelId, authorId, flags }: Message): boolean {
  if (flags & MESSAGE_FLAG.suppressEmbeds) return false;
  const channel = need(world.channels, channelId, "channel");
  return authorId !== world.bot.id || can(world, authorId, channel, "EMBED_LINKS");
}

function linksIn(content: string): string[] {
  const text = withoutCode(content).replace(/<https?:[^\s>]*>/g, " ");
  return [...new Set(text.match(/https?:\/\/[^\s<>)\]]+/g))].filter((url) => URL.canParse(url));
}
