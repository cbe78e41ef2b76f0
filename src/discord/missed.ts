import {
  type Client,
  type GuildTextBasedChannel,
  type Message as DiscordMessage,
  PermissionFlagsBits,
} from "discord.js";
import type { Message } from "../chat/message.ts";
import type { MissedQuery } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Bot } from "./bot.ts";
import { type Asking, createAsking } from "./asking.ts";
import { channelOf, decodePlace, isAfter, snowflakeBefore, type Where, whereOf } from "./place.ts";
import type { Reader } from "./reader.ts";
import type { Part } from "./shards.ts";

/** The most that one request gives (docs.discord.com, Message Resource, Get Channel Messages). */
const BATCH = 100;
/** How many requests one place may cost: 500 messages. */
const MOST_IN_PLACE = 5;

export interface MissedDeps {
  readonly bot: Bot;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What was posted while nobody listened, as `Platform.missed` promises it. Which channels have something new is known without asking: a new
 * session is told of every channel and every active thread that the bot can see, with its newest message (docs.discord.com, Gateway
 * Events, Guild Create). Threads that were archived meanwhile are not among them, and read only where the bot took part; so are DMs.
 * One request at a time: Discord gives a bot 50 a second (docs.discord.com, Rate Limits), of which replies need theirs.
 */
export async function* readMissed(deps: MissedDeps, query: MissedQuery): AsyncGenerator<Message> {
  const { bot, clock, log, reader } = deps;
  const { signal } = query;
  const part = bot.shards.find(query.part);
  if (!part)
    throw new PlatformRefusal("unavailable", "discord_not_listening", `${query.part} does not listen here`);
  const since = snowflakeBefore(query.since);
  const asking = createAsking({ clock, signal });
  for (const where of placesOf(part, query, since)) {
    for await (const raw of readPlace({ asking, reader, log }, where, since)) {
      if (raw.author.id === bot.userId) continue;
      await learnName(asking, raw);
      const message = await reader.read(raw, isKeptBack(raw, bot));
      if (message) yield message;
    }
  }
}

/** What the gateway would have kept back, though REST shows it: that goes by what the application may read, not by what was asked for. */
function isKeptBack({ guildId, mentions }: DiscordMessage, { shards, userId }: Bot): boolean {
  return !shards.readsContent && guildId !== null && !mentions.users.has(userId);
}

/** The gateway tells what an author is called in the guild; REST does not. */
async function learnName(
  asking: Asking,
  { author, guild, member, webhookId }: DiscordMessage,
): Promise<void> {
  if (!guild || member || author.bot || webhookId !== null) return;
  await asking.ask(async () => guild.members.fetch(author.id)).catch(unlessHidden);
}

/** Where something may be new: places in which the bot took part, then others, what was used last first. */
function placesOf(part: Part, { places }: MissedQuery, since: string): Where[] {
  const { client } = part;
  const known = places.map(decodePlace).filter((place) => part.covers(whereOf(place).guild));
  const isKnown = new Set(known.map(channelOf));
  const fresh = channelsIn(client).filter(({ lastMessageId: last }) => last !== null && isAfter(last, since));
  const isFresh = new Set(fresh.map(({ id }) => id));
  const used = known.filter((place) => {
    const channel = channelOf(place);
    // Those that the gateway tells nothing of: DMs, and threads that are archived, or were never opened.
    return isFresh.has(channel) || (place.kind !== "channel" && !client.channels.cache.has(channel));
  });
  const others = fresh
    .filter(({ id }) => !isKnown.has(id))
    .sort((a, b) => (isAfter(a.lastMessageId ?? "0", b.lastMessageId ?? "0") ? -1 : 1));
  return [...used.map(whereOf), ...others.map(({ id, guildId }) => ({ guild: guildId, channel: id }))];
}

/** Those in guilds whose history the bot may read. */
function channelsIn(client: Client): GuildTextBasedChannel[] {
  const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];
  return [...client.channels.cache.values()].filter((channel): channel is GuildTextBasedChannel => {
    if (channel.isDMBased() || !channel.isTextBased()) return false;
    const { me } = channel.guild.members;
    return me !== null && channel.permissionsFor(me).has(needed);
  });
}

/**
 * What was posted in one place, oldest first. Of more than can be read the middle is left out: what was said last matters most, and what
 * was said first is at hand.
 */
async function* readPlace(
  { asking, reader, log }: { asking: Asking; reader: Reader; log: Log },
  where: Where,
  since: string,
): AsyncGenerator<DiscordMessage> {
  const list = (cursor: { before?: string; after?: string }) =>
    asking.ask(() => reader.list(where, { ...cursor, limit: BATCH })).catch(unlessHidden);
  const first = (await list({ after: since })) ?? [];
  yield* first.toReversed();
  const [newest] = first;
  if (!newest || first.length < BATCH) return;
  const rest: DiscordMessage[] = [];
  for (let request = 1; request < MOST_IN_PLACE; request += 1) {
    const before = rest.at(-1)?.id;
    const batch = (await list(before === undefined ? {} : { before })) ?? [];
    const fresh = batch.filter(({ id }) => isAfter(id, newest.id));
    rest.push(...fresh);
    if (fresh.length < BATCH) {
      yield* rest.toReversed();
      return;
    }
  }
  log.warn(
    { channel: where.channel },
    "more was posted in a channel than can be read; some of it is left out",
  );
  yield* rest.toReversed();
}

/** What one place refuses is no reason to leave out the others. */
function unlessHidden(error: unknown): undefined {
  if (error instanceof PlatformRefusal && HIDDEN.has(error.kind)) return undefined;
  throw error;
}

const HIDDEN: ReadonlySet<string> = new Set(["unreachable", "gone", "rejected"]);
