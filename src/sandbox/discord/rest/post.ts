import type { Core } from "../core.ts";
import { createMessage, replyTo } from "../deeds/messages.ts";
import { createForm } from "../form.ts";
import { postedJson } from "../json/message.ts";
import { can } from "../permissions.ts";
import { Refusal } from "../refusal.ts";
import {
  CHANNEL_TYPE,
  holdsMessages,
  isSystem,
  isThread,
  type Attachment,
  type Channel,
  type Message,
} from "../world.ts";
import { channelOf, demand, ok, readBody, type Answer, type Call, type File } from "./call.ts";
import { postForm, type PostForm, type ReferenceForm } from "./message-form.ts";

/** Discord, Create Message. */
export async function postMessage(call: Call): Promise<Answer> {
  const { core } = call;
  const { world, eye } = core;
  const channel = channelOf(call);
  if (!holdsMessages(channel)) throw new Refusal(50008);
  const form = postForm(await readBody(call));
  demandSending(call, channel);
  const earlier = form.enforceNonce ? postedUnder(core, form.nonce) : undefined;
  if (earlier) return ok(postedJson(world, earlier, eye));

  if (form.files.length > 0) demand(call, channel, "ATTACH_FILES");
  if (form.embeds?.length) demand(call, channel, "EMBED_LINKS");
  const { content = "", embeds = [], components = [] } = form;
  if (content === "" && [embeds, form.files, components].every(({ length }) => length === 0))
    throw new Refusal(50006);
  const target = form.reference ? replyTarget(call, channel, form.reference) : undefined;
  const message = createMessage(core, {
    channel,
    authorId: world.bot.id,
    content,
    embeds,
    components,
    nonce: form.nonce,
    flags: form.flags ?? 0,
    allowed: form.allowed,
    attachments: attachmentsOf(core, form.files),
    ...(target ? replyTo(target) : {}),
  });
  return ok(postedJson(world, message, eye));
}

/** The permission to write here. Threads have one of their own; a DM's other side may take no messages. */
function demandSending(call: Call, channel: Channel): void {
  const { world } = call.core;
  if (channel.type === CHANNEL_TYPE.dm) {
    const recipient = world.users.get(channel.recipientId ?? "");
    const mutual = [...world.guilds.values()].some(
      ({ members }) => members.has(world.bot.id) && members.has(recipient?.id ?? ""),
    );
    if (!mutual) throw new Refusal(50278);
    if (!recipient?.acceptsDms) throw new Refusal(50007);
  }
  demand(call, channel, isThread(channel) ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES");
  demandUnlocked(call, channel);
}

/** Only moderators write and edit in locked threads (Discord, Threads, Locked Threads). */
export function demandUnlocked({ core }: Call, channel: Channel): void {
  const { world } = core;
  if (channel.thread?.locked && !can(world, world.bot.id, channel, "MANAGE_THREADS"))
    throw new Refusal(160005);
}

/**
 * What the bot posted under this nonce in the past few minutes, in any channel ("by the same author": Discord,
 * Create Message). If that was deleted, the answer is Unknown Message (discord-api-docs issue 6647).
 */
function postedUnder({ world, settings }: Core, nonce: PostForm["nonce"]): Message | undefined {
  if (nonce === undefined) return undefined;
  const posted = world.nonces.get(`${world.bot.id}:${nonce}`);
  if (!posted || world.now() - posted.at >= settings.nonceMs) return undefined;
  const message = world.channels.get(posted.channelId)?.messages.get(posted.messageId);
  if (!message) throw new Refusal(10008);
  return message;
}

/** The message to reply to. Undefined: it is gone, and the request said that this does not matter. */
function replyTarget(call: Call, channel: Channel, reference: ReferenceForm): Message | undefined {
  const { world } = call.core;
  if (!can(world, world.bot.id, channel, "READ_MESSAGE_HISTORY")) throw new Refusal(160002);
  const elsewhere = reference.channelId !== undefined && reference.channelId !== channel.id;
  const target = elsewhere ? undefined : channel.messages.get(reference.messageId);
  if (target && !isSystem(target)) return target;
  const form = createForm();
  if (target)
    form.fail(
      "message_reference",
      "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
      "Cannot reply to a system message",
    );
  else if (reference.mustExist)
    form.fail("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
  form.settle();
  return undefined;
}

export function attachmentsOf({ world }: Core, files: readonly File[]): Attachment[] {
  return files.map(({ name, type, bytes }) => ({ id: world.newId(), name, type, bytes }));
}
