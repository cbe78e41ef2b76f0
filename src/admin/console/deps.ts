import type { Context, Hono } from "hono";
import type { BlankSchema } from "hono/types";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Admin } from "../admin.ts";
import type { Viewer } from "../viewer.ts";
import type { Vitals } from "./health.ts";

export interface ConsoleDeps {
  readonly admin: Admin;
  /** Who asks. Undefined: nobody is signed in, and is sent to `/admin/sign-in`, which is not among these pages. */
  readonly viewing: (context: Context) => Promise<Viewing | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** How the process is, asked at each look. */
  readonly vitals: () => Vitals;
  /** What the bot is called. */
  readonly bot: string;
}

/** Somebody who is signed in. */
export interface Viewing {
  readonly viewer: Viewer;
  /** Comes back with every form of this session. */
  readonly csrf: string;
}

export interface Env {
  Variables: { viewing: Viewing };
}

export type App = Hono<Env, BlankSchema, string>;
