import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { addAudit } from "./audit-routes.ts";
import { createAssets } from "./assets.ts";
import { addConversation } from "./conversation-routes.ts";
import { addDeeds } from "./deed-routes.ts";
import type { ConsoleDeps, Env } from "./deps.ts";
import { formOf } from "./forms.ts";
import { addHealth } from "./health-routes.ts";
import { headers } from "./headers.ts";
import { ROOT, withQuery } from "./paths.ts";
import { NOT_FOUND, refusalOf } from "./refusal.ts";
import { homeward, isPage, keepTheme, pathOf, shownRefusal } from "./respond.ts";
import { addSearch } from "./search-routes.ts";
import { addUsage } from "./usage-routes.ts";

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
  addConversation(app, deps);
  addUsage(app, deps);
  addDeeds(app, deps);
  addAudit(app, deps);
  addHealth(app, deps);
  app.post("/theme", async (context) => {
    const form = await formOf(context, context.var.viewing.csrf);
    keepTheme(context, form.get("theme"));
    return context.redirect(homeward(form.get("to")), 303);
  });
  app.get("*", ({ req, redirect }, next) => {
    const [, path] = /^(.*[^/])\/+$/.exec(req.path) ?? [];
    // People and proxies write it so.
    return path === undefined
      ? next()
      : Promise.resolve(redirect(homeward(path + new URL(req.url).search), 303));
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
