import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Platform } from "./chat/platform.ts";
import { PatchcordError } from "./errors.ts";
import { redact } from "./log.ts";

export interface HttpServer {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  /** Ends at once: what is under way is cut off. */
  close(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How the bot is now. */
export interface State {
  /** It has started, and is not stopping. */
  readonly ready: boolean;
  /** What is wrong, in sentences for the operator. */
  readonly problems: readonly string[];
}

/** Figures for Prometheus. */
export interface Figures {
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * The one HTTP port: health, figures, what platforms deliver by HTTP, and what admins ask. `state` is asked at each look at `/healthz`, which answers
 * 200 when all is well, and 503 with what is wrong when not. `platforms` and `faces` (`/admin` and `/api`) are asked at each request: there are
 * none until they are opened.
 */
export function createHttp(
  platforms: () => readonly Platform[],
  state: () => State,
  figures: Figures,
  faces: () => Promise<Hono> | undefined = () => undefined,
): Hono {
  const app = new Hono();
  app.get("/healthz", (context) => {
    const { ready, problems } = state();
    if (ready && problems.length === 0) return context.json({ status: "ok" });
    const status = ready ? "unwell" : "starting or stopping";
    return context.json({ status, problems: problems.map(redact) }, 503);
  });
  app.get("/metrics", async (context) =>
    context.body(await figures.text(), 200, { "content-type": figures.contentType }),
  );
  for (const path of ["/admin/*", "/api/*"])
    app.all(path, async (context) => {
      const found = await faces();
      if (found) return found.fetch(context.req.raw, context.env);
      context.header("retry-after", "5");
      return context.text("The bot is starting or stopping: try again in a moment.", 503);
    });
  app.post("*", (context) => {
    const at = platforms().find(({ http }) => http?.path === context.req.path);
    return at?.http ? at.http.handle(context.req.raw) : context.notFound();
  });
  return app;
}

/** Listens. Rejects with `PatchcordError` when the port is taken, or the host or the port is not ours to listen at. */
export function listen(app: Hono, at: Address): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, ({ port }) => {
      const host = at.host.includes(":") ? `[${at.host}]` : at.host;
      resolve({
        url: `http://${host}:${port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            // Else whoever holds a connection open would hold up the stop.
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, at)));
  });
}

function cannotListen(cause: NodeJS.ErrnoException, { port }: Address): PatchcordError {
  const refuse = (code: string, message: string) => new PatchcordError(code, message, { cause });
  switch (cause.code) {
    case "EADDRINUSE":
      return refuse(
        "port_taken",
        `Port ${port} is taken: stop what listens there, or set PORT to another one.`,
      );
    case "EACCES":
      return refuse("port_forbidden", `Port ${port} is not for this user: set PORT to one from 1024 on.`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return refuse(
        "host_unknown",
        "HOST is no address of this machine: set HOST to one, or to 0.0.0.0 for all.",
      );
    default:
      return refuse("http_failed", `The HTTP port cannot be opened: check HOST and PORT. (${cause.message})`);
  }
}
