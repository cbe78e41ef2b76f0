import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createOAuth, type Granted } from "../oauth.ts";
import { sendJson, type TwinRequest } from "../server.ts";
import { takesToken, type Core } from "./core.ts";
import { userJson } from "./json/people.ts";
import { basePermissions } from "./permissions.ts";
import { need, type Guild, type World } from "./world.ts";

export const CLIENT_SECRET = "twin-client-secret";
/** Discord, OAuth2: `expires_in` of its answers, a week. */
const TOKEN_S = 604_800;
const MOST = 200;

/** OAuth2: the consent page, the token, and what it may read (docs.discord.com, OAuth2; Get Current User Guilds). */
export function createDiscordOAuth(core: Core) {
  const { world, settings } = core;
  const app = { name: world.bot.name, clientId: world.applicationId, clientSecret: CLIENT_SECRET };
  const oauth = createOAuth(app, settings.clock);
  const tokens = new Map<string, Granted>();

  const token = (request: TwinRequest, response: ServerResponse) => {
    const granted = oauth.redeem(Object.fromEntries(new URLSearchParams(request.body.toString())));
    if (typeof granted === "string")
      return sendJson(response, granted === "invalid_client" ? 401 : 400, { error: granted });
    const access_token = randomBytes(24).toString("base64url");
    tokens.set(access_token, granted);
    const scope = granted.scopes.join(" ");
    sendJson(response, 200, {
      access_token,
      token_type: "Bearer",
      expires_in: TOKEN_S,
      refresh_token: "r",
      scope,
    });
  };
  const read = (request: TwinRequest, response: ServerResponse) => {
    const [, kind, value = ""] = /^(Bearer|Bot) (.*)$/u.exec(request.headers["authorization"] ?? "") ?? [];
    const granted = tokens.get(value);
    const isBot = kind === "Bot" && takesToken(core, value);
    const scope = request.path.endsWith("/guilds") ? "guilds" : "identify";
    const user = isBot ? world.bot.id : granted?.scopes.includes(scope) ? granted.user : undefined;
    if (user === undefined) return sendJson(response, 401, { message: "401: Unauthorized", code: 0 });
    if (scope === "guilds") return sendJson(response, 200, guildsOf(world, user, request.query));
    sendJson(response, 200, userJson(need(world.users, user, "user")));
  };

  /** Answers what is its own. */
  return (request: TwinRequest, response: ServerResponse): boolean => {
    const { path, headers } = request;
    const isBearer = headers["authorization"]?.startsWith("Bearer ") ?? false;
    const people = [...world.users.values()].filter(({ bot }) => !bot);
    const named = people.map(({ id, name }) => ({ id, name }));
    if (path === "/oauth2/authorize") oauth.authorize(request, response, named);
    else if (path === "/api/v10/oauth2/token") token(request, response);
    else if (path === "/api/v10/users/@me/guilds" || (path === "/api/v10/users/@me" && isBearer))
      read(request, response);
    else return false;
    return true;
  };
}

function guildsOf(world: World, user: string, query: URLSearchParams) {
  const after = BigInt(query.get("after") ?? "0");
  return [...world.guilds.values()]
    .filter(({ id, members }) => members.has(user) && BigInt(id) > after)
    .toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
    .slice(0, Number(query.get("limit") ?? MOST))
    .map((guild) => partial(guild, user));
}

function partial(guild: Guild, user: string) {
  const { id, name, ownerId } = guild;
  const permissions = String(basePermissions(guild, user));
  return { id, name, icon: null, owner: ownerId === user, permissions, features: [] };
}
