import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { Clock } from "../../clock.ts";
import { PatchcordError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Tokens } from "../../store/tokens.ts";
import { isSameSecret } from "../access/secret.ts";
import { viewerOfToken } from "../access/tokens.ts";
import type { Admin } from "../admin.ts";
import { bodyOf, cutOff } from "../body.ts";
import { addressOf } from "../session/address.ts";
import type { IsProxy } from "../session/proxies.ts";
import { createLimit } from "../session/limit.ts";
import { operator, type Viewer } from "../viewer.ts";
import { API_ROOT, openApi, ROUTES } from "./document.ts";
import { type Problem, problem, problemOf } from "./problem.ts";
import type { Answer, Given, Route } from "./route.ts";

export interface ApiDeps {
  readonly admin: Admin;
  readonly tokens: Tokens;
  /** The operator's token, which sees and may do everything. Absent: there is none. */
  readonly adminToken: string | undefined;
  readonly isProxy: IsProxy;
  readonly clock: Clock;
  readonly log: Log;
}

interface Env {
  Variables: { viewer: Viewer };
}

/** No request is larger than a query and what goes with it. */
const MOST_BYTES = 64 * 1024;
/** Of one token, and of all together. An index that is asked more often is asked by mistake. */
const REQUESTS = { each: 600, all: 3_000, perMs: 60_000 };
/** Of one address that comes with tokens that are not good. */
const REFUSED = { each: 20, all: 300, perMs: 60_000 };

/** The API at `/api/v1`. It asks `Admin` alone, as whose token comes with the request. */
export function createApi(deps: ApiDeps): Hono<Env> {
  const app = new Hono<Env>().basePath(API_ROOT);
  const limit = createLimit({ clock: deps.clock, ...REQUESTS });
  app.onError((error, context) => refused(context, toldOf(deps, context, error)));
  app.use(headers);
  const document = openApi();
  app.get("/openapi.json", (context) => context.json(document));
  app.use(authenticated(deps));
  app.use((context, next) => {
    const ms = limit.take(context.var.viewer.id);
    return ms === undefined ? next() : Promise.resolve(tooOften(context, ms));
  });
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (context) => refused(context, TOO_LARGE) }));
  for (const route of ROUTES)
    app.on(route.method, honoPath(route.path), (context) => answered(deps, context, route));
  for (const path of new Set(ROUTES.map((route) => route.path)))
    app.all(honoPath(path), (context) => otherwise(context, path));
  app.all("*", (context) =>
    refused(context, problem(404, "not_found", `There is no such path: see ${API_ROOT}/openapi.json.`)),
  );
  return app;
}

const TOO_LARGE = problem(413, "too_large", `A request holds ${MOST_BYTES / 1_024} KiB at the most.`);

const headers = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  crossOriginEmbedderPolicy: false,
  strictTransportSecurity: false,
});

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

function authenticated(deps: ApiDeps): MiddlewareHandler<Env> {
  const limit = createLimit({ clock: deps.clock, ...REFUSED });
  return async (context, next) => {
    context.header("cache-control", "no-store");
    try {
      context.set("viewer", await viewerIn(deps, context.req.header("authorization")));
    } catch (error) {
      const told = problemOf(error);
      if (told.status !== 401) throw error;
      // Who has a good token is let in all the same, however many others share the address.
      const ms = limit.take(addressOf(context, deps.isProxy));
      if (ms !== undefined) return tooOften(context, ms);
      context.header("www-authenticate", 'Bearer realm="patchcord", error="invalid_token"');
      return refused(context, told);
    }
    return next();
  };
}

/** Whose token it is. Throws `token_invalid`. */
async function viewerIn(deps: ApiDeps, authorization: string | undefined): Promise<Viewer> {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (token === undefined)
    throw new PatchcordError(
      "token_invalid",
      "Send a token: `Authorization: Bearer …`. Whoever runs the bot makes one with `patchcord tokens create`.",
    );
  if (deps.adminToken !== undefined && isSameSecret(token, deps.adminToken))
    return operator({ id: "operator", name: "Operator", via: "api" });
  return viewerOfToken(deps, token);
}

async function answered({ admin, log }: ApiDeps, context: Context<Env>, route: Route): Promise<Response> {
  if ("lines" in route.answers && context.req.method === "HEAD") return otherwise(context, route.path);
  const answer = await route.run(admin, context.var.viewer, await givenIn(context, route));
  if (answer.kind === "json") return context.json(answer.body as object);
  const body = await bodyOf(answer.lines, (error) => {
    log.error({ err: error, path: context.req.path }, "an answer was cut off");
    return cutOff(context);
  });
  return context.body(body, 200, headersOf(answer));
}

function headersOf({ type, file }: Extract<Answer, { kind: "lines" }>): Record<string, string> {
  return {
    "content-type": type,
    ...(file !== undefined && { "content-disposition": `attachment; filename="${file}"` }),
  };
}

/** What the request brings along. Throws `json_invalid` and `no_json`. */
async function givenIn({ req }: Context, { method }: Route): Promise<Given> {
  const query: Record<string, unknown> = {};
  // Twice the same is a list, which no parameter is.
  for (const [name, values] of Object.entries(req.queries()))
    query[name] = values.length === 1 ? values[0] : values;
  if (method === "get") return { path: req.param(), query, body: {} };
  if (!/^application\/json\s*(?:;|$)/i.test(req.header("content-type") ?? ""))
    throw new PatchcordError("no_json", "Send the body as application/json.");
  try {
    return { path: req.param(), query, body: JSON.parse(await req.text()) as unknown };
  } catch (cause) {
    throw new PatchcordError("json_invalid", "The body is no JSON.", { cause });
  }
}

/** The path is there, and is asked in another way. */
function otherwise(context: Context, path: string): Response {
  const there = ROUTES.filter((route) => route.path === path);
  const methods = there.flatMap(({ method, answers }) =>
    method === "post" ? ["POST"] : "lines" in answers ? ["GET"] : ["GET", "HEAD"],
  );
  context.header("allow", [...methods, "OPTIONS"].join(", "));
  if (context.req.method === "OPTIONS") return context.body(null, 204);
  return refused(context, problem(405, "method_not_allowed", `It is asked by ${methods.join(" or ")}.`));
}

function tooOften(context: Context, ms: number): Response {
  const seconds = Math.ceil(ms / 1_000);
  context.header("retry-after", String(seconds));
  return refused(context, problem(429, "too_often", `These are too many requests: wait ${seconds} seconds.`));
}

function toldOf({ log }: ApiDeps, context: Context, error: unknown): Problem {
  const told = problemOf(error);
  if (told.status >= 500) log.error({ err: error, path: context.req.path }, "a request of the API failed");
  return told;
}

function refused(context: Context, told: Problem): Response {
  return context.body(JSON.stringify({ type: "about:blank", ...told }), told.status, {
    "content-type": "application/problem+json",
  });
}
