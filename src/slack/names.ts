import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { boundedMap } from "./bounded.ts";
import { type Json, record, text } from "./json.ts";
import type { SlackWeb } from "./web.ts";
import type { ChannelName, Names } from "./words.ts";

export interface Directory extends Names {
  /** Looks up what is not known yet, the first ids first. Resolves when all is known or given up, and at the latest after `withinMs`. Never rejects. */
  learn(ids: { users: Iterable<string>; channels: Iterable<string> }, withinMs: number): Promise<void>;
}

/** A changed name shows after this at the latest. */
const FRESH_MS = 30 * 60_000;
/** How long a failed look-up is not repeated: a scope that is missing stays missing, and Slack counts every call. */
const FAILED_MS = 60_000;
/** Of one kind for one caller. A message that mentions more people is a list; users.info is tier 4, about 100 a minute. */
const AT_ONCE = 30;
/** Entries a kind; some hundred bytes each. */
const SIZE = 5_000;

interface Entry<T> {
  readonly value: T | undefined;
  readonly until: number;
}

interface DirectoryDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  /** The bot's own id as a user, once it is known. */
  readonly self: () => string | undefined;
}

/** Names of people and channels, looked up as they are met, kept for a while. */
export function createDirectory(deps: DirectoryDeps): Directory {
  const users = createShelf(deps, (id) => readUser(deps.web, id));
  const people = async (ids: readonly string[]) => {
    await Promise.all(ids.flatMap((id) => users.learn(id) ?? []));
    return ids.flatMap((id) => users.known(id) ?? []);
  };
  const channels = createShelf(deps, (id) => readChannel(deps, people, id));
  return {
    user: (id) => users.known(id),
    channel: (id) => channels.known(id),
    learn: async (ids, withinMs) => {
      // A direct message has no name, and reading about it takes a scope of its own.
      const named = [...new Set(ids.channels)].filter((id) => !id.startsWith("D"));
      const lookups = [
        ...[...new Set(ids.users)].slice(0, AT_ONCE).map((id) => users.learn(id)),
        ...named.slice(0, AT_ONCE).map((id) => channels.learn(id)),
      ].filter((lookup) => lookup !== undefined);
      if (lookups.length === 0) return;
      const late = new AbortController();
      await Promise.race([Promise.all(lookups), deps.clock.sleep(withinMs, late.signal).catch(() => {})]);
      late.abort();
    },
  };
}

interface Shelf<T> {
  known(id: string): T | undefined;
  /** Undefined when there is nothing to wait for. Never rejects. */
  learn(id: string): Promise<void> | undefined;
}

/** Two who ask for the same at once share one call. What comes after its asker gave up is kept for the next. */
function createShelf<T>(
  { clock, log }: { clock: Clock; log: Log },
  read: (id: string) => Promise<T | undefined>,
): Shelf<T> {
  const entries = boundedMap<string, Entry<T>>(SIZE);
  const underway = new Map<string, Promise<void>>();

  const lookUp = async (id: string) => {
    try {
      entries.set(id, { value: await read(id), until: clock.monotonic() + FRESH_MS });
    } catch (error) {
      log.debug({ id, err: asError(error) }, "a name was not found out");
      // An old name is better than none.
      entries.set(id, { value: entries.get(id)?.value, until: clock.monotonic() + FAILED_MS });
    } finally {
      underway.delete(id);
    }
  };
  return {
    known: (id) => entries.get(id)?.value,
    learn: (id) => {
      const entry = entries.get(id);
      if (entry && entry.until > clock.monotonic()) return undefined;
      const running = underway.get(id) ?? lookUp(id);
      underway.set(id, running);
      return running;
    },
  };
}

async function readUser(web: SlackWeb, id: string): Promise<string | undefined> {
  const user = record((await web.call("users.info", { user: id }))["user"]);
  const profile = record(user["profile"]);
  return (
    text(profile["display_name"]) ??
    text(profile["real_name"]) ??
    text(user["real_name"]) ??
    text(user["name"])
  );
}

type People = (ids: readonly string[]) => Promise<readonly string[]>;

async function readChannel(deps: DirectoryDeps, people: People, id: string): Promise<ChannelName> {
  const channel = record((await deps.web.call("conversations.info", { channel: id }))["channel"]);
  const given = text(channel["name"]);
  const name = kindOf(channel) === "group_dm" ? await groupName(deps, people, { id, given }) : given;
  const topic = text(record(channel["topic"])["value"]);
  return {
    kind: kindOf(channel),
    ...(name === undefined ? {} : { name }),
    ...(topic === undefined ? {} : { topic }),
  };
}

/** `mpdm-ada--bob--patchcord-1`: how Slack itself names a group direct message. */
const GROUP = /^mpdm-(.+)-\d+$/;

/** Who is in it but the bot. Slack's own name has their handles, in an order of its own: it is gone by where not all members can be found out. */
async function groupName(
  { web, self, log }: DirectoryDeps,
  people: People,
  { id, given }: { readonly id: string; readonly given: string | undefined },
): Promise<string | undefined> {
  try {
    const { members } = await web.call("conversations.members", { channel: id });
    const others = (Array.isArray(members) ? members : []).flatMap((one) => text(one) ?? []);
    const ids = others.filter((one) => one !== self());
    const names = await people(ids);
    // Who is not known by name would be left out.
    if (names.length > 0 && names.length === ids.length) return listed(names);
  } catch (error) {
    log.debug({ id, err: asError(error) }, "who is in a group direct message was not found out");
  }
  return given === undefined ? undefined : listed(GROUP.exec(given)?.[1]?.split("--") ?? [given]);
}

function listed(names: readonly string[]): string {
  const sorted = names.toSorted();
  const last = sorted.pop();
  return [...(sorted.length > 0 ? [sorted.join(", ")] : []), last].join(" and ");
}

function kindOf(channel: Json): "public" | "private" | "dm" | "group_dm" {
  if (channel["is_im"] === true) return "dm";
  if (channel["is_mpim"] === true) return "group_dm";
  return channel["is_private"] === true ? "private" : "public";
}
