import { openDm } from "../places.ts";
import { scopeFor } from "../events.ts";
import type { SlackBlock } from "../types.ts";
import type { Channel, World } from "../world.ts";
import {
  channelArg,
  flagArg,
  isIn,
  missingScope,
  SlackRefusal,
  textArg,
  type Call,
  type Method,
} from "./method.ts";
import { pageOf } from "./pages.ts";

const READ_SCOPES = ["channels:read", "groups:read", "im:read", "mpim:read"];
const READ = { token: "bot", scopes: READ_SCOPES, json: false } as const;

/** conversations.* and users.conversations: which channels there are, and who is in them. */
export const conversationMethods: Readonly<Record<string, Method>> = {
  "conversations.info": { ...READ, limit: "tier3", required: ["channel"], run: info },
  "conversations.list": { ...READ, limit: "tier2", required: [], run: list },
  "conversations.members": { ...READ, limit: "tier4", required: ["channel"], run: members },
  "users.conversations": { ...READ, limit: "tier3", required: [], run: mine },
  "conversations.open": {
    token: "bot",
    scopes: ["im:write", "mpim:write", "channels:manage", "groups:write"],
    limit: "tier3",
    required: [],
    json: true,
    run: open,
  },
};

/** The channel of the call, when the token may read channels of its kind. */
export function readable(call: Call, right: "history" | "read"): Channel {
  const channel = channelArg(call);
  const scope = scopeFor(channel.kind, right);
  if (call.scopes.has(scope)) return channel;
  throw missingScope(call.scopes, scope);
}

function info(call: Call): SlackBlock {
  const channel = readable(call, "read");
  const count = flagArg(call.args, "include_num_members") ? { num_members: channel.members.length } : {};
  return { channel: { ...wireChannel(call.world, channel), ...count } };
}

const TYPES = { public_channel: "public", private_channel: "private", im: "im", mpim: "mpim" } as const;

function list(call: Call): SlackBlock {
  const { args, world } = call;
  const seen = channelsOf(call).filter((channel) => channel.kind === "public" || isIn(call, channel));
  const page = pageOf(seen, args, { usual: 100, most: 1000 });
  const channels = page.items.map((channel) => ({
    ...wireChannel(world, channel),
    num_members: channel.members.length,
  }));
  return { channels, response_metadata: { next_cursor: page.next } };
}

/** The bot's own (docs.slack.dev, users.conversations): without `is_member`, which would be true everywhere. */
function mine(call: Call): SlackBlock {
  const { args, world } = call;
  if ((textArg(args, "user") ?? world.bot.userId) !== world.bot.userId)
    throw new Error("the Slack twin lists the bot's own conversations alone");
  const page = pageOf(
    channelsOf(call).filter((channel) => isIn(call, channel)),
    args,
    { usual: 100, most: 999 },
  );
  const channels = page.items.map((channel) => {
    const { is_member: _, ...wire } = wireChannel(world, channel);
    return wire;
  });
  return { channels, response_metadata: { next_cursor: page.next } };
}

/** Those of the wanted types. One type without its scope refuses the whole call. Throws `SlackRefusal`. */
function channelsOf({ args, world, scopes }: Call): readonly Channel[] {
  const types = (textArg(args, "types") ?? "public_channel").split(",").map((type) => type.trim());
  if (types.some((type) => !(type in TYPES))) throw new SlackRefusal("invalid_types");
  const kinds = types.map((type) => TYPES[type as keyof typeof TYPES]);
  const lacking = kinds.map((kind) => scopeFor(kind, "read")).filter((scope) => !scopes.has(scope));
  if (lacking.length) throw missingScope(scopes, ...lacking);
  return [...world.channels.values()].filter(
    (channel) => kinds.includes(channel.kind) && !(channel.archived && flagArg(args, "exclude_archived")),
  );
}

function members(call: Call): SlackBlock {
  const channel = readable(call, "read");
  const page = pageOf(channel.members, call.args, { usual: 100, most: 1000 });
  return { members: page.items, response_metadata: { next_cursor: page.next } };
}

function open(call: Call): SlackBlock {
  const { args, world } = call;
  const id = textArg(args, "channel");
  if (id !== undefined) {
    const channel = channelArg(call);
    if (channel.kind !== "im" && channel.kind !== "mpim")
      throw new SlackRefusal("method_not_supported_for_channel_type");
    return { no_op: true, already_open: true, channel: { id } };
  }
  const users = (textArg(args, "users") ?? "").split(",").filter((user) => user !== "");
  if (users.length === 0) throw new SlackRefusal("users_list_not_supplied");
  // docs.slack.dev, conversations.open, error too_many_users.
  if (users.length > 8) throw new SlackRefusal("too_many_users");
  const scope = users.length > 1 ? "mpim:write" : "im:write";
  if (!call.scopes.has(scope)) throw missingScope(call.scopes, scope);
  if (users.some((user) => !world.users.has(user))) throw new SlackRefusal("user_not_found");
  const before = world.channels.size;
  const dm = openDm(world, users);
  const known = world.channels.size === before ? { no_op: true, already_open: true } : {};
  const channel = flagArg(args, "return_im") ? wireChannel(world, world.channel(dm)) : { id: dm };
  return { ...known, channel };
}

function wireChannel(world: World, channel: Channel): SlackBlock {
  const { id, name, kind, archived, created, creator, topic } = channel;
  const isDm = kind === "im";
  const other = channel.members.find((member) => member !== world.bot.userId);
  const base = { id, created, is_archived: archived, is_org_shared: false, context_team_id: world.team.id };
  if (isDm) return { ...base, is_im: true, user: other, is_open: true, priority: 0 };
  return {
    ...base,
    name,
    name_normalized: name,
    is_channel: kind === "public",
    is_group: kind !== "public",
    is_im: false,
    is_mpim: kind === "mpim",
    is_private: kind !== "public",
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    unlinked: 0,
    creator,
    is_member: channel.members.includes(world.bot.userId),
    topic: { value: topic, creator: topic === "" ? "" : creator, last_set: topic === "" ? 0 : created },
    purpose: { value: "", creator: "", last_set: 0 },
    previous_names: [],
  };
}
