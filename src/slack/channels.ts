import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { SlackConfig } from "./config.ts";
import { list, record, text } from "./json.ts";
import type { Identity } from "./parse.ts";
import { isId, type SlackPlace } from "./place.ts";
import { endsAll } from "./patience.ts";
import type { SlackWeb } from "./web.ts";

/** In one call (docs.slack.dev, users.conversations: no more than 999, and 200 are recommended). */
const LISTED = 200;
/** Direct messages that come before channels: so many idle ones do not keep the channels from being read. */
const DMS_FIRST = 30;

/** As users.conversations names the types, and as events do. */
const TYPES = { im: "im", mpim: "mpim", private_channel: "group", public_channel: "channel" } as const;
type Type = keyof typeof TYPES;

/** A thread, or a channel's top level, that is to be read. `channelType` as events name it, where it is known. */
export interface Source extends SlackPlace {
  readonly channelType?: string;
}

export interface ChannelsDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly log: Log;
  readonly config: Pick<SlackConfig, "answers">;
  /** What the operator was told already. */
  readonly told: Set<string>;
}

/**
 * The channels that the bot is in, direct messages first, and among both those of the known places: what matters most comes first.
 * A type that the token may not list is left out, but for the channels of its known places. Throws `PlatformRefusal`.
 */
export async function channelsOf(
  deps: ChannelsDeps,
  known: readonly SlackPlace[],
): Promise<readonly Source[]> {
  const listed = await Promise.all(typesOf(deps.config).map((type) => listOf(deps, type)));
  const types = new Map(listed.flat().map(({ channel, channelType }) => [channel, channelType]));
  const used = known.map(({ team, channel }) => ({ team, channel, ...typeOf(types.get(channel)) }));
  const all = new Map([...used, ...listed.flat()].map((one) => [one.channel, one]));
  const isDm = ({ channel, channelType }: Source) =>
    channel.startsWith("D") || channelType === "im" || channelType === "mpim";
  const dms = [...all.values()].filter(isDm);
  const channels = [...all.values()].filter((one) => !isDm(one));
  return [...dms.slice(0, DMS_FIRST), ...channels, ...dms.slice(DMS_FIRST)];
}

function typesOf({ answers = { dms: true, channels: true } }: ChannelsDeps["config"]): readonly Type[] {
  return [
    ...(answers.dms ? (["im"] as const) : []),
    ...(answers.channels ? (["mpim", "private_channel", "public_channel"] as const) : []),
  ];
}

function typeOf(channelType: string | undefined): { channelType?: string } {
  return channelType === undefined ? {} : { channelType };
}

async function listOf({ web, self, log, told }: ChannelsDeps, type: Type): Promise<readonly Source[]> {
  try {
    const channels: unknown[] = [];
    let cursor: string | undefined;
    do {
      const answer = await web.call("users.conversations", {
        types: type,
        exclude_archived: true,
        limit: LISTED,
        ...(cursor !== undefined && { cursor }),
      });
      channels.push(...list(answer["channels"]));
      cursor = text(record(answer["response_metadata"])["next_cursor"]) || undefined;
    } while (cursor !== undefined);
    return channels
      .flatMap((channel) => text(record(channel)["id"]) ?? [])
      .filter(isId)
      .map((channel) => ({ team: self.team, channel, channelType: TYPES[type] }));
  } catch (caught) {
    if (!(caught instanceof PlatformRefusal) || endsAll(caught)) throw caught;
    const what = `${type} ${caught.code}`;
    if (!told.has(what))
      log.warn(
        { type, code: caught.code, err: caught },
        "conversations cannot be listed; what is missed in new ones stays unread",
      );
    told.add(what);
    return [];
  }
}
