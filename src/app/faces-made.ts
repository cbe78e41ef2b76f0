import { Hono } from "hono";
import { createAccess } from "../admin/access/people.ts";
import type { Admin } from "../admin/admin.ts";
import { createApi } from "../admin/api/api.ts";
import type { Recorder } from "../admin/audit.ts";
import { createConsole } from "../admin/console/console.ts";
import { createDoor } from "../admin/session/door.ts";
import { proxiesIn } from "../admin/session/proxies.ts";
import type { Bridge } from "../bridge/bridge.ts";
import type { Config } from "../config.ts";
import type { State } from "../http.ts";
import type { Opened } from "../store/open.ts";
import type { AppDeps } from "./parts.ts";
import { openSignIns } from "./sign-in.ts";

export interface FacesDeps extends AppDeps {
  /** When the bot started. Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly database: Opened;
  readonly admin: Admin;
  readonly recorder: Recorder;
  readonly state: () => State;
  readonly bridge: Pick<Bridge, "budgets">;
  /** Where the HTTP port listens. */
  readonly here: () => string;
}

/** The console at `/admin`, and the API at `/api/v1`. `signal`: ends what is under way. */
export function facesOf(config: Config, deps: FacesDeps & { readonly signal: AbortSignal }): Hono {
  const { env, file } = config;
  const { admin, database, state, bridge, startedAt } = deps;
  const adminToken = env.ADMIN_TOKEN;
  const isProxy = proxiesIn(file.admin.trusted_proxies);
  const door = createDoor({
    ...deps,
    ...database,
    access: createAccess(file.admin.grants),
    signIns: openSignIns(config, deps),
    adminToken,
    isProxy,
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
    .route("/", createApi({ ...deps, ...database, admin, adminToken, isProxy }))
    .route("/", door.app)
    .route("/", console);
}
