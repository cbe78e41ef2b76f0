import {
  type APIMessage,
  MessageFlags,
  RequestMethod,
  type RESTAPIMessageReference,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from "discord.js";
import type { MessageId, Place } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import { type Calls, isRefusal } from "./calls.ts";
import type { Connection } from "./client.ts";
import { format } from "./format.ts";
import { channelOf, decodePlace, type DiscordPlace, messageId } from "./place.ts";
import { isSaid } from "./parse.ts";
import type { Reader } from "./reader.ts";
import { CODE } from "./refusal.ts";
import { threadName } from "./text.ts";
import type { Posted, Unsettled } from "./unsettled.ts";

export interface Posts {
  post(place: Place, page: Page, key: PostKey): Promise<MessageId>;
  edit(place: Place, id: MessageId, page: Page): Promise<void>;
}

type Thread = Extract<DiscordPlace, { kind: "thread" }>;

/** What a post and an edit say alike. An edit without `allowed_mentions` would notify as if there were no such thing. */
const contentOf = (page: Page) => ({
  content: format(page.text),
  allowed_mentions: { parse: [], replied_user: false },
  flags: MessageFlags.SuppressEmbeds,
});

export function createPosts(connection: Connection, reader: Reader, unsettled: Unsettled): Posts {
  const { client, calls } = connection;
  return {
    async post(place, page, key) {
      const target = decodePlace(place);
      const channel = channelOf(target);
      if (target.kind === "thread" && !client.channels.cache.has(channel))
        await openThread(calls, reader, target);
      return unsettled.attempt(key, async (doubt) => {
        const earlier = doubt && (doubt.heard ?? (await findAnswer(connection, channel, page.replyTo)));
        const posted = earlier ?? (await create(calls, channel, page, key));
        // What an earlier attempt posted, and Discord gives back for the same nonce, may be what the page said then.
        if (doubt && posted.content !== contentOf(page).content.trim())
          await replace(calls, channel, posted.id, page);
        return posted.id;
      });
    },

    async edit(place, id, page) {
      const channel = channelOf(decodePlace(place));
      try {
        await replace(calls, channel, id, page);
      } catch (error) {
        if (!isRefusal(error, CODE.threadArchived)) throw error;
        // Whoever may post in a thread may take it out of the archive, unless it is locked.
        const body = { archived: false };
        await calls.request({ method: RequestMethod.Patch, fullRoute: Routes.channel(channel), body });
        await replace(calls, channel, id, page);
      }
    },
  };
}

async function replace(calls: Calls, channel: string, id: MessageId, page: Page): Promise<void> {
  const request = { method: RequestMethod.Patch, fullRoute: Routes.channelMessage(channel, id) };
  await calls.request({ ...request, body: contentOf(page) });
}

/** Opens the thread that is to hang on a question, if it is not there. */
async function openThread(calls: Calls, reader: Reader, { parent, thread }: Thread): Promise<void> {
  const question = await reader.find(parent, thread);
  if (!question) return; // Deleted, or the thread hangs on nothing: the post will tell.
  const body = { name: threadName(question.text) };
  try {
    await calls.request({ method: RequestMethod.Post, fullRoute: Routes.threads(parent, thread), body });
  } catch (error) {
    if (!isRefusal(error, CODE.threadExists) && !isRefusal(error, CODE.unknownMessage)) throw error;
  }
}

/**
 * The bot's answer to a message, if it stands in the channel already. Goes by the reply, since Discord does not keep
 * nonces (Rapptz/discord.py#2451).
 */
async function findAnswer(
  { client, calls }: Connection,
  channel: string,
  question: MessageId | undefined,
): Promise<Posted | undefined> {
  if (question === undefined) return undefined;
  const query = new URLSearchParams({ after: question, limit: "100" });
  const fullRoute = Routes.channelMessages(channel);
  const newestFirst = (await calls.request({ method: RequestMethod.Get, fullRoute, query })) as APIMessage[];
  const hangsOnIt = channel === question;
  // Discord's own note at the head of a thread is in the name of whoever opened it.
  const isOwn = ({ type, author }: APIMessage) => isSaid(type) && author.id === client.user.id;
  const answer = newestFirst
    .filter(isOwn)
    .findLast((message) => hangsOnIt || message.message_reference?.message_id === question);
  return answer && postedOf(answer);
}

async function create(calls: Calls, channel: string, page: Page, key: PostKey): Promise<Posted> {
  const send = async (reference?: RESTAPIMessageReference) => {
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...contentOf(page),
      nonce: key.text,
      enforce_nonce: true,
      ...(reference ? { message_reference: reference } : {}),
    };
    const request = { method: RequestMethod.Post, fullRoute: Routes.channelMessages(channel), body };
    return postedOf((await calls.request(request)) as APIMessage);
  };
  // What a thread hangs on is in another channel, and cannot be replied to from within.
  if (page.replyTo === undefined || page.replyTo === channel) return send();
  try {
    return await send({ message_id: page.replyTo, fail_if_not_exists: false });
  } catch (error) {
    if (!isRefusal(error, CODE.replyNeedsHistory)) throw error;
    return send();
  }
}

const postedOf = ({ id, content }: APIMessage): Posted => ({ id: messageId(id), content });
