import { Hono } from "hono";
import { createAccess, type GrantSetting } from "../../../src/admin/access/people.ts";
import { createRecorder } from "../../../src/admin/audit.ts";
import { formOf } from "../../../src/admin/console/forms.ts";
import { proxiesIn } from "../../../src/admin/session/proxies.ts";
import { createDoor } from "../../../src/admin/session/door.ts";
import type { Attempt, SignedIn, SignIn } from "../../../src/chat/sign-in.ts";
import type { Clock } from "../../../src/clock.ts";
import { PatchcordError, PlatformRefusal } from "../../../src/errors.ts";
import type { Log } from "../../../src/log.ts";
import { type SqliteBench, sqliteBench } from "../../store/bench.ts";

export const TOKEN = "0123456789abcdef0123456789abcdef";
export const SITE = "https://bot.example.com";

export const ADA: SignedIn = {
  platform: "slack",
  userId: "U1",
  name: "Ada",
  workspaces: [{ id: "T1", name: "Acme", manages: true }],
};

/** A platform that people sign in by. A code is good once, for the attempt that it was given for. */
export interface FakePlatform extends SignIn {
  /** Somebody agreed: the code that the platform sends them back with. */
  agree(at: URL, person: SignedIn): string;
  readonly down: { is: boolean };
  /** Whom it was asked for. */
  readonly asked: readonly Attempt[];
}

export function fakeSignIn(name = "slack"): FakePlatform {
  const attempts: Attempt[] = [];
  const codes = new Map<string, { readonly attempt: Attempt; readonly person: SignedIn }>();
  const down = { is: false };
  const reach = () => {
    if (down.is) throw new PlatformRefusal("unavailable", "down", `${name} is away`);
  };
  return {
    name,
    label: `Sign in with ${name}`,
    down,
    asked: attempts,
    begin: async (attempt) => {
      reach();
      attempts.push(attempt);
      return new URL(`https://${name}.example/authorize?state=${attempt.state}`);
    },
    finish: async ({ state, nonce, verifier, redirectUri }, code) => {
      reach();
      const given = codes.get(code);
      codes.delete(code);
      const { attempt } = given ?? {};
      const fits =
        attempt?.state === state &&
        attempt.nonce === nonce &&
        attempt.verifier === verifier &&
        attempt.redirectUri === redirectUri;
      if (!given || !fits)
        throw new PatchcordError("sign_in_refused", `${name} does not take this any more: begin anew.`);
      return given.person;
    },
    agree: (at, person) => {
      const attempt = attempts.find(({ state }) => state === at.searchParams.get("state"));
      if (!attempt) throw new Error("nobody began that");
      const code = `code-${codes.size}-${attempt.state.slice(0, 6)}`;
      codes.set(code, { attempt, person });
      return code;
    },
  };
}

/** A browser, as far as cookies, redirects and the headers that it sends by itself go. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** With the same cookies, from now on apart: what a thief has. */
  copy(): Browser;
}

export interface SessionStage {
  readonly bench: SqliteBench;
  readonly slack: FakePlatform;
  readonly lines: unknown[];
  readonly app: Hono;
  readonly browser: (address?: string) => Browser;
  /** In a new browser. */
  readonly signInByToken: () => Promise<Browser>;
}

export interface SessionOptions {
  readonly grants?: readonly GrantSetting[];
  readonly adminToken?: string | undefined;
  readonly publicUrl?: string | undefined;
  /** Of another stage, which this one replaces: as after a restart. */
  readonly before?: SessionStage;
}

/** The door before one page, which says who looks at it, and one form, which changes something. */
export function sessionStage(options: SessionOptions = {}): SessionStage {
  const { grants = [], adminToken, publicUrl } = { adminToken: TOKEN, publicUrl: SITE, ...options };
  const bench = options.before?.bench ?? sqliteBench();
  const clock: Clock = { now: bench.now, monotonic: bench.now, sleep: () => Promise.resolve() };
  const slack = fakeSignIn();
  const lines: unknown[] = [];
  const log = Object.fromEntries(
    ["warn", "error"].map((level) => [level, (...said: unknown[]) => lines.push(said)]),
  ) as unknown as Log;
  const door = createDoor({
    sessions: bench.sessions,
    access: createAccess(grants),
    signIns: [slack],
    recorder: createRecorder({ audit: bench.audit, clock }),
    adminToken,
    publicUrl,
    here: () => "http://127.0.0.1:3000",
    isProxy: proxiesIn(["192.0.2.7"]),
    clock,
    log,
  });
  const app = new Hono();
  app.route("/", door.app);
  app.get("/admin/page", async (context) => {
    const viewing = await door.viewing(context);
    return viewing
      ? context.json({ id: viewing.viewer.id, csrf: viewing.csrf })
      : context.text("nobody", 401);
  });
  app.post("/admin/change", async (context) => {
    const viewing = await door.viewing(context);
    if (!viewing) return context.text("nobody", 401);
    await formOf(context, viewing.csrf);
    return context.text("changed");
  });
  app.onError((error, context) => context.text(error.message, 403));
  const site = publicUrl ?? "http://127.0.0.1:3000";
  const browser = (address = "203.0.113.7") => browserOf(app, { site, address }, new Map());
  return {
    bench,
    slack,
    lines,
    app,
    browser,
    signInByToken: async () => {
      const one = browser();
      const response = await one.post("/admin/sign-in", { token: TOKEN });
      if (response.status !== 303)
        throw new Error(`it answered ${response.status}: ${await response.text()}`);
      return one;
    },
  };
}

function browserOf(
  app: Hono,
  at: { readonly site: string; readonly address: string },
  cookies: Map<string, string>,
): Browser {
  const env = { incoming: { socket: { remoteAddress: at.address } } };
  const send = async (
    path: string,
    init: Omit<RequestInit, "headers"> & { headers: Record<string, string> },
  ) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { host: new URL(at.site).host, ...(cookie !== "" && { cookie }), ...init.headers };
    const response = await app.request(at.site + path, { ...init, headers }, env);
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0(?:;|$)/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    cookies,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, form, headers = {}) =>
      send(path, {
        method: "POST",
        body: new URLSearchParams(form),
        headers: { origin: at.site, ...headers },
      }),
    copy: () => browserOf(app, at, new Map(cookies)),
  };
}

/** Who is signed in in this browser. Undefined: nobody. */
export async function whoIn(
  browser: Browser,
): Promise<{ readonly id: string; readonly csrf: string } | undefined> {
  const response = await browser.get("/admin/page");
  return response.status === 200 ? ((await response.json()) as { id: string; csrf: string }) : undefined;
}
