/* How threads change once they are there. No permission is asked here. */
import type { Core } from "../core.ts";
import { INTENT } from "../intents.ts";
import { channelJson, threadMemberJson } from "../json/channel.ts";
import { memberWithUserJson } from "../json/people.ts";
import { shownChannel } from "../view.ts";
import { CHANNEL_TYPE, isThread, type Channel, type ThreadChannel } from "../world.ts";

export interface ThreadChange {
  readonly name?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly locked?: boolean | undefined;
  readonly autoArchiveMinutes?: number | undefined;
}

/** Renames, archives, locks. A thread that is opened again tells the bot anew that it is a member (Discord, Unarchiving a Thread). */
export function setThread(core: Core, channel: Channel, change: ThreadChange): void {
  if (!isThread(channel)) throw new Error(`${channel.id} is no thread.`);
  const { thread } = channel;
  const opened = thread.archived && change.archived === false;
  if (change.archived !== undefined && change.archived !== thread.archived) {
    thread.archived = change.archived;
    thread.archiveChangedAt = core.world.now();
  }
  if (change.locked !== undefined) thread.locked = change.locked;
  if (change.autoArchiveMinutes !== undefined) thread.autoArchiveMinutes = change.autoArchiveMinutes;
  if (change.name !== undefined) channel.name = change.name;
  publishThread(core, channel, "THREAD_UPDATE");
  const bot = thread.members.get(core.world.bot.id);
  if (opened && bot)
    core.publish({
      name: "THREAD_MEMBER_UPDATE",
      guildId: channel.guildId,
      channel,
      data: () => ({
        ...threadMemberJson(channel.id, core.world.bot.id, bot.joinedAt),
        guild_id: channel.guildId,
      }),
    });
}

/**
 * Adds someone to a thread. Nothing happens when they are in it. A bot that comes into a private thread is told of
 * the thread, which it could not see before (Discord, Threads, Gaining Access to Private Threads).
 */
export function joinThread(core: Core, channel: ThreadChannel, userId: string): void {
  const { world } = core;
  const { thread } = channel;
  if (thread.members.has(userId)) return;
  const joinedAt = world.now();
  thread.members.set(userId, { joinedAt });
  if (userId === world.bot.id && channel.type === CHANNEL_TYPE.privateThread)
    publishThread(core, channel, "THREAD_CREATE");
  const member = world.guilds.get(channel.guildId ?? "")?.members.get(userId);
  core.publish({
    name: "THREAD_MEMBERS_UPDATE",
    // Others' comings and goings are for bots with the members intent (Discord, Threads, Syncing for other users).
    ...(userId === world.bot.id ? {} : { intents: INTENT.GUILD_MEMBERS }),
    guildId: channel.guildId,
    channel,
    data: () => ({
      id: channel.id,
      guild_id: channel.guildId,
      member_count: Math.min(thread.members.size, 50),
      added_members: [
        {
          ...threadMemberJson(channel.id, userId, joinedAt),
          ...(member ? { member: memberWithUserJson(world, member) } : {}),
          presence: null,
        },
      ],
    }),
  });
}

export function publishThread(
  core: Core,
  channel: Channel,
  name: "THREAD_CREATE" | "THREAD_UPDATE",
  extra: { readonly newly_created?: boolean } = {},
): void {
  const { guildId } = channel;
  core.publish({ name, guildId, channel, data: () => ({ ...channelJson(core.world, channel), ...extra }) });
  core.changed({ kind: "channel", channel: shownChannel(channel) });
}
