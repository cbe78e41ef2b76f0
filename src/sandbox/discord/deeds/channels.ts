/* What happens to channels that are no threads. No permission is asked here. */
import type { Core } from "../core.ts";
import type { Overwrite } from "../given.ts";
import { can } from "../permissions.ts";
import { channelJson } from "../json/channel.ts";
import { shownChannel } from "../view.ts";
import { isThread, type Channel } from "../world.ts";

export interface ChannelSettings {
  readonly name?: string | undefined;
  readonly topic?: string | null | undefined;
  readonly overwrites?: readonly Overwrite[] | undefined;
}

/** A channel that the bot cannot see any more, or can see from now on, is deleted or made as far as it is told. */
export function setChannel(core: Core, channel: Channel, change: ChannelSettings): void {
  const { world } = core;
  const saw = can(world, world.bot.id, channel, "VIEW_CHANNEL");
  if (change.name !== undefined) channel.name = change.name;
  if (change.topic !== undefined) channel.topic = change.topic;
  if (change.overwrites) channel.overwrites = change.overwrites;
  const sees = can(world, world.bot.id, channel, "VIEW_CHANNEL");
  if (saw && !sees) publishGone(core, channel);
  else publishChannel(core, channel, saw ? "CHANNEL_UPDATE" : "CHANNEL_CREATE");
  core.changed({ kind: "channel", channel: shownChannel(channel) });
}

/** Deletes a channel with its threads, or a thread. */
export function removeChannel(core: Core, channel: Channel): void {
  const { world } = core;
  const threads = [...world.channels.values()].filter(
    (other) => isThread(other) && other.parentId === channel.id,
  );
  for (const thread of threads) removeChannel(core, thread);
  if (can(world, world.bot.id, channel, "VIEW_CHANNEL")) publishGone(core, channel);
  world.channels.delete(channel.id);
  core.changed({ kind: "channel-deleted", channelId: channel.id });
}

export function publishChannel(
  core: Core,
  channel: Channel,
  name: "CHANNEL_CREATE" | "CHANNEL_UPDATE",
): void {
  const { guildId } = channel;
  core.publish({ name, guildId, channel, data: () => channelJson(core.world, channel) });
}

/** Told although the bot may not see the channel any more. */
function publishGone(core: Core, channel: Channel): void {
  const { id, type, guildId, parentId } = channel;
  core.publish({
    name: isThread(channel) ? "THREAD_DELETE" : "CHANNEL_DELETE",
    guildId,
    data: () =>
      isThread(channel)
        ? { id, type, guild_id: guildId, parent_id: parentId }
        : channelJson(core.world, channel),
  });
}
