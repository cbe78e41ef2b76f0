import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Clock } from "../../clock.ts";
import type { Attempt, Outcome, Transport } from "./delivery.ts";
import type { SlackDisconnect } from "./types.ts";

/** Slack allows an app ten open sockets (docs.slack.dev, Using Socket Mode). */
const MOST_CONNECTIONS = 10;
/** How often Slack's side pings. Clients arm their own watch with the first one. */
const PING_MS = 10_000;
/** How long after a `warning` Slack closes the socket itself (docs.slack.dev, Using Socket Mode: about 10 s). */
const WARNING_MS = 10_000;

interface Connection {
  readonly number: number;
  readonly socket: WebSocket;
  /** By envelope_id. */
  readonly pending: Map<string, (outcome: Outcome) => void>;
  /** It gets no more envelopes: a disconnect was announced. */
  leaving: boolean;
}

export interface SocketsDeps {
  readonly clock: Clock;
  readonly appId: string;
  readonly ackTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Sockets extends Transport {
  /** The path and query of a new socket's address: good for one connection. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  disconnect(reason: SlackDisconnect, count?: number): void;
  close(): void;
}

/** Socket Mode's server side (docs.slack.dev, Using Socket Mode). */
export function createSockets(deps: SocketsDeps): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: Connection[] = [];
  let made = 0;
  let turn = 0;

  const welcome = (socket: WebSocket) => {
    if (open.length >= MOST_CONNECTIONS) return sayGoodbye(deps, socket, "too_many_websockets");
    const connection: Connection = { number: (made += 1), socket, pending: new Map(), leaving: false };
    open.push(connection);
    socket.on("message", (data) => acknowledge(connection, data));
    socket.on("close", () => {
      open.splice(open.indexOf(connection), 1);
      for (const settle of connection.pending.values()) settle({ kind: "failed", reason: "timeout" });
    });
    socket.on("error", () => socket.terminate());
    void pingForEver(deps, socket).catch(() => undefined);
    socket.send(hello(deps.appId, open.length));
  };

  return {
    via: "socket",
    ticket: () => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${deps.appId}`;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("ticket") ?? "";
      if (!tickets.delete(ticket)) {
        socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    send: (attempt, seen) => {
      const able = open.filter((one) => !one.leaving && one.socket.readyState === one.socket.OPEN);
      const chosen = able[(turn += 1) % able.length];
      if (!chosen) return Promise.resolve({ kind: "failed", reason: "timeout" });
      seen(chosen.number);
      return sendOne(deps, chosen, attempt);
    },
    connections: () => open.filter((one) => !one.leaving).length,
    disconnect: (reason, count = open.length) => {
      for (const one of open.filter(({ leaving }) => !leaving).slice(0, count)) {
        one.leaving = true;
        sayGoodbye(deps, one.socket, reason);
      }
    },
    close: () => {
      for (const { socket } of open) socket.terminate();
      server.close();
    },
  };
}

function hello(appId: string, connections: number): string {
  return JSON.stringify({
    type: "hello",
    num_connections: connections,
    debug_info: { host: "twin", build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  });
}

/** One envelope to one connection. Resolves with its acknowledgement, its end, or the time-out. */
function sendOne(deps: SocketsDeps, connection: Connection, attempt: Attempt): Promise<Outcome> {
  const id = randomUUID();
  const envelope = {
    envelope_id: id,
    payload: attempt.payload,
    type: "events_api",
    accepts_response_payload: false,
    retry_attempt: attempt.number,
    retry_reason: attempt.reason,
  };
  return new Promise((resolve) => {
    const settled = new AbortController();
    const settle = (outcome: Outcome) => {
      connection.pending.delete(id);
      settled.abort();
      resolve(outcome);
    };
    connection.pending.set(id, settle);
    connection.socket.send(JSON.stringify(envelope));
    deps.clock.sleep(deps.ackTimeoutMs, settled.signal).then(
      () => settle({ kind: "failed", reason: "timeout" }),
      () => undefined,
    );
  });
}

function acknowledge(connection: Connection, data: RawData): void {
  // `ws` gives one Buffer unless another binaryType is asked for.
  const message = JSON.parse((data as Buffer).toString()) as { envelope_id?: unknown };
  connection.pending.get(String(message.envelope_id))?.({ kind: "acknowledged" });
}

function sayGoodbye(deps: SocketsDeps, socket: WebSocket, reason: SlackDisconnect): void {
  if (reason === "cut") return socket.terminate();
  socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "twin" } }));
  if (reason !== "warning") return socket.close();
  deps.clock.sleep(WARNING_MS, deps.signal).then(
    () => socket.close(),
    () => undefined,
  );
}

async function pingForEver(deps: SocketsDeps, socket: WebSocket): Promise<void> {
  while (socket.readyState === socket.OPEN) {
    socket.ping();
    await deps.clock.sleep(PING_MS, deps.signal);
  }
}
