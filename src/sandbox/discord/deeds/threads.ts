/* How threads begin, whoever starts them. No permission is asked here. */
import type { Core } from "../core.ts";
import {
  CHANNEL_TYPE,
  MESSAGE_FLAG,
  MESSAGE_TYPE,
  type Channel,
  type Message,
  type ThreadChannel,
} from "../world.ts";
import { createMessage, publishUpdate } from "./messages.ts";
import { publishThread } from "./thread-state.ts";

export interface ThreadDraft {
  readonly parent: Channel;
  readonly name: string;
  readonly ownerId: string;
  /** The message that it hangs on. */
  readonly message?: Message | undefined;
  readonly private?: boolean | undefined;
  readonly autoArchiveMinutes?: number | undefined;
}

/**
 * Starts a thread. On a message, it has the message's id, begins with a message of type 21 that points there, and the
 * message is updated. A public one on no message is announced by a message of type 18 (Discord, Threads, New Message Types).
 */
export function createThread(core: Core, draft: ThreadDraft): Channel {
  const { parent, message, ownerId } = draft;
  const channel = newThread(core, draft);
  core.world.channels.set(channel.id, channel);
  publishThread(core, channel, "THREAD_CREATE", { newly_created: true });
  if (message) {
    message.threadId = channel.id;
    message.flags |= MESSAGE_FLAG.hasThread;
    publishUpdate(core, message);
    const reference = { type: 0, channelId: parent.id, messageId: message.id };
    createMessage(core, {
      channel,
      authorId: ownerId,
      content: "",
      type: MESSAGE_TYPE.threadStarter,
      reference,
    });
  } else if (parent.type === CHANNEL_TYPE.forum) {
    parent.lastMessageId = channel.id;
  } else if (channel.type !== CHANNEL_TYPE.privateThread) {
    const reference = { type: 0, channelId: channel.id };
    createMessage(core, {
      channel: parent,
      authorId: ownerId,
      content: draft.name,
      type: MESSAGE_TYPE.threadCreated,
      reference,
    });
  }
  return channel;
}

function newThread({ world }: Core, draft: ThreadDraft): ThreadChannel {
  const { parent } = draft;
  const now = world.now();
  const open =
    parent.type === CHANNEL_TYPE.announcement ? CHANNEL_TYPE.announcementThread : CHANNEL_TYPE.publicThread;
  return {
    id: draft.message?.id ?? world.newId(),
    type: draft.private ? CHANNEL_TYPE.privateThread : open,
    ...(parent.guildId ? { guildId: parent.guildId } : {}),
    parentId: parent.id,
    position: 0,
    slowmode: 0,
    messages: new Map(),
    name: draft.name,
    topic: null,
    overwrites: [],
    lastMessageId: null,
    lastPinAt: null,
    thread: {
      ownerId: draft.ownerId,
      createdAt: now,
      members: new Map([[draft.ownerId, { joinedAt: now }]]),
      archived: false,
      locked: false,
      archiveChangedAt: now,
      autoArchiveMinutes: draft.autoArchiveMinutes ?? 4320,
      messageCount: 0,
      totalSent: 0,
    },
  };
}
