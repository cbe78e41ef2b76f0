import type { Hono } from "hono";
import { exportingOf } from "../exporting.ts";
import type { Admin } from "../../../src/admin/admin.ts";
import { createConsole } from "../../../src/admin/console/console.ts";
import type { Env, Viewing } from "../../../src/admin/console/deps.ts";
import type { Vitals } from "../../../src/admin/console/health.ts";
import { createAdmin } from "../../../src/admin/create.ts";
import { operator, type Viewer } from "../../../src/admin/viewer.ts";
import type { Log } from "../../../src/log.ts";
import { createFakeTelnyx } from "../../fakes/telnyx.ts";
import { adminWorld, type AdminWorld } from "../world.ts";

export const OPERATOR: Viewer = operator({ id: "console:root", name: "root", via: "console" });
export const CSRF = "csrf-of-this-session";

export interface ConsoleStage {
  readonly world: AdminWorld;
  readonly app: Hono<Env>;
  /** Who is signed in from now on. */
  readonly signIn: (viewer: Viewer | undefined) => void;
  readonly setVitals: (changed: Partial<Vitals>) => void;
  /** The body of a page that is there. */
  readonly page: (path: string) => Promise<string>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly post: (path: string, form: Record<string, string>) => Promise<Response>;
  readonly logged: readonly unknown[];
}

/** The console over a database in memory, with the operator signed in. `change` alters what it asks. */
export function consoleStage(change: (admin: Admin) => Partial<Admin> = () => ({})): ConsoleStage {
  const world = adminWorld();
  const logged: unknown[] = [];
  let vitals: Vitals = { ready: true, problems: [], startedAt: world.clock.now(), budgets: [] };
  let viewing: Viewing | undefined = { viewer: OPERATOR, csrf: CSRF };
  const admin = adminOf(world);
  const app = createConsole({
    admin: { ...admin, ...change(admin) },
    viewing: async () => viewing,
    clock: world.deps.clock,
    bot: "Patch",
    vitals: () => vitals,
    log: { error: (...said: unknown[]) => void logged.push(said) } as unknown as Log,
  });
  const get = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  return {
    world,
    app,
    logged,
    get,
    setVitals: (changed) => (vitals = { ...vitals, ...changed }),
    signIn: (viewer) => (viewing = viewer && { viewer, csrf: CSRF }),
    page: async (path) => {
      const response = await get(path);
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      return response.text();
    },
    post: async (path, form) => app.request(path, { method: "POST", body: new URLSearchParams(form) }),
  };
}

function adminOf({ deps, bench }: AdminWorld): Admin {
  const telnyx = createFakeTelnyx({ now: bench.now });
  const notHere = (name: string) => () => {
    throw new Error(`${name} is not on this stage`);
  };
  return {
    ...createAdmin({
      ...deps,
      store: bench.store,
      audit: bench.audit,
      erasure: bench.erasure,
      tokens: bench.tokens,
      telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
      exporting: exportingOf(bench.archive),
      signal: new AbortController().signal,
    }),
    forget: notHere("forget"),
    hold: notHere("hold"),
    explain: notHere("explain"),
  };
}

/** What a reader of the page reads: its text, without tags, with entities as what they stand for. */
export function textOf(html: string): string {
  const NAMES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  const decoded = (_: string, name?: string, hex?: string, code?: string) =>
    name === undefined
      ? String.fromCodePoint(hex === undefined ? Number(code) : parseInt(hex, 16))
      : (NAMES[name] ?? "");
  return html
    .replaceAll(/<\/(?:td|th|li|title|text)\s*>/g, " ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(?:([a-z]+)|#x([\dA-F]+)|#(\d+));/gi, decoded)
    .replaceAll(/\s+/g, " ");
}
