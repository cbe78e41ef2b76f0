import { channelJson } from "./channel.ts";
import { memberJson, timestamp, userJson, type Json } from "./people.ts";
import { CHANNEL_TYPE, MESSAGE_TYPE, type Attachment, type Message, type World } from "../world.ts";

/** How to show messages: to whom, and where files are served. */
export interface Eye {
  /** The reader has the MESSAGE_CONTENT intent. */
  readonly readsContent: boolean;
  /** Makes the signed address of a file. */
  readonly fileUrl: (channelId: string, file: Attachment) => string;
}

/** A message as REST answers it. */
export function messageJson(world: World, message: Message, eye: Eye): Json {
  const readable = mayRead(world, message, eye);
  const thread = message.threadId ? world.channels.get(message.threadId) : undefined;
  return {
    id: message.id,
    type: message.type,
    channel_id: message.channelId,
    author: authorJson(world, message),
    content: readable ? message.content : "",
    timestamp: timestamp(message.createdAt),
    edited_timestamp: message.editedAt === null ? null : timestamp(message.editedAt),
    tts: false,
    mention_everyone: message.mentions.everyone,
    mentions: message.mentions.users.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userJson(user)] : [];
    }),
    mention_roles: [...message.mentions.roles],
    attachments: readable ? message.attachments.map((file) => fileJson(message.channelId, file, eye)) : [],
    embeds: readable ? message.embeds : [],
    components: readable ? componentsJson(message) : [],
    flags: message.flags,
    pinned: message.pinned,
    ...(message.webhook ? { webhook_id: message.webhook.id } : {}),
    ...(message.position === undefined ? {} : { position: message.position }),
    ...(message.reactions.size > 0 ? { reactions: reactionsJson(world, message) } : {}),
    ...(thread ? { thread: channelJson(world, thread) } : {}),
    ...referenceJson(world, message, eye),
  };
}

/** A message as the answer to its post. Only that and MESSAGE_CREATE carry the nonce (docs.discord.food, Create Message). */
export function postedJson(world: World, message: Message, eye: Eye): Json {
  return { ...messageJson(world, message, eye), ...nonceOf(message) };
}

function nonceOf({ nonce }: Message): Json {
  return nonce === undefined ? {} : { nonce };
}

/** A message as MESSAGE_UPDATE carries it. */
export function updatedJson(world: World, message: Message, eye: Eye): Json {
  const channel = world.channels.get(message.channelId);
  const guild = world.guilds.get(channel?.guildId ?? "");
  const author = message.webhook ? undefined : guild?.members.get(message.authorId);
  const json = messageJson(world, message, eye);
  return {
    ...json,
    mentions: message.mentions.users.flatMap((id) => {
      const user = world.users.get(id);
      const member = guild?.members.get(id);
      return user ? [{ ...userJson(user), ...(member ? { member: memberJson(member) } : {}) }] : [];
    }),
    ...(channel ? { channel_type: channel.type } : {}),
    ...(guild ? { guild_id: guild.id } : {}),
    ...(author ? { member: memberJson(author) } : {}),
  };
}

/** A message as MESSAGE_CREATE carries it. */
export function createdJson(world: World, message: Message, eye: Eye): Json {
  return { ...updatedJson(world, message, eye), ...nonceOf(message) };
}

/**
 * Without the intent a bot reads its own messages, its DMs, and messages that mention it
 * (Discord, Gateway, Message Content Intent).
 */
function mayRead(world: World, message: Message, eye: Eye): boolean {
  return (
    eye.readsContent ||
    (message.authorId === world.bot.id && !message.webhook) ||
    world.channels.get(message.channelId)?.type === CHANNEL_TYPE.dm ||
    message.mentions.users.includes(world.bot.id)
  );
}

function authorJson(world: World, message: Message): Json {
  if (message.webhook) {
    const { id, name } = message.webhook;
    return {
      ...userJson({ id, name, displayName: null, bot: true, acceptsDms: false }),
      discriminator: "0000",
    };
  }
  const user = world.users.get(message.authorId);
  return user ? userJson(user) : { id: message.authorId, username: "Deleted User", discriminator: "0000" };
}

function referenceJson(world: World, message: Message, eye: Eye): Json {
  const { reference, snapshot, channelId } = message;
  if (!reference) return {};
  const channel = world.channels.get(reference.channelId);
  const target = channel?.messages.get(reference.messageId ?? "");
  const pointed = message.type === MESSAGE_TYPE.reply || message.type === MESSAGE_TYPE.threadStarter;
  const readable = mayRead(world, message, eye);
  return {
    message_reference: {
      type: reference.type,
      channel_id: reference.channelId,
      ...(reference.messageId ? { message_id: reference.messageId } : {}),
      ...(channel?.guildId ? { guild_id: channel.guildId } : {}),
    },
    ...(pointed ? { referenced_message: target ? withoutReference(world, target, eye) : null } : {}),
    ...(snapshot
      ? { message_snapshots: [{ message: snapshotJson(snapshot, channelId, { readable, eye }) }] }
      : {}),
  };
}

/** The message that was replied to says what it replied to, and no more. */
function withoutReference(world: World, target: Message, eye: Eye): Json {
  const { referenced_message: _, ...json } = messageJson(world, target, eye);
  return json;
}

/** A forward's copy has no author (Discord, Message Resource, Forwards). Who may read the message may read its copy. */
function snapshotJson(snapshot: Message, channelId: string, of: { readable: boolean; eye: Eye }): Json {
  const { readable, eye } = of;
  return {
    type: snapshot.type,
    content: readable ? snapshot.content : "",
    timestamp: timestamp(snapshot.createdAt),
    edited_timestamp: snapshot.editedAt === null ? null : timestamp(snapshot.editedAt),
    flags: snapshot.flags,
    mentions: [],
    mention_roles: [],
    attachments: readable ? snapshot.attachments.map((file) => fileJson(channelId, file, eye)) : [],
    embeds: readable ? snapshot.embeds : [],
    components: [],
  };
}

/** Discord numbers the components that were not numbered, in order. */
function componentsJson({ components }: Message): Json[] {
  let id = 0;
  return components.map((buttons) => ({
    type: 1,
    id: (id += 1),
    components: buttons.map(({ customId, label, style, disabled }) => ({
      type: 2,
      id: (id += 1),
      custom_id: customId,
      label,
      style,
      ...(disabled ? { disabled } : {}),
    })),
  }));
}

function reactionsJson(world: World, message: Message): Json[] {
  return [...message.reactions].map(([name, users]) => ({
    emoji: { id: null, name },
    count: users.size,
    count_details: { burst: 0, normal: users.size },
    burst_colors: [],
    me: users.has(world.bot.id),
    me_burst: false,
    burst_me: false,
    burst_count: 0,
  }));
}

function fileJson(channelId: string, file: Attachment, eye: Eye): Json {
  const url = eye.fileUrl(channelId, file);
  return {
    id: file.id,
    filename: file.name,
    size: file.bytes.length,
    url,
    proxy_url: url,
    content_type: file.type,
    content_scan_version: 0,
  };
}
