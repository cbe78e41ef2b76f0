import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Platform } from "./chat/platform.ts";

export interface HttpServer {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The one HTTP port: health, and what platforms deliver by HTTP. `isReady` is asked at each look at `/healthz`, which
 * answers 200 when messages are taken and 503 when not.
 */
export function createHttp(platforms: readonly Platform[], isReady: () => boolean): Hono {
  const app = new Hono();
  app.get("/healthz", (context) =>
    isReady() ? context.json({ status: "ok" }) : context.json({ status: "starting or stopping" }, 503),
  );
  for (const { http } of platforms) if (http) app.post(http.path, (context) => http.handle(context.req.raw));
  return app;
}

/** Listens. Rejects when the port is taken or the host is not ours. */
export function listen(app: Hono, at: { readonly host: string; readonly port: number }): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, ({ port }) => {
      const host = at.host.includes(":") ? `[${at.host}]` : at.host;
      resolve({
        url: `http://${host}:${port}`,
        close: () => new Promise((done) => void server.close(() => done())),
      });
    });
    server.once("error", reject);
  });
}
