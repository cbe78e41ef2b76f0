import { createServer, ServerResponse, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Writable, type Duplex } from "node:stream";

/** A request as a twin saw it: kept, so that tests can say what must and must not have been sent. */
export interface TwinRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Whole while it is handled. As recorded, perhaps cut: see `TwinHandlers.keep`. */
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What goes wrong, in place of or after the twin's own answer. */
export type FaultEffect =
  /** Answers this instead of handling the request. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Resets the connection before anything is done. */
  | { readonly kind: "cut" }
  /** Does what was asked, and resets the connection instead of answering. */
  | { readonly kind: "swallow" }
  /** Never answers. */
  | { readonly kind: "stall" }
  /** Waits, then goes on as usual. */
  | { readonly kind: "delay"; readonly ms: number };

export interface Fault {
  readonly matches: (request: TwinRequest) => boolean;
  /** How many matching requests it strikes. */
  readonly times: number;
  readonly effect: FaultEffect;
}

/** A request as it is recorded. */
export interface RecordedRequest extends TwinRequest {
  /** With what it was answered. Absent: not yet, or not at all. */
  status?: number;
}

export interface TwinServer {
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  readonly inject: (fault: Fault) => void;
  /** Forgets the recorded requests and the faults that have not struck. */
  readonly reset: () => void;
  /** Breaks every connection that is open, and resolves when the port is free. */
  readonly close: () => Promise<void>;
}

export interface TwinHandlers {
  /** Answers one request. What it throws is answered with 500 and its message. */
  readonly handle: (request: TwinRequest, response: ServerResponse) => Promise<void> | void;
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** 0: any free port. */
  readonly port?: number;
  /** How much is recorded, for load tests: the newest requests, and of each body its beginning. Left out: everything. */
  readonly keep?: { readonly requests?: number; readonly bodyBytes?: number };
}

/** The loopback HTTP server that every twin stands on: it records, injects faults, and hands the rest to `handle`. */
export async function startTwinServer(handlers: TwinHandlers): Promise<TwinServer> {
  const requests: RecordedRequest[] = [];
  const record = recorder(requests, handlers.keep ?? {});
  let faults: { fault: Fault; left: number }[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((incoming, response) => {
    void receive(incoming).then(
      async (request) => {
        record(request, response);
        const struck = faults.find((entry) => entry.left > 0 && entry.fault.matches(request));
        if (struck) struck.left -= 1;
        await answer(request, response, handlers, struck?.fault.effect);
      },
      () => incoming.destroy(),
    );
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  if (handlers.upgrade) server.on("upgrade", handlers.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(handlers.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inject: (fault) => void faults.push({ fault, left: fault.times }),
    reset: () => {
      requests.length = 0;
      faults = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function recorder(requests: RecordedRequest[], keep: NonNullable<TwinHandlers["keep"]>) {
  const { requests: most = Infinity, bodyBytes = Infinity } = keep;
  return (request: TwinRequest, response: ServerResponse): void => {
    const { body } = request;
    // A copy, because a slice would keep the whole body's memory.
    const kept = body.length > bodyBytes ? Buffer.from(body.subarray(0, bodyBytes)) : body;
    const recorded: RecordedRequest = { ...request, body: kept };
    requests.push(recorded);
    if (requests.length > most) requests.shift();
    response.once("finish", () => {
      recorded.status = response.statusCode;
    });
  };
}

async function receive(incoming: IncomingMessage): Promise<TwinRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
    at: Date.now(),
  };
}

async function answer(
  request: TwinRequest,
  response: ServerResponse,
  handlers: TwinHandlers,
  effect?: FaultEffect,
): Promise<void> {
  switch (effect?.kind) {
    case "cut":
      response.socket?.resetAndDestroy();
      return;
    case "stall":
      return;
    case "answer":
      response.writeHead(effect.status, effect.headers ?? {}).end(effect.body ?? "");
      return;
    case "swallow":
      await handleSafely(request, unheard(response), handlers);
      response.socket?.resetAndDestroy();
      return;
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, effect.ms));
      break;
    default:
  }
  await handleSafely(request, response, handlers);
}

async function handleSafely(
  request: TwinRequest,
  response: ServerResponse,
  handlers: TwinHandlers,
): Promise<void> {
  try {
    await handlers.handle(request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: String(error) });
  }
}

/** A response like `response`, of which nothing reaches the client: it never closes early and never blocks. */
function unheard(response: ServerResponse): ServerResponse {
  const shadow = new ServerResponse(response.req);
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Node's own response asks of its socket only what every Writable has.
  shadow.assignSocket(sink as unknown as Socket);
  sink.on("drain", () => shadow.emit("drain"));
  return shadow;
}

/** Answers with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
