import type { Core } from "../core.ts";
import { memberWithUserJson } from "../json/people.ts";
import type { Channel } from "../world.ts";

/** How long the indicator stays (Discord, Trigger Typing Indicator). */
const TYPING_MS = 10_000;

/** Shows that someone types, for ten seconds or until they post. */
export function startTyping(core: Core, channel: Channel, userId: string): void {
  const { world } = core;
  const now = world.now();
  const until = now + TYPING_MS;
  const typists = world.typing.get(channel.id) ?? new Map<string, number>();
  world.typing.set(channel.id, typists.set(userId, until));
  const { guildId } = channel;
  const member = world.guilds.get(guildId ?? "")?.members.get(userId);
  core.publish({
    name: "TYPING_START",
    guildId,
    channel,
    data: () => ({
      user_id: userId,
      channel_id: channel.id,
      timestamp: Math.floor(now / 1000),
      ...(guildId ? { guild_id: guildId } : {}),
      ...(member ? { member: memberWithUserJson(world, member) } : {}),
    }),
  });
  core.changed({ kind: "typing", channelId: channel.id, userId, until });
}
