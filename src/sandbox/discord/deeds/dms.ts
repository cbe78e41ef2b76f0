import type { Core } from "../core.ts";
import { shownChannel } from "../view.ts";
import { CHANNEL_TYPE, type Channel, type User } from "../world.ts";

/** The DM between the bot and a user, opened if it was not. Bots are not told: they see it with its first message. */
export function openDm(core: Core, user: User): Channel {
  const { world } = core;
  const open = [...world.channels.values()].find(({ recipientId }) => recipientId === user.id);
  if (open) return open;
  const channel: Channel = {
    id: world.newId(),
    type: CHANNEL_TYPE.dm,
    recipientId: user.id,
    position: 0,
    slowmode: 0,
    messages: new Map(),
    name: user.name,
    topic: null,
    overwrites: [],
    lastMessageId: null,
    lastPinAt: null,
  };
  world.channels.set(channel.id, channel);
  core.changed({ kind: "channel", channel: shownChannel(channel) });
  return channel;
}
