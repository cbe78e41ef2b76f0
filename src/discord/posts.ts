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
import { asFileRefusal, withFile } from "./attach.ts";
import type { Bot } from "./bot.ts";
import { type Calls, isRefusal } from "./calls.ts";
import { format, nudgeText } from "./format.ts";
import { findOwn } from "./own.ts";
import { channelOf, decodePlace, type DiscordPlace, messageId, whereOf } from "./place.ts";
import { buttonRows } from "./presses.ts";
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
const contentOf = ({ text, nudge }: Page) => ({
  content: nudge ? nudgeText(text, nudge) : format(text),
  allowed_mentions: { parse: [], replied_user: false, ...(nudge && { users: [nudge.person] }) },
  flags: MessageFlags.SuppressEmbeds,
});

export function createPosts(bot: Bot, reader: Reader, unsettled: Unsettled): Posts {
  const { calls, userId: self } = bot;
  return {
    async post(place, page, key) {
      const target = decodePlace(place);
      if (target.kind === "thread" && !(await bot.hasThread(target.guild, target.thread)))
        await openThread(calls, reader, target);
      return unsettled.attempt(key, async (doubt) => {
        const lost = { where: whereOf(target), page, key, self };
        const earlier = doubt && (doubt.heard ?? (await findOwn(reader, lost)));
        const posted = earlier ?? (await create(calls, place, page, key).catch(asFileRefusal(page)));
        // What an earlier attempt posted, and Discord gives back for the same nonce, may be what the page said then.
        if (doubt && posted.content !== contentOf(page).content.trim())
          await replace(calls.request, place, posted.id, page);
        return posted.id;
      });
    },

    async edit(place, id, page) {
      try {
        await replace(calls.paint, place, id, page);
      } catch (error) {
        if (!isRefusal(error, CODE.threadArchived)) throw error;
        // Whoever may post in a thread may take it out of the archive, unless it is locked.
        const fullRoute = Routes.channel(channelOf(decodePlace(place)));
        await calls.request({ method: RequestMethod.Patch, fullRoute, body: { archived: false } });
        await replace(calls.request, place, id, page);
      }
    },
  };
}

/** What the budgets have let through is a paint; what has to be done beside it is asked for. */
type Send = Calls["paint"];

/** Components that an edit does not name stay (docs.discord.com, Edit Message): so where there are none, it says so. */
async function replace(send: Send, place: Place, id: MessageId, page: Page): Promise<void> {
  const fullRoute = Routes.channelMessage(channelOf(decodePlace(place)), id);
  // Files that an edit does not name stay as well, if it names none.
  const attachments = page.file ? [{ id: 0, filename: page.file.name }] : [];
  const body = { ...contentOf(page), components: buttonRows(page.buttons ?? [], place), attachments };
  const request = await withFile({ method: RequestMethod.Patch, fullRoute, body }, page);
  await send(request).catch(asFileRefusal(page));
}

/** Opens the thread that is to hang on a question, if it is not there. */
async function openThread(calls: Calls, reader: Reader, { guild, parent, thread }: Thread): Promise<void> {
  const question = await reader.find({ guild, channel: parent }, thread);
  if (!question) return; // Deleted, or the thread hangs on nothing: the post will tell.
  const body = { name: threadName(question.text) };
  try {
    await calls.request({ method: RequestMethod.Post, fullRoute: Routes.threads(parent, thread), body });
  } catch (error) {
    if (!isRefusal(error, CODE.threadExists) && !isRefusal(error, CODE.unknownMessage)) throw error;
  }
}

async function create(calls: Calls, place: Place, page: Page, key: PostKey): Promise<Posted> {
  const channel = channelOf(decodePlace(place));
  const components = buttonRows(page.buttons ?? [], place);
  const send = async (by: Send, reference?: RESTAPIMessageReference) => {
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...contentOf(page),
      ...(components.length > 0 ? { components } : {}),
      nonce: key.text,
      enforce_nonce: true,
      ...(reference ? { message_reference: reference } : {}),
    };
    const request = { method: RequestMethod.Post, fullRoute: Routes.channelMessages(channel), body };
    return postedOf((await by(await withFile(request, page))) as APIMessage);
  };
  // What a thread hangs on is in another channel, and cannot be replied to from within.
  if (page.replyTo === undefined || page.replyTo === channel) return send(calls.paint);
  try {
    return await send(calls.paint, { message_id: page.replyTo, fail_if_not_exists: false });
  } catch (error) {
    if (!isRefusal(error, CODE.replyNeedsHistory)) throw error;
    return send(calls.request);
  }
}

const postedOf = ({ id, content }: APIMessage): Posted => ({ id: messageId(id), content });
