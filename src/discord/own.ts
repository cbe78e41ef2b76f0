import type { Message as DiscordMessage } from "discord.js";
import type { MessageId } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import { isSaid } from "./parse.ts";
import { messageId, type Where } from "./place.ts";
import type { Reader } from "./reader.ts";
import type { Posted } from "./unsettled.ts";

/** The most that one request gives (docs.discord.com, Message Resource, Get Channel Messages). */
const BATCH = 100;
/** How many requests a search may cost. What is looked for was posted soon after what it follows, unless many waited for an answer. */
const MOST_REQUESTS = 5;

export interface Lost {
  readonly where: Where;
  readonly page: Page;
  readonly key: PostKey;
  /** The bot's user. */
  readonly self: string;
}

/**
 * The message that shows a page already, if it stands in the channel. Discord does not keep nonces (Rapptz/discord.py#2451), so it
 * goes by what a message hangs on:
 * - A first page by the question that it replies to. That is certain, unless the question was deleted before.
 * - A later page, or the nudge, by its place: nothing of the bot's comes between the pages of one turn, since a place has one turn at a time and a page is
 *   posted only when the one before is known; and every other turn begins with a reply. So it is the first message of the bot after the
 *   page before, if that replies to nothing. Not certain where somebody else posts with the bot's token.
 *   Not found, and so posted again, where other turns came in between: the page before was posted as an offer to answer later.
 */
export async function findOwn(reader: Reader, lost: Lost): Promise<Posted | undefined> {
  const { where, page, key, self } = lost;
  const since = key.page === 0 ? page.replyTo : key.after;
  if (since === undefined) return undefined;
  const hangsOnIt = where.channel === since;
  for await (const message of ownAfter(reader, where, { since, self })) {
    const { reference } = message;
    if (key.page !== 0) return reference ? undefined : postedOf(message);
    if (hangsOnIt || reference?.messageId === since) return postedOf(message);
  }
  return undefined;
}

const postedOf = ({ id, content }: DiscordMessage): Posted => ({ id: messageId(id), content });

/** What the bot said after a message, oldest first. */
async function* ownAfter(
  reader: Reader,
  where: Where,
  { since, self }: { since: MessageId; self: string },
): AsyncGenerator<DiscordMessage> {
  let after: string = since;
  for (let request = 0; request < MOST_REQUESTS; request += 1) {
    const batch = (await reader.list(where, { after, limit: BATCH })).toReversed();
    for (const message of batch) {
      // Discord's own note at the head of a thread is in the name of whoever opened it.
      if (isSaid(message.type) && message.author.id === self) yield message;
      after = message.id;
    }
    if (batch.length < BATCH) return;
  }
}
