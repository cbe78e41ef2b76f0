import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { type Behind, MISHAPS, type ViewBehind } from "./behind.ts";
import { createFeed } from "./feed.ts";
import { guard } from "./guard.ts";
import {
  NoSuchPlace,
  type Side,
  type SideName,
  type ViewMessage,
  type ViewPerson,
  type ViewRoom,
  type ViewSign,
} from "./view.ts";

/** Everything the page shows. */
export interface Snapshot {
  readonly bot: string;
  readonly people: readonly ViewPerson[];
  readonly sides: Readonly<Record<SideName, SideSnapshot>>;
  /** Missing with the real Telnyx, which cannot be looked into. */
  readonly behind?: ViewBehind;
  /** The address of the bot's console, once it is there. */
  readonly console?: string;
}

export interface SideSnapshot {
  readonly rooms: readonly ViewRoom[];
  readonly messages: readonly ViewMessage[];
  readonly signs: readonly ViewSign[];
}

export interface PlaygroundParts {
  readonly bot: string;
  readonly people: readonly ViewPerson[];
  readonly slack: Side;
  readonly discord: Side;
  readonly behind: Behind | undefined;
  /** Where the bot's console is. Undefined: nobody said so yet. */
  readonly console?: () => string | undefined;
}

export interface Playground {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  close(): Promise<void>;
}

const ASSETS: Readonly<Record<string, string>> = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};
/** Far above what either platform takes in a message. */
const MOST_BYTES = 64 * 1024;
const POLL_MS = 300;
/** How soon the browser takes up a connection that was lost. */
const RETRY_MS = 1_000;
const id = z.string().min(1).max(64);
const saying = z.strictObject({
  side: z.enum(["slack", "discord"]),
  room: id,
  person: id,
  text: z.string().trim().min(1).max(20_000),
  root: id.optional(),
  replyTo: id.optional(),
});
const pressing = z.strictObject({
  side: z.enum(["slack", "discord"]),
  room: id,
  id,
  person: id,
  button: z.string().min(1).max(255),
});
const visit = z.strictObject({ side: z.enum(["slack", "discord"]), room: id, person: id });
const NOT_IN_TIME = "The bot did not take it in time.";
const speed = z.strictObject({ tokensPerSecond: z.number().min(1).max(2_000) });
const mishap = z.strictObject({ how: z.enum(MISHAPS) });

/** Serves the page on loopback. Rejects when the port is taken. */
export async function startPlayground(parts: PlaygroundParts, port: number): Promise<Playground> {
  const feed = createFeed([parts.slack, parts.discord]);
  const stop = new AbortController();
  const app = new Hono();
  app.use(guard);
  addPage(app);
  addDeeds(app, parts);
  addFiles(app, parts);
  app.get("/api/state", (context) => context.json(snapshotOf(parts)));
  app.get("/api/events", (context) =>
    streamSSE(context, async (stream) => {
      const send = (event: string, data: unknown) =>
        void stream.writeSSE({ event, data: JSON.stringify(data), retry: RETRY_MS });
      // Listening first: nothing falls between the snapshot and the changes.
      const ends = [
        feed.listen((change) => send("change", change)),
        watchBehind(parts.behind, (view) => send("behind", view)),
      ];
      send("snapshot", snapshotOf(parts));
      const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
      const stopped = new Promise<void>((resolve) =>
        stop.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      await Promise.race([gone, stopped]);
      for (const end of ends) end();
    }),
  );
  app.notFound((context) => context.json({ error: "There is nothing here." }, 404));

  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done) => {
            feed.close();
            stop.abort();
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", (error) => {
      feed.close();
      reject(error);
    });
  });
}

function snapshotOf({ bot, people, slack, discord, behind, ...parts }: PlaygroundParts): Snapshot {
  const console = parts.console?.();
  const side = (of: Side) => ({ rooms: of.rooms(), messages: of.messages(), signs: of.signs() });
  return {
    bot,
    people,
    sides: { slack: side(slack), discord: side(discord) },
    ...(behind && { behind: behind.view() }),
    ...(console !== undefined && { console }),
  };
}

function watchBehind(behind: Behind | undefined, send: (view: ViewBehind) => void): () => void {
  let seen = behind?.revision();
  const timer = setInterval(() => {
    if (!behind || behind.revision() === seen) return;
    seen = behind.revision();
    send(behind.view());
  }, POLL_MS);
  return () => clearInterval(timer);
}

/** Files are read when they are asked for: they are few and small, and a change shows at the next reload. */
function addPage(app: Hono): void {
  const file = (name: string) => readFileSync(new URL(`../page/${name}`, import.meta.url), "utf8");
  // A message's address shows the page, which opens the message.
  for (const path of ["/", "/archives/:room/:message", "/channels/:guild/:room/:message"])
    app.get(path, (context) => context.html(file("index.html")));
  app.get("/page/:name{[a-z-]+\\.(?:css|js|svg)}", (context) => {
    const name = context.req.param("name");
    const type = ASSETS[name.split(".").at(-1) ?? ""] ?? "text/plain";
    try {
      return context.body(file(name), 200, { "content-type": `${type}; charset=utf-8` });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return context.notFound();
      throw error;
    }
  });
}

/** What the bot posted as files. */
function addFiles(app: Hono, parts: PlaygroundParts): void {
  app.get("/api/files/:side/:id", (context) => {
    const { side, id } = context.req.param();
    const file = side === "slack" ? parts.slack.file(id) : parts.discord.file(id);
    if (!file) return context.notFound();
    // Only ever downloaded: what a model wrote is not to run as a page of this address.
    return context.body(new Uint8Array(file.bytes), 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${file.name.replaceAll(/[^\w.-]/gu, "_")}"`,
      "x-content-type-options": "nosniff",
    });
  });
}

function addDeeds(app: Hono, { slack, discord, behind }: PlaygroundParts): void {
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (context) => context.json({ error: "That is too long." }, 413),
    }),
  );
  const deed = <T>(path: string, shape: z.ZodType<T>, act: (wish: T) => unknown) =>
    app.post(path, async (context) => {
      const wish = shape.safeParse(await context.req.json().catch(() => undefined));
      if (!wish.success) return context.json({ error: z.prettifyError(wish.error) }, 400);
      try {
        return context.json((await act(wish.data)) ?? {}, 201);
      } catch (error) {
        if (error instanceof NoSuchPlace) return context.json({ error: error.message }, 404);
        // What the platform's own client would not let a person do: the twin says why.
        return context.json({ error: error instanceof Error ? error.message : String(error) }, 409);
      }
    });
  deed("/api/say", saying, async ({ side, replyTo, ...said }) => {
    const on = side === "slack" ? slack : discord;
    if (!said.text.startsWith("/")) return on.say({ ...said, replyTo });
    if (!(await on.command(said))) throw new Error(NOT_IN_TIME);
    return { room: said.room };
  });
  deed("/api/open", visit, ({ side, ...seen }) => (side === "slack" ? slack : discord).open?.(seen));
  deed("/api/press", pressing, async ({ side, ...pressed }) => {
    const isTaken = await (side === "slack" ? slack : discord).press(pressed);
    if (!isTaken) throw new Error(NOT_IN_TIME);
  });
  if (!behind) return;
  deed("/api/speed", speed, ({ tokensPerSecond }) => behind.setSpeed(tokensPerSecond));
  deed("/api/mishap", mishap, ({ how }) => behind.fail(how));
}
