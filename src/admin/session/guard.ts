import type { MiddlewareHandler } from "hono";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whatever may change something is asked for by our own pages alone: a browser says which site's page asks (Fetch, `Origin`). `site`: where the
 * console is reached from outside; without it, whatever host it was asked at.
 */
export function sameOrigin(site: () => string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (SAFE.has(method) || isOurs(context.req.header("origin"), site(), context.req.header("host")))
      return next();
    return context.text("This may be asked for by the console's own pages alone. Load the page again.", 403);
  };
}

function isOurs(origin: string | undefined, site: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  return site === undefined ? new URL(origin).host === host : origin === site;
}
