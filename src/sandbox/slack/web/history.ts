import { wireMessage, type Stored } from "../message.ts";
import type { SlackBlock } from "../types.ts";
import type { World } from "../world.ts";
import { readable } from "./conversations.ts";
import { flagArg, isIn, SlackRefusal, textArg, type Args, type Call, type Method } from "./method.ts";
import { pageOf, type PageBounds } from "./pages.ts";

const HISTORY = {
  token: "bot",
  scopes: ["channels:history", "groups:history", "im:history", "mpim:history"],
  limit: "reading",
  json: false,
} as const;

/** What was said: in a channel, newest first; in a thread, oldest first. */
export const historyMethods: Readonly<Record<string, Method>> = {
  "conversations.history": { ...HISTORY, required: ["channel"], run: history },
  "conversations.replies": { ...HISTORY, required: ["channel", "ts"], run: replies },
};

function history(call: Call): SlackBlock {
  const { args, world } = call;
  const channel = readable(call, "history");
  if (!isIn(call, channel)) throw new SlackRefusal("not_in_channel");
  const topLevel = world
    .messagesIn(channel.id)
    .filter(
      (one) => one.threadTs === undefined || one.threadTs === one.ts || one.subtype === "thread_broadcast",
    );
  // Without `latest` the first page is what is nearest to `oldest` (slackhq/slack-api-docs#4). Each page is newest first.
  const forward = textArg(args, "oldest") !== undefined && textArg(args, "latest") === undefined;
  const wanted = topLevel.filter(between(args));
  const page = pageOf(forward ? wanted : wanted.reverse(), args, mostOf(call, { usual: 100, most: 999 }));
  const items = forward ? page.items.toReversed() : page.items;
  return {
    messages: items.map((one) => withMetadata(world, one, args)),
    has_more: page.next !== "",
    pin_count: 0,
    ...(page.next === "" ? {} : { response_metadata: { next_cursor: page.next } }),
  };
}

function replies(call: Call): SlackBlock {
  const { args, world } = call;
  const channel = readable(call, "history");
  if (!isIn(call, channel)) throw new SlackRefusal("not_in_channel");
  const named = world.find(channel.id, textArg(args, "ts") ?? "");
  if (!named) throw new SlackRefusal("thread_not_found");
  const root = world.find(channel.id, named.threadTs ?? named.ts) ?? named;
  // The root stands on every page, whatever the bounds: Slack returns it always.
  const wanted = world.repliesTo(channel.id, root.ts).filter(between(args));
  const page = pageOf([root, ...wanted], args, mostOf(call, { usual: 1000, most: 1000 }));
  return {
    messages: page.items.map((one) => withMetadata(world, one, args)),
    has_more: page.next !== "",
    ...(page.next === "" ? {} : { response_metadata: { next_cursor: page.next } }),
  };
}

/** Apps that are sold outside of the Marketplace get fewer at once, however many they ask for. */
function mostOf({ mostRead }: Call, { usual, most }: { usual: number; most: number }): PageBounds {
  return { usual: Math.min(usual, mostRead), most, given: mostRead };
}

/** `oldest` and `latest`, both left out unless `inclusive`. Throws `SlackRefusal`. */
function between(args: Args): (message: Stored) => boolean {
  const oldest = bound(args, "oldest") ?? -Infinity;
  const latest = bound(args, "latest") ?? Infinity;
  const inclusive = flagArg(args, "inclusive");
  return ({ ts }) => {
    const at = Number(ts);
    return (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest));
  };
}

function bound(args: Args, name: "oldest" | "latest"): number | undefined {
  const text = textArg(args, name);
  if (text === undefined || text === "now") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new SlackRefusal(`invalid_ts_${name}`);
  return value;
}

function withMetadata(world: World, message: Stored, args: Args): SlackBlock {
  const wire = wireMessage(world, message);
  const wanted = message.metadata && flagArg(args, "include_all_metadata");
  return wanted ? { ...wire, metadata: message.metadata } : wire;
}
