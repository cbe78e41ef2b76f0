import type { DiscordTwin } from "../discord/driver.ts";
import type { Change, ShownChannel, ShownMessage } from "../discord/shown.ts";
import { type Cast, withMentions } from "./cast.ts";
import type { Names } from "./chips.ts";
import { discordMarkdown } from "./markdown.ts";
import { discordPath } from "./permalinks.ts";
import {
  createPrivates,
  NoSuchPlace,
  plainWords,
  viewFiles,
  type Side,
  type Touch,
  type ViewMessage,
  type ViewRoom,
  type ViewSign,
} from "./view.ts";

/** Channel types (docs.discord.com, Channel Resource). */
const DM = 1;
const FORUM = 15;
const THREADS = new Set([10, 11, 12]);
const SHOWN_TYPES = new Set([0, DM, 5, FORUM, ...THREADS]);
/** Message types (docs.discord.com, Message Resource). */
const NOTICES: Readonly<Record<number, string>> = {
  6: "pinned a message to this channel.",
  7: "joined the server.",
  18: "started a thread.",
};
const THREAD_STARTER = 21;
const TITLE_LENGTH = 100;
/** Button style (docs.discord.com, Component Reference). */
const PRIMARY = 1;

/** The Discord twin as the page shows it. */
export function createDiscordSide(discord: DiscordTwin, cast: Cast): Side {
  const names = namesOn(discord);
  const people = () => discord.users().map(({ id, displayName: name }) => ({ id, name }));
  const dms = new Map(cast.players.map(({ key, discord: id }) => [discord.openDm(id), key]));
  const rooms = () => discord.channels().filter(({ type }) => SHOWN_TYPES.has(type));
  const view = (message: ShownMessage) => ({
    ...viewMessage(starterOf(discord, message), names),
    link: pathTo(discord, message, dms),
  });
  const html = (content: string) => discordMarkdown(content, names);
  const demandRoom = (id: string) => {
    const room = rooms().find((channel) => channel.id === id);
    if (!room) throw new NoSuchPlace("There is no such channel.");
    return room;
  };

  const personOf = (id: string) => cast.players.find(({ discord: user }) => user === id)?.key;
  const whisper = createPrivates({ author: discord.bot.displayName, personOf });

  return {
    name: "discord",
    rooms: () => rooms().map((channel) => viewRoom(channel, dms)),
    messages: () => rooms().flatMap(({ id, type }) => (type === FORUM ? [] : discord.messages(id).map(view))),
    signs: () => rooms().flatMap(({ id, type }) => (type === FORUM ? [] : signsIn(discord, id))),
    has: (room, id) => rooms().some((channel) => channel.id === room) && has(discord, room, id),
    file: (id) => discord.file(id),
    say: ({ room, person, text, replyTo }) => {
      const { discord: user } = cast.find(person);
      const content = withMentions(text, people());
      if (demandRoom(room).type === FORUM) return postInForum(discord, { room, user, content });
      if (replyTo !== undefined && !discord.messages(room).some(({ id }) => id === replyTo))
        throw new NoSuchPlace("The message that this one answers is gone.");
      const answered = replyTo === undefined ? {} : { replyTo };
      return { room, id: discord.say({ channel: room, user, content, ...answered }) };
    },
    press: async ({ room, id, button, person }) => {
      demandRoom(room);
      return discord.press({ channel: room, message: id, user: cast.find(person).discord, customId: button });
    },
    command: async ({ room, person, text }) => {
      demandRoom(room);
      return discord.command({ channel: room, user: cast.find(person).discord, text });
    },
    watch: (listener) =>
      discord.subscribe((change) => {
        for (const touch of touchesOf(change, { view, html, whisper })) listener(touch);
      }),
  };
}

const namesOn = (discord: DiscordTwin): Names => ({
  person: (id) => discord.users().find((user) => user.id === id)?.displayName,
  channel: (id) => discord.channels().find((channel) => channel.id === id)?.name,
});

const pathTo = (
  { guild }: DiscordTwin,
  { channelId, id }: ShownMessage,
  dms: ReadonlyMap<string, string>,
): string => discordPath(dms.has(channelId) ? undefined : guild.id, channelId, id);

/** The message that a thread hangs on has the thread's id, and is linked to in it. */
const has = (discord: DiscordTwin, room: string, id: string): boolean =>
  id === room || discord.messages(room).some((message) => message.id === id);

function touchesOf(
  change: Change,
  make: {
    readonly view: (message: ShownMessage) => ViewMessage;
    readonly html: (content: string) => string;
    readonly whisper: ReturnType<typeof createPrivates>;
  },
): readonly Touch[] {
  switch (change.kind) {
    case "posted":
    case "changed": {
      const { channelId: room, id } = change.message;
      // A post ends its author's typing.
      return [{ kind: "message", room, id, make: () => make.view(change.message) }, { kind: "signs" }];
    }
    case "whispered":
      return make.whisper({
        room: change.channelId,
        user: change.userId,
        text: change.content,
        html: make.html(change.content),
      });
    case "deleted":
      return [{ kind: "gone", room: change.channelId, id: change.messageId }];
    case "typing":
      return [{ kind: "signs" }];
    case "channel":
    case "channel-deleted":
      return [{ kind: "rooms" }];
    default:
      return change satisfies never;
  }
}

/** The first line is the title, as far as Discord takes one (docs.discord.com, Start Thread in Forum Channel). */
function postInForum(
  discord: DiscordTwin,
  { room, user, content }: { room: string; user: string; content: string },
): { room: string; id: string } {
  const title = plainWords(content.split("\n")[0]?.replaceAll(/<@\d+>/gu, "") ?? "").slice(0, TITLE_LENGTH);
  const thread = discord.postInForum({ forum: room, user, title: title || "A question", content });
  return { room: thread, id: thread };
}

/** A thread that hangs on a message begins with a reference to it, which Discord shows as that message. */
function starterOf(discord: DiscordTwin, message: ShownMessage): ShownMessage {
  if (message.type !== THREAD_STARTER) return message;
  const parent = discord.channels().find(({ id }) => id === message.channelId)?.parentId;
  const start =
    parent === undefined ? undefined : discord.messages(parent).find(({ id }) => id === message.channelId);
  if (!start) return message;
  const { author, content, createdAt } = start;
  return { ...message, type: 0, author, content, createdAt };
}

function signsIn(discord: DiscordTwin, room: string): ViewSign[] {
  const typing = discord.typing(room);
  const names = typing.flatMap((id) => discord.users().find((user) => user.id === id)?.displayName ?? []);
  if (names.length === 0) return [];
  return [{ room, text: `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…` }];
}

function viewRoom(channel: ShownChannel, dms: ReadonlyMap<string, string>): ViewRoom {
  const { id, name, type, topic = "", parentId } = channel;
  const isThread = THREADS.has(type);
  const kind = isThread ? "thread" : type === DM ? "dm" : type === FORUM ? "forum" : "channel";
  const person = dms.get(id);
  return {
    id,
    name,
    kind,
    topic,
    ...(isThread && parentId !== undefined && { parent: parentId }),
    ...(person !== undefined && { person }),
  };
}

function viewMessage(message: ShownMessage, names: Names): ViewMessage {
  const { channelId, id, createdAt, author, content, editedAt, history, type, replyTo, threadId } = message;
  const notice = NOTICES[type];
  const words = notice ?? content;
  return {
    room: channelId,
    id,
    at: createdAt,
    author: { name: author.displayName, isBot: author.bot },
    html: discordMarkdown(words, names),
    plain: plainWords(
      words.replaceAll(/<@!?(\d+)>/gu, (_, user: string) => `@${names.person(user) ?? user}`),
    ),
    edited: editedAt !== undefined,
    edits: history.length,
    changedAt: editedAt ?? createdAt,
    buttons: message.buttons.map(({ customId, label, style }) => ({
      id: customId,
      label,
      isPrimary: style === PRIMARY,
    })),
    ...viewFiles("discord", author.bot ? message.attachments : []),
    isNotice: notice !== undefined,
    ...(replyTo !== undefined && { replyTo }),
    ...(threadId !== undefined && { threadRoom: threadId }),
  };
}
