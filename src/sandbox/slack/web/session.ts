import { textArg, SlackRefusal, type Call, type Method } from "./method.ts";
import type { SlackBlock } from "../types.ts";
import type { User, World } from "../world.ts";

/** Who the token is, and what stands around it: auth, apps, team, users, bots. */
export const sessionMethods: Readonly<Record<string, Method>> = {
  "auth.test": {
    token: "bot",
    scopes: [],
    limit: "auth",
    required: [],
    json: true,
    run: ({ world }) => ({
      url: `${teamUrl(world)}/`,
      team: world.team.name,
      user: world.bot.name,
      team_id: world.team.id,
      user_id: world.bot.userId,
      bot_id: world.bot.botId,
      is_enterprise_install: false,
    }),
  },
  "apps.connections.open": {
    token: "app",
    scopes: ["connections:write"],
    limit: "tier3",
    required: [],
    json: true,
    run: ({ url, ticket }) => ({ url: `${url.replace(/^http/u, "ws")}${ticket()}` }),
  },
  "team.info": {
    token: "bot",
    scopes: ["team:read"],
    limit: "tier3",
    required: [],
    json: false,
    run: ({ world, args }) => {
      if ((textArg(args, "team") ?? world.team.id) !== world.team.id)
        throw new SlackRefusal("team_not_found");
      const domain = domainOf(world);
      const { id, name } = world.team;
      return { team: { id, name, url: `${teamUrl(world)}/`, domain, email_domain: "", icon: {} } };
    },
  },
  "users.info": {
    token: "bot",
    scopes: ["users:read"],
    limit: "tier4",
    required: ["user"],
    json: false,
    run: (call) => {
      const user = call.world.users.get(textArg(call.args, "user") ?? "");
      if (!user) throw new SlackRefusal("user_not_found");
      return { user: wireUser(call.world, user) };
    },
  },
  "bots.info": {
    token: "bot",
    scopes: ["users:read"],
    limit: "tier3",
    required: [],
    json: false,
    run: botsInfo,
  },
};

function botsInfo({ world, args }: Call): SlackBlock {
  const id = textArg(args, "bot");
  if (id === undefined) throw new SlackRefusal("missing_argument");
  const bot = world.bots.get(id);
  if (!bot) throw new SlackRefusal("bot_not_found");
  const { appId, userId, name } = bot;
  return {
    bot: { id, deleted: false, name, updated: world.created, app_id: appId, user_id: userId, icons: {} },
  };
}

function domainOf(world: World): string {
  return world.team.name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-");
}

function teamUrl(world: World): string {
  return `https://${domainOf(world)}.slack.com`;
}

function wireUser(world: World, user: User): SlackBlock {
  const { id, name, realName, displayName, isAdmin, bot } = user;
  return {
    id,
    team_id: world.team.id,
    name,
    deleted: false,
    color: "9f69e7",
    real_name: realName,
    tz: "Europe/Amsterdam",
    tz_label: "Central European Time",
    tz_offset: 3600,
    profile: {
      title: "",
      real_name: realName,
      real_name_normalized: realName,
      display_name: displayName,
      display_name_normalized: displayName,
      team: world.team.id,
      ...(bot ? { api_app_id: bot.appId, bot_id: bot.botId } : {}),
    },
    is_admin: isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: bot !== undefined,
    is_app_user: false,
    updated: world.created,
  };
}
