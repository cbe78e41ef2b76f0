/* What happens to messages, whoever does it: the state changes, and everyone is told. No permission is asked here. */
import type { Core } from "../core.ts";
import { findMentions, type AllowedMentions, type Found } from "../mentions.ts";
import { createdJson, updatedJson } from "../json/message.ts";
import { shownMessage } from "../view.ts";
import {
  isThread,
  MESSAGE_TYPE,
  need,
  type Attachment,
  type Channel,
  type Embed,
  type Message,
  type Reference,
} from "../world.ts";
import { unfurlLinks } from "./links.ts";
import { joinThread, setThread } from "./thread-state.ts";

export interface Draft {
  readonly channel: Channel;
  readonly authorId: string;
  readonly content: string;
  readonly type?: number;
  /** A starter message has its thread's id. */
  readonly id?: string;
  readonly webhook?: { readonly id: string; readonly name: string } | undefined;
  readonly nonce?: string | number | undefined;
  readonly reference?: Reference | undefined;
  readonly snapshot?: Message | undefined;
  /** Whom the reply pings. */
  readonly repliedId?: string | undefined;
  readonly allowed?: AllowedMentions | undefined;
  readonly flags?: number;
  readonly attachments?: readonly Attachment[];
  readonly embeds?: readonly Embed[];
  readonly components?: Message["components"];
}

/** Posts. Sending to an archived thread opens it again; whoever sends or is mentioned joins (Discord, Threads). */
export function createMessage(core: Core, draft: Draft): Message {
  const { world } = core;
  const { channel } = draft;
  const found = findMentions(world, draft);
  if (isThread(channel) && draft.type !== MESSAGE_TYPE.threadStarter) {
    if (channel.thread.archived) setThread(core, channel, { archived: false });
    const present = world.guilds.get(channel.guildId ?? "")?.members;
    const joining = [...(draft.webhook ? [] : [draft.authorId]), ...found.users];
    for (const id of joining) if (present?.has(id)) joinThread(core, channel, id);
  }
  const message = newMessage(core, draft, found);
  channel.messages.set(message.id, message);
  channel.lastMessageId = message.id;
  if (isThread(channel) && message.id !== channel.id && message.type !== MESSAGE_TYPE.threadStarter) {
    channel.thread.messageCount += 1;
    channel.thread.totalSent += 1;
  }
  world.typing.get(channel.id)?.delete(draft.authorId);
  if (message.nonce !== undefined)
    world.nonces.set(`${message.authorId}:${message.nonce}`, {
      channelId: channel.id,
      messageId: message.id,
      at: message.createdAt,
    });
  note(core, message, { found, by: "post" });
  publishMessage(core, message, "MESSAGE_CREATE");
  core.changed({ kind: "posted", message: shownMessage(world, message) });
  if (unfurlLinks(core, message)) publishUpdate(core, message);
  return message;
}

/** What makes a draft a reply. */
export function replyTo(target: Message): Pick<Draft, "type" | "reference" | "repliedId"> {
  return {
    type: MESSAGE_TYPE.reply,
    reference: { type: 0, channelId: target.channelId, messageId: target.id },
    repliedId: target.webhook ? undefined : target.authorId,
  };
}

function newMessage({ world }: Core, draft: Draft, found: Found): Message {
  const { channel } = draft;
  return {
    id: draft.id ?? world.newId(),
    channelId: channel.id,
    type: draft.type ?? MESSAGE_TYPE.default,
    authorId: draft.webhook?.id ?? draft.authorId,
    createdAt: world.now(),
    ...(draft.webhook ? { webhook: draft.webhook } : {}),
    ...(draft.nonce === undefined ? {} : { nonce: draft.nonce }),
    ...(draft.reference ? { reference: draft.reference } : {}),
    ...(draft.snapshot ? { snapshot: draft.snapshot } : {}),
    ...(isThread(channel) ? { position: channel.thread.totalSent } : {}),
    reactions: new Map(),
    history: [],
    content: draft.content,
    editedAt: null,
    flags: draft.flags ?? 0,
    pinned: false,
    mentions: { everyone: found.everyone, roles: found.roles, users: found.users },
    attachments: draft.attachments ?? [],
    embeds: draft.embeds ?? [],
    components: draft.components ?? [],
  };
}

export interface Edit {
  readonly content?: string | undefined;
  readonly flags?: number | undefined;
  /** Absent: every mention counts again, whatever the post said (Discord, Edit Message). */
  readonly allowed?: AllowedMentions | undefined;
  readonly embeds?: readonly Embed[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly components?: Message["components"] | undefined;
}

/** Changes a message. A change of its flags alone does not mark it as edited. */
export function editMessage(core: Core, message: Message, edit: Edit): void {
  if (edit.flags !== undefined) message.flags = edit.flags;
  const { content, embeds, attachments, components } = edit;
  if (content !== undefined || embeds || attachments || components) message.editedAt = core.world.now();
  if (components) message.components = components;
  if (edit.attachments) message.attachments = edit.attachments;
  if (edit.embeds) message.embeds = edit.embeds;
  if (edit.content !== undefined) rewrite(core, message, { content: edit.content, allowed: edit.allowed });
  unfurlLinks(core, message);
  publishUpdate(core, message);
}

/** An edit neither takes back nor repeats the reply's ping. */
function rewrite(core: Core, message: Message, to: { content: string; allowed: Edit["allowed"] }): void {
  const { world } = core;
  message.history.push({ content: message.content, at: world.now() });
  message.content = to.content;
  const channel = need(world.channels, message.channelId, "channel");
  const found = findMentions(world, { ...to, channel, authorId: message.authorId });
  const replied = message.mentions.users.filter((id) => id === repliedTo(core, message));
  const users = [...new Set([...found.users, ...replied])];
  message.mentions = { everyone: found.everyone, roles: found.roles, users };
  note(core, message, { found, by: "edit" });
}

/** Whom a reply answers, if that message is still there. */
function repliedTo({ world }: Core, { type, reference }: Message): string | undefined {
  if (type !== MESSAGE_TYPE.reply) return undefined;
  const channel = world.channels.get(reference?.channelId ?? "");
  return channel?.messages.get(reference?.messageId ?? "")?.authorId;
}

export function deleteMessage(core: Core, channel: Channel, message: Message): void {
  channel.messages.delete(message.id);
  if (isThread(channel) && message.id !== channel.id) channel.thread.messageCount -= 1;
  core.publish({
    name: "MESSAGE_DELETE",
    guildId: channel.guildId,
    channel,
    data: () => ({
      id: message.id,
      channel_id: channel.id,
      ...(channel.guildId ? { guild_id: channel.guildId } : {}),
    }),
  });
  core.changed({ kind: "deleted", channelId: channel.id, messageId: message.id });
}

/** Tells of a change that came about without an edit: a pin, a thread, a link's preview. */
export function publishUpdate(core: Core, message: Message): void {
  publishMessage(core, message, "MESSAGE_UPDATE");
  core.changed({ kind: "changed", message: shownMessage(core.world, message) });
}

function publishMessage(core: Core, message: Message, name: "MESSAGE_CREATE" | "MESSAGE_UPDATE"): void {
  const channel = need(core.world.channels, message.channelId, "channel");
  const { guildId } = channel;
  const json = name === "MESSAGE_CREATE" ? createdJson : updatedJson;
  core.publish({ name, guildId, channel, data: (eye) => json(core.world, message, eye) });
}

/** Writes down whom a message reached. A reply to oneself pings nobody. */
function note(core: Core, message: Message, of: { found: Found; by: "post" | "edit" }): void {
  const { found, by } = of;
  const users = found.users.filter((id) => id !== found.repliedId && id !== message.authorId);
  const repliedUser = found.repliedId === message.authorId ? undefined : found.repliedId;
  if (!found.everyone && found.roles.length === 0 && users.length === 0 && !repliedUser) return;
  core.notifications.push({
    messageId: message.id,
    channelId: message.channelId,
    authorId: message.authorId,
    by,
    everyone: found.atEveryone,
    here: found.atHere,
    roles: found.roles,
    users,
    ...(repliedUser ? { repliedUser } : {}),
  });
}
