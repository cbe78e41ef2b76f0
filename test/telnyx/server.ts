import { until } from "../eventually.ts";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { FakeClock } from "../fakes/clock.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createLog, type Log } from "../../src/log.ts";
import { createTelnyx, type Limits } from "../../src/telnyx/client.ts";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** As it came, with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Script = (request: Seen, response: ServerResponse) => void | Promise<void>;

export interface ScriptedServer {
  /** With a base path, as Telnyx has one. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Seen[];
  /** Open connections. */
  sockets(): number;
  close(): Promise<void>;
}

/** An HTTP server that answers as the test says, to the byte. */
export async function startServer(script: Script, at = 0): Promise<ScriptedServer> {
  const requests: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
      const seen = {
        method: incoming.method ?? "",
        path: url.pathname.replace(/^\/v2/, ""),
        query: url.searchParams,
        target: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(seen);
      void script(seen, response);
    });
    incoming.on("error", () => {});
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v2`,
    port,
    requests,
    sockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function sse(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
}

/** The whole client on a server of its own, with a clock that the test moves. `Symbol.asyncDispose` checks that no timer is left. */
export async function startPair(
  script: Script,
  options: { limits?: Partial<Limits>; log?: Log; apiKey?: string } = {},
) {
  const server = await startServer(script);
  const clock = fakeClock();
  const telnyx = createTelnyx({
    baseUrl: server.url,
    apiKey: options.apiKey ?? "KEY0123456789abcdef",
    clock,
    log: options.log ?? createLog("silent"),
    random: () => 0,
    limits: { callMs: 1e9, ...options.limits },
  });
  const dispose = async () => {
    await telnyx.close();
    await server.close();
    await until("every timer is cleared", () => clock.sleeping() === 0);
  };
  return { server, clock, telnyx, [Symbol.asyncDispose]: dispose };
}

/** Moves the clock until the promise is settled: for calls that wait between attempts. */
export async function settle<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  const state = { settled: false };
  const mark = () => void (state.settled = true);
  promise.then(mark, mark);
  const deadline = Date.now() + 10_000;
  while (!state.settled && Date.now() < deadline) await clock.advance(100);
  if (!state.settled) throw new Error("not settled after 10 s");
  return promise;
}

/** undici takes a connection up again one turn of the event loop after its last answer. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}
