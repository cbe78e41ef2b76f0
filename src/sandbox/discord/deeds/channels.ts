/* What happens to channels that are no threads. No permission is asked here. */
import type { Core } from "../core.ts";
import type { Overwrite } from "../given.ts";
import { channelJson, channelsOf, threadListJson } from "../json/channel.ts";
import { activeThreads } from "../json/guild.ts";
import { can } from "../permissions.ts";
import { shownChannel } from "../view.ts";
import { isThread, type Channel, type Guild } from "../world.ts";

export interface ChannelSettings {
  readonly name?: string | undefined;
  readonly topic?: string | null | undefined;
  readonly overwrites?: readonly Overwrite[] | undefined;
}

export function setChannel(core: Core, channel: Channel, change: ChannelSettings): void {
  const guild = core.world.guilds.get(channel.guildId ?? "");
  const set = (): void => {
    if (change.name !== undefined) channel.name = change.name;
    if (change.topic !== undefined) channel.topic = change.topic;
    if (change.overwrites) channel.overwrites = change.overwrites;
    publishChannel(core, channel, "CHANNEL_UPDATE");
  };
  if (guild) withAccess(core, guild, set);
  else set();
  core.changed({ kind: "channel", channel: shownChannel(channel) });
}

/** Changes what the bot can see, and tells of the threads in what it can see since (Discord, Thread List Sync). */
export function withAccess(core: Core, guild: Guild, change: () => void): void {
  const { world } = core;
  const visible = (): Channel[] =>
    channelsOf(world, guild).filter(
      (channel) => !isThread(channel) && can(world, world.bot.id, channel, "VIEW_CHANNEL"),
    );
  const before = new Set(visible());
  change();
  const gained = visible().filter((channel) => !before.has(channel));
  if (gained.length === 0) return;
  const ids = gained.map(({ id }) => id);
  const threads = activeThreads(world, guild).filter(({ parentId }) => ids.includes(parentId ?? ""));
  core.publish({
    name: "THREAD_LIST_SYNC",
    guildId: guild.id,
    data: () => ({ guild_id: guild.id, channel_ids: ids, ...threadListJson(world, threads) }),
  });
}

/** Deletes a channel with its threads, or a thread. */
export function removeChannel(core: Core, channel: Channel): void {
  const { world } = core;
  const threads = [...world.channels.values()].filter(
    (other) => isThread(other) && other.parentId === channel.id,
  );
  for (const thread of threads) removeChannel(core, thread);
  const { id, type, guildId, parentId } = channel;
  if (isThread(channel))
    core.publish({
      name: "THREAD_DELETE",
      guildId,
      channel,
      data: () => ({ id, type, guild_id: guildId, parent_id: parentId }),
    });
  else publishChannel(core, channel, "CHANNEL_DELETE");
  world.channels.delete(id);
  core.changed({ kind: "channel-deleted", channelId: id });
}

/** Bots are told of every channel of their guilds, of hidden ones too. */
export function publishChannel(
  core: Core,
  channel: Channel,
  name: "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "CHANNEL_DELETE",
): void {
  core.publish({ name, guildId: channel.guildId, data: () => channelJson(core.world, channel) });
}
