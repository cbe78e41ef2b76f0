import type { Clock } from "../../clock.ts";
import type { Stored } from "./message.ts";
import type { SlackBot, SlackChange, SlackChannelKind, SlackChannelView, SlackPiece } from "./types.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly displayName: string;
  readonly isAdmin: boolean;
  readonly bot?: SlackBot;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: SlackChannelKind;
  readonly topic: string;
  readonly archived: boolean;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly creator: string;
  readonly members: readonly string[];
}

/** Something happened in the workspace: the events and the watchers are made from this alone. */
export type WorldChange =
  | { readonly kind: "posted"; readonly message: Stored }
  | { readonly kind: "changed"; readonly message: Stored; readonly previous: Stored }
  | { readonly kind: "deleted"; readonly previous: Stored; readonly tombstone?: Stored }
  | { readonly kind: "reacted"; readonly message: Stored; readonly user: string; readonly name: string }
  | {
      readonly kind: "ephemeral";
      readonly channel: string;
      readonly threadTs?: string;
      readonly user: string;
      readonly text: string;
      readonly shown: readonly SlackPiece[];
    }
  | {
      readonly kind: "status";
      readonly channel: string;
      readonly threadTs: string;
      readonly status: string;
      readonly loading: readonly string[];
    }
  | {
      readonly kind: "stopped";
      readonly channel: string;
      readonly threadTs: string;
      readonly user: string;
      readonly streams: readonly string[];
    }
  | {
      readonly kind: "home";
      readonly channel: string;
      readonly user: string;
      readonly tab: "home" | "messages";
    }
  | Extract<SlackChange, { readonly kind: "session" | "prompts" }>
  | { readonly kind: "joined" | "left"; readonly channel: Channel; readonly user: string }
  | { readonly kind: "channel"; readonly channel: Channel; readonly previous?: Channel };

/** The workspace's data. Knows no rules: those stand with whoever writes. */
export interface World {
  readonly clock: Clock;
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: SlackBot;
  /** Seconds since the epoch. */
  readonly created: number;
  /** How many versions of a message are kept. */
  readonly keep: number;
  readonly users: ReadonlyMap<string, User>;
  /** By bot id. */
  readonly bots: ReadonlyMap<string, SlackBot>;
  readonly channels: ReadonlyMap<string, Channel>;
  addUser(user: Omit<User, "id" | "bot">): User;
  readonly addBot: (name: string) => SlackBot;
  putChannel(channel: Channel): void;
  /** Throws when there is none: only for ids that the twin gave out. */
  channel(id: string): Channel;
  /** Oldest first. */
  messagesIn(channel: string): readonly Stored[];
  /** The replies of a thread, oldest first, without its root. */
  repliesTo(channel: string, ts: string): readonly Stored[];
  find(channel: string, ts: string): Stored | undefined;
  putMessage(message: Stored): void;
  removeMessage(message: Stored): void;
  newId(prefix: string): string;
  /** A ts that no message of the workspace has, later than all before: `seconds.microseconds`. */
  newTs(): string;
  emit(change: WorldChange): void;
  watch(listener: (change: WorldChange) => void): () => void;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly team: World["team"];
  readonly botName?: string | undefined;
  readonly keep: number;
}

/** An empty workspace with the app's bot in it. */
export function createWorld({ clock, team, botName = "patchcord", keep }: WorldOptions): World {
  const users = new Map<string, User>();
  const bots = new Map<string, SlackBot>();
  const channels = new Map<string, Channel>();
  const listeners = new Set<(change: WorldChange) => void>();
  let ids = 0;
  let lastMicros = 0;

  const newId = (prefix: string) => `${prefix}0${(ids += 1).toString(36).toUpperCase().padStart(8, "0")}`;
  const addBot = (name: string): SlackBot => {
    const bot = { userId: newId("U"), botId: newId("B"), appId: newId("A"), name };
    users.set(bot.userId, { id: bot.userId, name, realName: name, displayName: "", isAdmin: false, bot });
    bots.set(bot.botId, bot);
    return bot;
  };

  return {
    ...createShelf(),
    clock,
    team,
    keep,
    bot: addBot(botName),
    created: Math.floor(clock.now() / 1000),
    users,
    bots,
    channels,
    addUser: (user) => {
      const added = { ...user, id: newId("U") };
      users.set(added.id, added);
      return added;
    },
    addBot,
    putChannel: (channel) => void channels.set(channel.id, channel),
    channel: (id) => {
      const channel = channels.get(id);
      if (!channel) throw new Error(`no channel ${id} in the Slack twin`);
      return channel;
    },
    newId,
    newTs: () => {
      lastMicros = Math.max(lastMicros + 1, clock.now() * 1000);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, "0")}`;
    },
    emit: (change) => listeners.forEach((listener) => listener(change)),
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The messages, by channel and by thread. A changed message keeps its position. */
function createShelf(): Pick<World, "messagesIn" | "repliesTo" | "find" | "putMessage" | "removeMessage"> {
  const channels = new Map<string, Map<string, Stored>>();
  const threads = new Map<string, Map<string, Stored>>();
  const shelf = (shelves: Map<string, Map<string, Stored>>, key: string) => {
    const found = shelves.get(key) ?? new Map<string, Stored>();
    shelves.set(key, found);
    return found;
  };
  const threadKey = (channel: string, threadTs: string) => `${channel} ${threadTs}`;
  return {
    messagesIn: (channel) => [...shelf(channels, channel).values()],
    repliesTo: (channel, ts) => [...(threads.get(threadKey(channel, ts))?.values() ?? [])],
    find: (channel, ts) => channels.get(channel)?.get(ts),
    putMessage: (message) => {
      const { channel, ts, threadTs } = message;
      shelf(channels, channel).set(ts, message);
      if (threadTs !== undefined && threadTs !== ts)
        shelf(threads, threadKey(channel, threadTs)).set(ts, message);
    },
    removeMessage: ({ channel, ts, threadTs }) => {
      channels.get(channel)?.delete(ts);
      if (threadTs !== undefined) threads.get(threadKey(channel, threadTs))?.delete(ts);
    },
  };
}

export function viewChannel(channel: Channel): SlackChannelView {
  const { id, name, kind, topic, archived, members } = channel;
  return { id, name, kind, topic, archived, members };
}
