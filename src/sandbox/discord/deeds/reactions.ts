import type { Core } from "../core.ts";
import { memberWithUserJson } from "../json/people.ts";
import { shownMessage } from "../view.ts";
import type { Channel, Message } from "../world.ts";

export interface Reacting {
  readonly channel: Channel;
  readonly message: Message;
  readonly userId: string;
  readonly emoji: string;
}

/** Adds or takes away a reaction. Nothing happens when it is so already. */
export function setReaction(core: Core, of: Reacting, present: boolean): void {
  const { world } = core;
  const { channel, message, userId, emoji } = of;
  const users = message.reactions.get(emoji) ?? new Set();
  if (users.has(userId) === present) return;
  if (present) users.add(userId);
  else users.delete(userId);
  if (users.size > 0) message.reactions.set(emoji, users);
  else message.reactions.delete(emoji);
  const { guildId } = channel;
  const member = world.guilds.get(guildId ?? "")?.members.get(userId);
  core.publish({
    name: present ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE",
    guildId,
    channel,
    data: () => ({
      user_id: userId,
      channel_id: channel.id,
      message_id: message.id,
      emoji: { id: null, name: emoji },
      burst: false,
      type: 0,
      ...(guildId ? { guild_id: guildId } : {}),
      ...(present ? { message_author_id: message.authorId } : {}),
      ...(present && member ? { member: memberWithUserJson(world, member) } : {}),
    }),
  });
  core.changed({ kind: "changed", message: shownMessage(world, message) });
}
