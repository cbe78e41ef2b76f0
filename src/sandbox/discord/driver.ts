import type { TwinServer } from "../server.ts";
import type {
  ChannelChange,
  Commanding,
  ForumPost,
  NewChannel,
  NewGuild,
  NewRole,
  NewThread,
  NewUser,
  Pressing,
  Saying,
} from "./given.ts";
import type {
  Change,
  Notification,
  ShownChannel,
  ShownMessage,
  ShownSession,
  ShownUser,
  Unfurling,
} from "./shown.ts";

/** What an operator of Discord could do to the gateway's connections. Each strikes every live session. */
export interface GatewayControl {
  sessions(): readonly ShownSession[];
  /** How many IDENTIFYs and RESUMEs were accepted so far. */
  readonly counts: { readonly identified: number; readonly resumed: number };
  /**
   * Closes with a code (default 4000), or cuts the TCP connection. After 1000, 1001, and the codes that end a session, it cannot be
   * resumed. With `shard`, only that shard's.
   */
  drop(how?: number | "cut", shard?: number): void;
  /** Op 9. What is not resumable is forgotten. */
  invalidate(resumable: boolean): void;
  /** Op 7: asks to reconnect and resume. */
  requestReconnect(): void;
  /** Sends the last event of this name once more, under a new sequence number. */
  duplicate(event: string): void;
  /** Dispatches anything, to every session, past intents and permissions. */
  dispatch(event: string, data: unknown): void;
  /** False: the bot's owner resets its token, for REST as well. True: takes that back, as only a twin's owner can. */
  acceptToken(valid: boolean): void;
  /** From now on so many shards are recommended, and fewer are refused with 4011. */
  reshard(shards: number): void;
  /** Uses up session starts of the day, as other processes of the bot do. */
  spendStarts(count: number): void;
  /**
   * True: connections that stand hear nothing any more and what they send goes nowhere, and new ones are taken and not greeted. False: new
   * ones are served again; those that fell silent stay so.
   */
  silence(silent: boolean): void;
  /** Stops or starts to acknowledge heartbeats. */
  acknowledge(heartbeats: boolean): void;
  /** Refuses (true) or takes (false) new connections: the handshake is answered with 503. */
  refuse(connections: boolean): void;
}

/**
 * A Discord on loopback: REST v10 and gateway, as strict as the real one where a bot could tell. What people do
 * is done by methods that return at once; ids are snowflakes, as strings. A method that asks for what a person could not do throws.
 */
export interface DiscordTwin extends Pick<TwinServer, "requests" | "inject" | "reset"> {
  /** `http://127.0.0.1:port/api`: discord.js's `rest.api`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly applicationId: string;
  /** For signing in. */
  readonly clientSecret: string;
  readonly bot: ShownUser;
  /** The guild that is there from the start, and its owner. */
  readonly guild: { readonly id: string; readonly name: string; readonly ownerId: string };
  readonly gateway: GatewayControl;
  /** Whom messages notified, people's and the bot's. */
  readonly notifications: readonly Notification[];
  /** The link previews that messages got. */
  readonly unfurlings: readonly Unfurling[];

  addUser(user: NewUser): ShownUser;
  addGuild(guild: NewGuild): string;
  addRole(role: NewRole): string;
  addChannel(channel: NewChannel): string;
  addThread(thread: NewThread): string;
  /** The DM between the bot and this user, opened if it was not. */
  openDm(user: string): string;
  /** Whether the user takes DMs from the bot. */
  acceptDms(user: string, accepts: boolean): void;
  /** Changes what the bot's own role grants. Default guild: the first. */
  grant(permissions: bigint, guild?: string): void;
  /** Renames, archives, locks, changes topic and overwrites: what is given is set. */
  changeChannel(channel: string, change: ChannelChange): void;
  deleteChannel(channel: string): void;
  /** The bot is thrown out of the guild. */
  kick(guild: string): void;
  /** The bot joins a guild that it is not in. */
  invite(guild: string, permissions?: bigint): void;

  /** Posts, and returns the message's id. */
  say(saying: Saying): string;
  /** A forum's post: returns its thread, whose starter message has the same id. */
  postInForum(post: ForumPost): string;
  edit(channel: string, message: string, content: string): void;
  delete(channel: string, message: string): void;
  react(channel: string, message: string, reaction: { user: string; emoji: string }): void;
  /** Resolves with whether the bot answered the interaction in time: else its user is told that it failed. */
  press(pressing: Pressing): Promise<boolean>;
  /** Gives a command that the bot registered. Resolves as `press`. Throws when there is no such command here. */
  command(commanding: Commanding): Promise<boolean>;
  pin(channel: string, message: string, pinned: boolean): void;
  /** Discord unfurls the message once more: MESSAGE_UPDATE, and no edit. It does so by itself where a message has a link. */
  unfurl(channel: string, message: string): void;
  type(channel: string, user: string): void;

  /** What is in a message's attachment, by the attachment's id. */
  file(id: string): { readonly name: string; readonly bytes: Buffer } | undefined;
  /** What the channel shows now, oldest first. */
  messages(channel: string): readonly ShownMessage[];
  channels(): readonly ShownChannel[];
  users(): readonly ShownUser[];
  /** Who is typing in the channel now. */
  typing(channel: string): readonly string[];
  /** Tells of every change from now on, and returns what ends that. */
  subscribe(listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}
