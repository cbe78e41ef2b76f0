import { Hono } from "hono";
import { createAccess } from "../admin/access/people.ts";
import type { Admin } from "../admin/admin.ts";
import { createApi } from "../admin/api/api.ts";
import { createRecorder } from "../admin/audit.ts";
import { createConsole } from "../admin/console/console.ts";
import { createDoor } from "../admin/session/door.ts";
import type { Bridge } from "../bridge/bridge.ts";
import type { Config } from "../config.ts";
import type { State } from "../http.ts";
import type { Opened } from "../store/open.ts";
import type { AppDeps } from "./parts.ts";
import { openSignIns } from "./sign-in.ts";
import type { Undo } from "./undo.ts";

export interface FacesDeps extends AppDeps {
  readonly database: Opened;
  readonly admin: Admin;
  readonly state: () => State;
  readonly bridge: Pick<Bridge, "budgets">;
  /** Where the HTTP port listens. */
  readonly here: () => string;
}

/** What admins reach by HTTP: the console at `/admin`, and the API at `/api/v1`. Undefined from the stop on, which ends what is under way. */
export function openFaces(
  config: Config,
  { undo, ...deps }: FacesDeps & { undo: Undo },
): () => Hono | undefined {
  const closing = new AbortController();
  let faces: Hono | undefined = facesOf(config, { ...deps, signal: closing.signal });
  undo.push(() => {
    faces = undefined;
    closing.abort(new Error("the bot is stopping"));
  });
  return () => faces;
}

function facesOf(config: Config, deps: FacesDeps & { readonly signal: AbortSignal }): Hono {
  const { env, file } = config;
  const { admin, database, state, bridge } = deps;
  const startedAt = deps.clock.now();
  const recorder = createRecorder({ ...deps, ...database });
  const adminToken = env.ADMIN_TOKEN;
  const door = createDoor({
    ...deps,
    ...database,
    access: createAccess(file.admin.grants),
    signIns: openSignIns(config, deps),
    recorder,
    adminToken,
    publicUrl: env.PUBLIC_URL,
  });
  const console = createConsole({
    ...deps,
    admin,
    viewing: (context) => door.viewing(context),
    vitals: () => ({ ...state(), startedAt, budgets: bridge.budgets() }),
    bot: file.name,
  });
  return new Hono()
    .route("/", createApi({ ...deps, ...database, admin, adminToken }))
    .route("/", door.app)
    .route("/", console);
}

/** What the operator should know of how the console and the API are reached. */
export function faceWarnings({ env }: Config): readonly string[] {
  const isHttps = env.PUBLIC_URL?.startsWith("https:") === true;
  const isOpen = env.ADMIN_TOKEN !== undefined || env.PUBLIC_URL !== undefined;
  const warnings: string[] = [];
  if (isOpen && !isHttps && !isLoopback(env.HOST))
    warnings.push(
      "Other machines reach the console and the API, and not by https: tokens can be read on the way. Set HOST to 127.0.0.1, or put a proxy with TLS before it and its address into PUBLIC_URL.",
    );
  // Another address of the API is not Slack's, which alone is so strict.
  if (env.SLACK_CLIENT_ID !== undefined && env.SLACK_API_URL === undefined && !isHttps)
    warnings.push(
      "Nobody can sign in with Slack, which sends people to https addresses alone: set PUBLIC_URL to one.",
    );
  return warnings;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
