import { openDm } from "../deeds/dms.ts";
import { createForm } from "../form.ts";
import { channelJson, channelsOf } from "../json/channel.ts";
import { guildJson, rolesJson } from "../json/guild.ts";
import { applicationFlags, memberWithUserJson, selfJson, userJson } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { isThread } from "../world.ts";
import { guildOf, ok, readBody, type Answer, type Call, type Route } from "./call.ts";

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/users/@me", rate: "route", handle: ({ core }) => ok(selfJson(core.world.bot)) },
  { method: "GET", path: "/users/:user", rate: "route", handle: getUser },
  { method: "POST", path: "/users/@me/channels", rate: "route", handle: createDm },
  { method: "GET", path: "/applications/@me", rate: "route", handle: getApplication },
  { method: "GET", path: "/guilds/:guild", rate: "route", handle: (call) => ok(guildJson(guildOf(call))) },
  {
    method: "GET",
    path: "/guilds/:guild/roles",
    rate: "route",
    handle: (call) => ok(rolesJson(guildOf(call))),
  },
  { method: "GET", path: "/guilds/:guild/channels", rate: "route", handle: listChannels },
  { method: "GET", path: "/guilds/:guild/members/:user", rate: "route", handle: getMember },
];

function getUser({ core, params }: Call): Answer {
  const user = core.world.users.get(params["user"] ?? "");
  if (!user) throw new Refusal(10013);
  return ok(userJson(user));
}

/** Discord, Create DM. Bots have no DMs with bots. */
async function createDm(call: Call): Promise<Answer> {
  const { core } = call;
  const { json } = await readBody(call);
  const form = createForm();
  const id = form.snowflake(json, "recipient_id", true);
  form.settle();
  const user = core.world.users.get(id ?? "");
  if (!user || user.bot) throw new Refusal(50033);
  return ok(channelJson(core.world, openDm(core, user)));
}

function getApplication({ core }: Call): Answer {
  const { world, settings } = core;
  const flags = applicationFlags(settings.privilegedIntents);
  return ok({
    id: world.applicationId,
    name: world.bot.name,
    icon: null,
    description: "",
    bot: userJson(world.bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    flags,
    flags_new: String(flags),
    team: null,
    owner: { id: world.applicationId, username: "owner", discriminator: "0", avatar: null },
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    integration_types_config: { "0": {} },
    approximate_guild_count: world.guilds.size,
  });
}

/** Without threads; with the channels that the bot cannot see (Discord, Get Guild Channels). */
function listChannels(call: Call): Answer {
  const { world } = call.core;
  const channels = channelsOf(world, guildOf(call)).filter((channel) => !isThread(channel));
  return ok(channels.map((channel) => channelJson(world, channel)));
}

function getMember(call: Call): Answer {
  const { world } = call.core;
  const guild = guildOf(call);
  const id = call.params["user"] ?? "";
  const member = guild.members.get(id);
  if (member) return ok(memberWithUserJson(world, member));
  throw new Refusal(world.users.has(id) ? 10007 : 10013);
}
