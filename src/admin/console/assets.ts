import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { Hono } from "hono";

const FOLDER = new URL("page/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The console's own files, read once. A browser asks each time whether it still has the right one: a new version is there at once. */
export function createAssets(): Hono {
  const app = new Hono();
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const content = readFileSync(new URL(name, FOLDER));
    const etag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    app.get(`/${name}`, (context) => {
      const headers = { "content-type": type, "cache-control": "no-cache", etag };
      const isFresh = context.req.header("if-none-match") === etag;
      return isFresh ? context.body(null, 304, headers) : context.body(content, 200, headers);
    });
  }
  return app;
}
