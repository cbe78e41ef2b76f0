import type { MiddlewareHandler } from "hono";

/** Nothing from elsewhere, nothing inline: what a message might smuggle in could do nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/u;

/**
 * The page is for the person at this machine alone. Another name in `Host` is another site whose name was pointed here (DNS
 * rebinding); another `Origin` is another site's script; a body that is no JSON is another site's form.
 */
export const guard: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  const origin = context.req.header("origin");
  const isOurs = LOOPBACK.test(host) && (origin === undefined || origin === `http://${host}`);
  const isJson = /^application\/json\b/u.test(context.req.header("content-type") ?? "");
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  if (!isOurs) return context.json({ error: "Only the sandbox's own page may ask this." }, 403);
  if (context.req.method === "POST" && !isJson) return context.json({ error: "Send JSON." }, 415);
  return next();
};
