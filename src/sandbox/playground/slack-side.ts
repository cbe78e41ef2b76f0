import type { SlackTwin } from "../slack/contract.ts";
import type { SlackChange, SlackChannelView, SlackMessage, SlackPrompt } from "../slack/types.ts";
import { type Cast, withMentions } from "./cast.ts";
import type { Names } from "./chips.ts";
import { slackMarkdown } from "./markdown.ts";
import { plainText, slackMrkdwn } from "./mrkdwn.ts";
import { slackPath } from "./permalinks.ts";
import { createSlackSigns, SLACK_STOP } from "./slack-signs.ts";
import {
  createPrivates,
  NoSuchPlace,
  plainWords,
  type Pressing,
  viewFiles,
  type Side,
  type Touch,
  type ViewMessage,
  type ViewRoom,
} from "./view.ts";

const NOTICES = new Set(["channel_join", "channel_leave", "channel_name", "channel_topic"]);

/** The Slack twin as the page shows it. */
export function createSlackSide(slack: SlackTwin, cast: Cast): Side {
  const signs = createSlackSigns(slack.bot.name);
  const names: Names = {
    person: (id) => slack.users().find((user) => user.id === id)?.name,
    channel: (id) => slack.channels().find((channel) => channel.id === id)?.name,
  };
  const people = () => slack.users().map(({ id, name }) => ({ id, name }));
  const view = (message: SlackMessage) => viewMessage(message, names);
  const html = (shown: SlackMessage["shown"]) => shown.map((piece) => htmlOf(piece, names)).join("");
  const demandRoom = (id: string) => {
    if (!slack.channels().some((channel) => channel.id === id))
      throw new NoSuchPlace("There is no such channel.");
  };

  const whisper = createPrivates({
    author: slack.bot.name,
    personOf: (id) => cast.players.find(({ slack: user }) => user === id)?.key,
  });

  return {
    name: "slack",
    rooms: () => slack.channels().map((channel) => viewRoom(channel, slack.prompts(channel.id), cast)),
    messages: () => slack.channels().flatMap(({ id }) => everythingIn(slack, id).map(view)),
    signs: () => signs.all(),
    has: (room, id) =>
      slack.channels().some((channel) => channel.id === room) &&
      everythingIn(slack, room).some(({ ts }) => ts === id),
    file: (id) => slack.file(id),
    say: ({ room, person, text, root }) => {
      const { slack: user } = cast.find(person);
      demandRoom(room);
      demandThread(slack, room, root);
      const threadTs = root === undefined ? {} : { threadTs: root };
      return sayIn(slack, { channel: room, user, text: withMentions(text, people()), ...threadTs });
    },
    open: ({ room, person }) => look(slack, room, cast.find(person).slack),
    press: async (pressing) => {
      demandRoom(pressing.room);
      return press(slack, cast, pressing);
    },
    command: async ({ room: channel, person, text, root }) => {
      if (root !== undefined) throw new Error("Slack takes no commands in threads.");
      return slack.command({ channel, user: cast.find(person).slack, text });
    },
    watch: (listener) =>
      slack.subscribe((change) => {
        for (const touch of touchesOf(change, { view, html, whisper, signs })) listener(touch);
      }),
  };
}

function demandThread(slack: SlackTwin, room: string, root: string | undefined): void {
  if (root !== undefined && !slack.messages(room, root).some(({ ts }) => ts === root))
    throw new NoSuchPlace("There is no such thread.");
}

/** Slack tells the bot when somebody looks at their direct message with it. */
function look(slack: SlackTwin, room: string, user: string): void {
  const isTheirs = slack
    .channels()
    .some(({ id, kind, members }) => id === room && kind === "im" && members.includes(user));
  if (!isTheirs) throw new NoSuchPlace("There is no such direct message.");
  slack.openHome(user, "messages");
}

async function press(slack: SlackTwin, cast: Cast, { room, id, button, person }: Pressing): Promise<boolean> {
  const user = cast.find(person).slack;
  if (button !== SLACK_STOP) return slack.press({ channel: room, ts: id, user, actionId: button });
  demandThread(slack, room, id);
  slack.stopSession(room, id, user);
  return true;
}

function touchesOf(
  change: SlackChange,
  make: {
    readonly view: (message: SlackMessage) => ViewMessage;
    readonly html: (shown: SlackMessage["shown"]) => string;
    readonly whisper: ReturnType<typeof createPrivates>;
    readonly signs: Pick<ReturnType<typeof createSlackSigns>, "note">;
  },
): readonly Touch[] {
  switch (change.kind) {
    case "channel":
      return [{ kind: "rooms" }];
    case "ephemeral": {
      const { channel: room, threadTs: root, user, text, shown } = change;
      return make.whisper({ room, root, user, text, html: make.html(shown) });
    }
    case "status":
    case "session":
      make.signs.note(change);
      return [{ kind: "signs" }];
    case "prompts":
      return [{ kind: "rooms" }];
    case "deleted":
      return [{ kind: "gone", room: change.message.channel, id: change.message.ts }];
    default: {
      const { channel: room, ts: id } = change.message;
      return [{ kind: "message", room, id, make: () => make.view(change.message) }];
    }
  }
}

function everythingIn(slack: SlackTwin, channel: string): SlackMessage[] {
  const top = slack.messages(channel);
  const replies = top
    .filter(({ replyCount }) => replyCount > 0)
    .flatMap(({ ts }) =>
      slack.messages(channel, ts).filter((one) => one.ts !== ts && one.subtype !== "thread_broadcast"),
    );
  return [...top, ...replies];
}

function viewRoom(
  { id, name, kind, topic, members }: SlackChannelView,
  prompts: readonly SlackPrompt[],
  cast: Cast,
): ViewRoom {
  const isDm = kind === "im";
  const person = isDm ? cast.players.find(({ slack }) => members.includes(slack))?.key : undefined;
  return { id, name, kind: isDm ? "dm" : "channel", topic, ...(person !== undefined && { person }), prompts };
}

function viewMessage(message: SlackMessage, names: Names): ViewMessage {
  const { channel, ts, threadTs, author, botId, shown, edited, edits, versions, subtype } = message;
  const { buttons, files } = message;
  const at = Number(ts) * 1000;
  return {
    room: channel,
    id: ts,
    at,
    author: { name: author, isBot: botId !== undefined },
    link: slackPath(channel, ts, threadTs === ts ? undefined : threadTs),
    html: shown.map((piece) => htmlOf(piece, names)).join(""),
    plain: plainWords(
      shown
        .map(({ text }) => text)
        .join(" ")
        .replaceAll(/<@(\w+)>/gu, (_, id: string) => `@${names.person(id) ?? id}`),
    ),
    edited,
    edits,
    changedAt: versions.at(-1)?.at ?? at,
    buttons: buttons.map(({ actionId, text, isPrimary }) => ({ id: actionId, label: text, isPrimary })),
    cards: message.blocks
      .filter(({ type }) => type === "task_card")
      .map(({ title, status }) => ({ title: String(title), isDone: status === "complete" })),
    ...viewFiles("slack", botId === undefined ? [] : files.map(fileOf)),
    isNotice: NOTICES.has(subtype ?? ""),
    ...(threadTs !== undefined && threadTs !== ts && { root: threadTs }),
    ...(subtype === "thread_broadcast" && { isBroadcast: true }),
  };
}

const sayIn = (slack: SlackTwin, said: Parameters<SlackTwin["say"]>[0]) => ({
  room: said.channel,
  id: slack.say(said),
});

const fileOf = ({ id, name, size }: SlackMessage["files"][number]) => ({
  id: String(id),
  name: String(name),
  size: Number(size),
});

function htmlOf({ format, text }: SlackMessage["shown"][number], names: Names): string {
  switch (format) {
    case "markdown":
      return slackMarkdown(text, names);
    case "mrkdwn":
      return slackMrkdwn(text, names);
    case "plain":
      return plainText(text);
    default:
      return format satisfies never;
  }
}
