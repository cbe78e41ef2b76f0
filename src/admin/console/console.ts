import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Admin } from "../admin.ts";
import type { Viewer } from "../viewer.ts";
import { createAssets } from "./assets.ts";
import { completionFor } from "./completing.ts";
import { formOf } from "./forms.ts";
import { headers } from "./headers.ts";
import { type Frame, layout, type Page, THEMES } from "./layout.ts";
import { type Asked, ROOT, withQuery } from "./paths.ts";
import { NOT_FOUND, type Refusal, refusalOf, refusalPage } from "./refusal.ts";
import { answerTo, resultsOf, searchPage } from "./search.ts";

export interface ConsoleDeps {
  readonly admin: Admin;
  /** Who asks. Undefined: nobody is signed in, and is sent to `/admin/sign-in`, which is not among these pages. */
  readonly viewing: (context: Context) => Promise<Viewing | undefined>;
  readonly clock: Clock;
  readonly log: Log;
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

/** No form of the console holds more than a query. */
const MOST_BYTES = 64 * 1024;

/** The pages at `/admin`. They ask `Admin` alone, as whoever is signed in. Mounted behind the paths of signing in and out. */
export function createConsole(deps: ConsoleDeps): Hono<Env> {
  const app = new Hono<Env>().basePath(ROOT);
  app.use(headers);
  app.route("/assets", createAssets());
  app.use(bodyLimit({ maxSize: MOST_BYTES }), signedIn(deps));
  app.onError((error, context) => {
    const refusal = refusalOf(error);
    if (refusal.status === 500)
      deps.log.error({ err: error, path: context.req.path }, "a page of the console failed");
    return shownRefusal(context, refusal);
  });
  addSearch(app, deps);
  app.post("/theme", async (context) => {
    const form = await formOf(context, context.var.viewing.csrf);
    setCookie(context, THEME_COOKIE, themeIn(form.get("theme")), THEME_KEPT);
    return context.redirect(homeward(form.get("to")), 303);
  });
  app.all("*", (context) => shownRefusal(context, NOT_FOUND));
  return app;
}

function signedIn({ viewing }: ConsoleDeps): MiddlewareHandler<Env> {
  return async (context, next) => {
    context.header("cache-control", "no-store");
    const found = await viewing(context);
    if (!found) {
      if (context.req.method === "GET" && isPage(context))
        return context.redirect(withQuery(`${ROOT}/sign-in`, { to: pathOf(context) }), 303);
      return context.text("Sign in again.", 401);
    }
    context.set("viewing", found);
    return next();
  };
}

/** What the script asks for says so; everything else is looked at by itself. */
const isPage = (context: Context) => context.req.header("x-console") === undefined;
const pathOf = ({ req }: Context) => req.path + new URL(req.url).search;

const THEME_COOKIE = "patchcord_theme";
const THEME_KEPT = { path: ROOT, sameSite: "Lax", maxAge: 365 * 86_400, httpOnly: true } as const;
const themeIn = (word: string | undefined) => THEMES.find((theme) => theme === word) ?? "system";

/** A path of the console: nobody is led elsewhere by a link to here. */
export function homeward(to: string | undefined): string {
  return to !== undefined && /^\/admin(?:[/?#][^\\]*)?$/.test(to) ? to : ROOT;
}

/** What surrounds the page that is asked for. */
export function frameOf(context: Context<Env>): Frame {
  const viewing: Viewing | undefined = context.get("viewing");
  const theme = themeIn(getCookie(context, THEME_COOKIE));
  const path = context.req.method === "GET" ? pathOf(context) : ROOT;
  return { theme, path, csrf: viewing?.csrf ?? "", ...(viewing && { viewer: viewing.viewer }) };
}

/** Answers with a whole page. */
export function shownPage(context: Context<Env>, page: Page, status: 200 | Refusal["status"] = 200) {
  return context.html(layout(frameOf(context), page), status);
}

function shownRefusal(context: Context<Env>, refusal: Refusal) {
  return isPage(context)
    ? shownPage(context, refusalPage(refusal), refusal.status)
    : context.text(refusal.sentence, refusal.status);
}

const cursor = z.coerce.number().int().min(0).catch(0);

function askedIn({ req }: Context): Asked {
  const after = req.query("after");
  return {
    q: (req.query("q") ?? "").slice(0, MOST_BYTES),
    show: req.query("show") === "turns" ? "turns" : "conversations",
    ...(after !== undefined && after !== "" && { after }),
  };
}

function addSearch(app: Hono<Env>, { admin, clock }: ConsoleDeps): void {
  const ask = (context: Context<Env>, asked: Asked) =>
    answerTo({ admin, now: clock.now() }, context.var.viewing.viewer, asked);
  app.get("/", async (context) => {
    const asked = askedIn(context);
    const answer = await ask(context, asked);
    if (answer.kind === "link")
      return context.redirect(withQuery(`${ROOT}/explain`, { link: asked.q.trim() }), 303);
    return shownPage(context, searchPage(answer, asked), answer.kind === "wrong" ? 422 : 200);
  });
  app.get("/results", async (context) => {
    const asked = askedIn(context);
    const answer = await ask(context, asked);
    // The query is wrong while it is being typed: that is no failure of the request.
    context.header("x-found", answer.kind);
    return context.html(resultsOf(answer, asked));
  });
  app.get("/complete", async (context) => {
    const text = context.req.query("q") ?? "";
    const at = cursor.parse(context.req.query("at"));
    return context.json(await completionFor(admin, context.var.viewing.viewer, { text, cursor: at }));
  });
}
