import { post } from "./posting.ts";
import { escapeText } from "./text.ts";
import type { SlackPlaces } from "./contract.ts";
import type { SlackChannelKind, SlackChannelOptions } from "./types.ts";
import { viewChannel, type Channel, type World } from "./world.ts";

/** People, bots and channels: what an administrator of the workspace does. */
export function createPlaces(world: World): SlackPlaces {
  const change = (id: string, to: Partial<Channel>) => {
    const previous = world.channel(id);
    const channel = { ...previous, ...to };
    world.putChannel(channel);
    return { channel, previous };
  };
  return {
    addUser: ({ name, realName = name, displayName = name, isAdmin = false }) =>
      world.addUser({ name, realName, displayName, isAdmin }).id,
    addBot: world.addBot,
    addChannel: (options) => addChannel(world, options),
    openDm: (...users) => openDm(world, users),
    addToChannel: (id, user) => {
      const { members } = world.channel(id);
      if (members.includes(user)) return;
      const { channel } = change(id, { members: [...members, user] });
      notice(world, channel, { subtype: "channel_join", user, text: `<@${user}> has joined the channel` });
      world.emit({ kind: "joined", channel, user });
    },
    removeFromChannel: (id, user) => {
      const { members } = world.channel(id);
      if (!members.includes(user)) return;
      // The bot is told of its own leaving: the message goes out while it is still a member.
      const before = world.channel(id);
      notice(world, before, { subtype: "channel_leave", user, text: `<@${user}> has left the channel` });
      const { channel } = change(id, { members: members.filter((member) => member !== user) });
      world.emit({ kind: "left", channel, user });
    },
    rename: (id, name) => {
      const { channel, previous } = change(id, { name });
      const text = `has renamed the channel from "${previous.name}" to "${name}"`;
      notice(world, channel, { subtype: "channel_name", user: channel.creator, text });
      world.emit({ kind: "channel", channel, previous });
    },
    setTopic: (id, topic) => {
      const { channel, previous } = change(id, { topic });
      const text = `set the channel topic: ${escapeText(topic)}`;
      notice(world, channel, { subtype: "channel_topic", user: channel.creator, text });
      world.emit({ kind: "channel", channel, previous });
    },
    archive: (id) => world.emit({ kind: "channel", ...change(id, { archived: true }) }),
    channels: () => [...world.channels.values()].map(viewChannel),
    users: () =>
      [...world.users.values()].map(({ id, name, bot }) => ({ id, name, isBot: bot !== undefined })),
  };
}

/** The grey lines in a channel: joined, left, renamed. */
function notice(
  world: World,
  channel: Channel,
  { subtype, user, text }: { subtype: string; user: string; text: string },
): void {
  post(world, { channel: channel.id, subtype, user, text });
}

function addChannel(world: World, options: SlackChannelOptions): string {
  const everybody = [...world.users.values()]
    .filter((user) => !user.bot || user.bot === world.bot)
    .map((user) => user.id);
  return make(world, {
    name: options.name,
    kind: options.kind ?? "public",
    topic: options.topic ?? "",
    members: options.members ?? everybody,
  });
}

/** The DM or group DM of the bot with `users`, made when it is not there. */
export function openDm(world: World, users: readonly string[]): string {
  const members = [world.bot.userId, ...users];
  const known = [...world.channels.values()].find(
    (channel) =>
      (channel.kind === "im" || channel.kind === "mpim") &&
      channel.members.length === members.length &&
      members.every((member) => channel.members.includes(member)),
  );
  if (known) return known.id;
  const names = members.map((member) => world.users.get(member)?.name ?? member);
  const several = users.length > 1;
  return make(world, {
    name: several ? `mpdm-${names.join("--")}-1` : "",
    kind: several ? "mpim" : "im",
    topic: "",
    members,
  });
}

function make(world: World, options: Pick<Channel, "name" | "kind" | "topic" | "members">): string {
  const prefixes: Record<SlackChannelKind, string> = { public: "C", private: "C", im: "D", mpim: "C" };
  const channel: Channel = {
    ...options,
    id: world.newId(prefixes[options.kind]),
    archived: false,
    created: Math.floor(world.clock.now() / 1000),
    creator: options.members.find((member) => member !== world.bot.userId) ?? world.bot.userId,
  };
  world.putChannel(channel);
  world.emit({ kind: "channel", channel });
  return channel.id;
}
