/* What people do, other bots and webhooks included. They are trusted: only what no client would let them do is refused. */
import type { Core } from "./core.ts";
import { removeChannel, setChannel } from "./deeds/channels.ts";
import { openDm } from "./deeds/dms.ts";
import { unfurlLinks } from "./deeds/links.ts";
import { press } from "./deeds/presses.ts";
import { createMessage, deleteMessage, editMessage, publishUpdate, replyTo } from "./deeds/messages.ts";
import { command } from "./deeds/commands.ts";
import { setReaction } from "./deeds/reactions.ts";
import { setThread } from "./deeds/thread-state.ts";
import { createThread } from "./deeds/threads.ts";
import { startTyping } from "./deeds/typing.ts";
import type { DiscordTwin } from "./driver.ts";
import { lengthOf } from "./form.ts";
import type { NewFile, Saying } from "./given.ts";
import { timestamp } from "./json/people.ts";
import {
  CHANNEL_TYPE,
  holdsMessages,
  isThread,
  MESSAGE_FLAG,
  MESSAGE_TYPE,
  need,
  type Attachment,
  type Channel,
  type Message,
  type World,
} from "./world.ts";

type People = Pick<
  DiscordTwin,
  | "openDm"
  | "addThread"
  | "changeChannel"
  | "deleteChannel"
  | "say"
  | "postInForum"
  | "edit"
  | "delete"
  | "react"
  | "press"
  | "command"
  | "pin"
  | "unfurl"
  | "type"
>;

/** What a person with Nitro can write (Discord, support: Nitro features). */
const MAX_CONTENT = 4000;

/** `signal` ends what still waits for the bot. */
export function peopleOf(core: Core, signal: AbortSignal): People {
  const { world } = core;
  const channelWith = (id: string): Channel => need(world.channels, id, "channel");
  const messageIn = (channel: string, id: string): Message =>
    need(channelWith(channel).messages, id, "message");

  return {
    openDm: (user) => openDm(core, need(world.users, user, "user")).id,
    addThread: ({ channel, name, user, message, private: secret }) => {
      const parent = channelWith(channel);
      const ownerId = user ?? need(world.guilds, parent.guildId ?? "", "guild").ownerId;
      const on = message === undefined ? undefined : messageIn(channel, message);
      if (on?.threadId !== undefined) throw new Error(`Message ${on.id} has a thread.`);
      return createThread(core, { parent, name, ownerId, message: on, private: secret }).id;
    },
    changeChannel: (id, change) => {
      const channel = channelWith(id);
      if (isThread(channel)) setThread(core, channel, change);
      else setChannel(core, channel, change);
    },
    deleteChannel: (id) => removeChannel(core, channelWith(id)),
    say: (saying) => say(core, channelWith(saying.channel), saying).id,
    postInForum: ({ forum, user, title, content }) => {
      const parent = channelWith(forum);
      if (parent.type !== CHANNEL_TYPE.forum) throw new Error(`${forum} is no forum.`);
      const channel = createThread(core, { parent, name: title, ownerId: user });
      return createMessage(core, { channel, id: channel.id, authorId: user, content }).id;
    },
    edit: (channel, id, content) => editMessage(core, messageIn(channel, id), { content }),
    delete: (channel, id) => deleteMessage(core, channelWith(channel), messageIn(channel, id)),
    react: (channel, id, { user, emoji }) => {
      const message = messageIn(channel, id);
      setReaction(core, { channel: channelWith(channel), message, userId: user, emoji }, true);
    },
    press: ({ channel, message, user, customId }) => {
      const place = { channel: channelWith(channel), message: messageIn(channel, message) };
      return press(core, { ...place, userId: need(world.users, user, "user").id, customId }, signal);
    },
    command: (given) => command(core, given, signal),
    pin: (channel, id, pinned) =>
      setPinned(core, channelWith(channel), { message: messageIn(channel, id), pinned }),
    unfurl: (channel, id) => {
      const message = messageIn(channel, id);
      unfurlLinks(core, message);
      publishUpdate(core, message);
    },
    type: (channel, user) => startTyping(core, channelWith(channel), need(world.users, user, "user").id),
  };
}

function say(core: Core, channel: Channel, saying: Saying): Message {
  const { world } = core;
  demandSpeech(world, channel, saying);
  const webhook = saying.webhook === undefined ? undefined : webhookNamed(world, saying.webhook);
  const target = saying.replyTo === undefined ? undefined : need(channel.messages, saying.replyTo, "message");
  const forwarded = saying.forward === undefined ? undefined : anywhere(world, saying.forward);
  const reply = target ? replyTo(target) : undefined;
  const forward = forwarded && {
    reference: { type: 1, channelId: forwarded.channelId, messageId: forwarded.id },
    snapshot: forwarded,
    flags: MESSAGE_FLAG.hasSnapshot,
  };
  return createMessage(core, {
    channel,
    authorId: saying.user,
    content: saying.content.trim(),
    type: saying.type ?? MESSAGE_TYPE.default,
    webhook,
    attachments: (saying.files ?? []).map((file) => attachment(world, file)),
    // A person's client sends a nonce with each message.
    ...(webhook ? {} : { nonce: world.newId() }),
    ...(reply ? { ...reply, ...(saying.pingReplied === false ? { repliedId: undefined } : {}) } : {}),
    ...forward,
  });
}

function webhookNamed({ webhooks, newId }: World, name: string): { id: string; name: string } {
  const webhook = webhooks.get(name) ?? { id: newId(), name };
  webhooks.set(name, webhook);
  return webhook;
}

function demandSpeech(world: World, channel: Channel, { user, content, type }: Saying): void {
  need(world.users, user, "user");
  if (!holdsMessages(channel)) throw new Error(`Nobody writes in ${channel.name} itself.`);
  if (lengthOf(content) > MAX_CONTENT)
    throw new Error(`Nobody can write more than ${MAX_CONTENT} characters.`);
  if (channel.thread?.locked) throw new Error(`Thread ${channel.name} is locked.`);
  const known = world.guilds.get(channel.guildId ?? "");
  if (type === undefined && known && !known.members.has(user))
    throw new Error(`${user} is not in ${known.name}.`);
  const strangers = channel.type === CHANNEL_TYPE.dm && user !== channel.recipientId && user !== world.bot.id;
  if (strangers) throw new Error(`DM ${channel.id} is not ${user}'s.`);
}

function anywhere(world: World, id: string): Message {
  const found = [...world.channels.values()].flatMap(({ messages }) => messages.get(id) ?? []);
  if (!found[0]) throw new Error(`The twin has no message ${id}.`);
  return { ...found[0] };
}

function attachment(world: World, { name, bytes, type }: NewFile): Attachment {
  return { id: world.newId(), name, type: type ?? "application/octet-stream", bytes: Buffer.from(bytes) };
}

/** A pin updates the message without editing it, and tells of the pins; Discord's own note in the channel is left out. */
function setPinned(core: Core, channel: Channel, of: { message: Message; pinned: boolean }): void {
  const { message, pinned } = of;
  message.pinned = pinned;
  if (pinned) channel.lastPinAt = core.world.now();
  publishUpdate(core, message);
  const { guildId, lastPinAt } = channel;
  core.publish({
    name: "CHANNEL_PINS_UPDATE",
    guildId,
    channel,
    data: () => ({
      ...(guildId ? { guild_id: guildId } : {}),
      channel_id: channel.id,
      last_pin_timestamp: lastPinAt === null ? null : timestamp(lastPinAt),
    }),
  });
}
