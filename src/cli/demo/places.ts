import type { Message } from "../../chat/message.ts";
import type { MessageId, Whereabouts } from "../../chat/place.ts";
import { encodePlace as discordPlace } from "../../discord/place.ts";
import { threadName } from "../../discord/text.ts";
import { encodePlace as slackPlace, messageKey, tsAt } from "../../slack/place.ts";
import type { Channel, Person, Workspace } from "./cast.ts";

/** Where a conversation of the demo is. */
export interface Thread {
  readonly workspace: Workspace;
  readonly channel: Channel;
  readonly startedAt: number;
  /** What it begins with. */
  readonly title: string;
}

interface Post {
  readonly at: number;
  readonly author: Person;
  readonly text: string;
  readonly mentionsBot: boolean;
  /** The month's end. */
  readonly until: number;
}

/** Before the month's end: so long ago people and channels got their later names. */
const RENAMED_MS = 13 * 86_400_000;

type Addressing = Pick<Message, "key" | "place"> & Pick<Whereabouts, "threadId" | "threadName">;

interface Style {
  /** The message that is posted at this time (milliseconds since the epoch). */
  readonly idAt: (ms: number) => string;
  readonly address: (thread: Thread, id: string) => Addressing;
}

/** Discord's epoch, and how many bits of an id are no time (docs.discord.com, Reference, Snowflakes). */
const [DISCORD_EPOCH, OTHER_BITS] = [1_420_070_400_000, 22n];

const STYLES: Readonly<Record<Workspace["platform"], Style>> = {
  slack: {
    idAt: tsAt,
    address: ({ workspace, channel, startedAt }, ts) => {
      const threadTs = tsAt(startedAt);
      const place = slackPlace({ team: workspace.id, channel: channel.id, threadTs });
      return { key: messageKey(workspace.id, channel.id, ts), place, threadId: threadTs };
    },
  },
  discord: {
    idAt: (ms) => String(BigInt(Math.max(0, Math.ceil(ms) - DISCORD_EPOCH)) << OTHER_BITS),
    address: ({ workspace, channel, startedAt, title }, id) => {
      const thread = STYLES.discord.idAt(startedAt);
      const place = discordPlace({ kind: "thread", guild: workspace.id, parent: channel.id, thread });
      return { key: `discord:${thread}:${id}`, place, threadId: thread, threadName: threadName(title) };
    },
  },
};

export function idAt(platform: string, ms: number): MessageId {
  const style = Object.entries(STYLES).find(([name]) => name === platform)?.[1];
  if (!style) throw new Error(`the demo knows no ${platform}`);
  return style.idAt(ms) as MessageId;
}

/** A message as its adapter hands it over. */
export function messageOf(thread: Thread, { at, author, text, mentionsBot, until }: Post): Message {
  const { workspace, channel } = thread;
  const { platform } = workspace;
  const startsPlace = at === thread.startedAt;
  const isLater = at > until - RENAMED_MS;
  const id = idAt(platform, at);
  const { key, place, ...threadFacts } = STYLES[platform].address(thread, id);
  const name = (isLater && channel.later) || channel.name;
  return {
    key,
    platform,
    place,
    id,
    sentAt: at,
    author: { id: author.id, name: (isLater && author.later) || author.name, kind: "person" },
    text,
    call: {
      mentionsBot,
      repliesToBot: false,
      mentionsOthers: false,
      inThread: !startsPlace,
      startsPlace,
    },
    where: {
      workspaceId: workspace.id,
      workspaceName: workspace.name,
      channelId: channel.id,
      channelKind: channel.kind,
      ...(name !== undefined && { channelName: name }),
      ...(channel.topic !== undefined && { channelTopic: channel.topic }),
      ...(channel.parent !== undefined && { parentChannel: channel.parent }),
      ...threadFacts,
    },
  };
}
