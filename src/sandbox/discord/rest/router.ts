import type { ServerResponse } from "node:http";
import { sendJson, type TwinRequest } from "../../server.ts";
import { takesToken, type Core } from "../core.ts";
import { Refusal } from "../refusal.ts";
import type { Call, Route } from "./call.ts";
import { createLimits, TooFast } from "./limits.ts";

/** Answers every request to `/api/v10/…`: who asks, how often, and then the route. */
export function createRouter(
  core: Core,
  routes: readonly Route[],
): (request: TwinRequest, response: ServerResponse) => Promise<void> {
  const limits = createLimits(core.settings);
  const table = routes.map((route) => ({ route, pattern: patternOf(route.path) }));

  return async (request, response) => {
    const headers: Record<string, string> = {};
    try {
      const path = /^\/api\/v10(\/.*)$/.exec(request.path)?.[1];
      if (path === undefined) throw new Refusal(50041);
      // Discord, API Reference, User Agent: without a valid one, Cloudflare answers.
      if (!request.headers["user-agent"]?.startsWith("DiscordBot (")) throw new Refusal(40333);
      const found = table.filter(({ pattern }) => pattern.test(path));
      const match = found.find(({ route }) => route.method === request.method);
      if (!OPEN.test(path) && !takesToken(core, tokenOf(request)))
        return sendJson(response, 401, { message: "401: Unauthorized", code: 0 });
      if (!isInteraction(path)) limits.global();
      if (!match && found.length > 0)
        return sendJson(response, 405, { message: "405: Method Not Allowed", code: 0 });
      if (!match) throw new Refusal(0);

      const call: Call = { core, limits, params: paramsOf(match.pattern, path), request };
      const taken = limits.take(bucketOf(match.route, call));
      Object.assign(headers, taken.headers);
      if (taken.refusal) throw taken.refusal;
      const { status, body } = await match.route.handle(call);
      if (body === undefined) response.writeHead(status, headers).end();
      else sendJson(response, status, body, headers);
    } catch (error) {
      if (error instanceof Refusal) sendJson(response, error.status, error.body, headers);
      else if (error instanceof TooFast)
        sendJson(response, 429, error.body, { ...headers, ...error.headers });
      else throw error;
    }
  };
}

function tokenOf({ headers }: TwinRequest): string | undefined {
  return /^Bot (.*)$/.exec(headers["authorization"] ?? "")?.[1];
}

/** Discord, Gateway, Get Gateway: needs no token. An interaction has one of its own. */
const OPEN = /^\/gateway$|^\/interactions\/|^\/webhooks\//;
/** Not counted with the rest (Discord, Rate Limits, Global Rate Limit). */
const isInteraction = (path: string) => /^\/(?:interactions|webhooks)\//.test(path);

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
}

function paramsOf(pattern: RegExp, path: string): Record<string, string> {
  const groups = pattern.exec(path)?.groups ?? {};
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}

/** Counted for each channel, guild and interaction apart (Discord, Rate Limits). */
function bucketOf(route: Route, { params }: Call): { name: string; major: string; rate: Route["rate"] } {
  const name = route.bucket ?? `${route.method} ${route.path}`;
  return {
    name,
    major: params["channel"] ?? params["guild"] ?? params["interaction"] ?? "",
    rate: route.rate,
  };
}
