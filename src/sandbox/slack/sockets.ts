import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Clock } from "../../clock.ts";
import type { Attempt, Outcome, Transport } from "./delivery.ts";
import type { SlackBlock, SlackDisconnect, SlackSpoiling } from "./types.ts";

/** Slack allows an app ten open sockets (docs.slack.dev, Using Socket Mode). */
const MOST_CONNECTIONS = 10;
/** How often the twin pings, as Slack does. A client arms its own watch with the first one. */
const PING_MS = 10_000;
/** Slack closes a socket about 10 s after its `warning` (docs.slack.dev, Using Socket Mode). */
const WARNING_MS = 10_000;

interface Connection {
  readonly number: number;
  readonly socket: WebSocket;
  /** By envelope_id. */
  readonly pending: Map<string, (outcome: Outcome) => void>;
  /** It gets no more envelopes: its end was announced. */
  leaving: boolean;
  /** Its network is dead, and nobody knows: nothing from the app arrives, nothing is answered. */
  silent: boolean;
}

interface Pool {
  /** Oldest first. */
  readonly open: Connection[];
  made: number;
}

export interface SocketsDeps {
  readonly clock: Clock;
  readonly appId: string;
  readonly ackTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Sockets extends Transport {
  /** The path and query of a new socket's address: good for one connection. */
  readonly ticket: () => string;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly connections: () => number;
  readonly disconnect: (reason: SlackDisconnect, count?: number) => void;
  readonly spoil: (how: SlackSpoiling, count?: number) => void;
  readonly sendFrame: (data: string | Buffer) => void;
  readonly close: () => void;
}

/** Socket Mode's server side (docs.slack.dev, Using Socket Mode). */
export function createSockets(deps: SocketsDeps): Sockets {
  const server = new WebSocketServer({ noServer: true, autoPong: false });
  const tickets = new Set<string>();
  const pool: Pool = { open: [], made: 0 };
  const { open } = pool;
  const spoiled: SlackSpoiling[] = [];
  let turn = 0;

  return {
    via: "socket",
    ticket: () => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${deps.appId}`;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("ticket") ?? "";
      const spoiling = spoiled.shift();
      // A socket of Node's HTTP server; `Duplex` is what its types promise.
      if (spoiling === "reset") (socket as Socket).resetAndDestroy();
      else if (spoiling === "expired") refuseUpgrade(socket, "408 Request Timeout");
      else if (!tickets.delete(ticket)) refuseUpgrade(socket, "404 Not Found");
      else if (spoiling === "no-hello") server.handleUpgrade(request, socket, head, keepWaiting);
      else server.handleUpgrade(request, socket, head, (one) => welcome(deps, pool, one));
    },
    send: (attempt, seen) => {
      const able = open.filter((one) => !one.leaving);
      const chosen = able[(turn += 1) % able.length];
      if (!chosen) return Promise.resolve({ kind: "failed", reason: "timeout" });
      seen(chosen.number);
      return sendOne(deps, chosen, attempt);
    },
    connections: () => open.filter((one) => !one.leaving).length,
    disconnect: (reason, count = open.length) => {
      for (const one of open.filter(({ leaving }) => !leaving).slice(0, count)) dismiss(deps, one, reason);
    },
    spoil: (how, count = 1) => void spoiled.push(...Array.from({ length: count }, () => how)),
    sendFrame: (data) =>
      open.forEach(({ socket }) => socket.send(data, { binary: typeof data !== "string" })),
    close: () => {
      for (const { socket } of open) socket.terminate();
      server.close();
    },
  };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
}

/** A socket that nobody greets. It answers pings and a goodbye, as any other. */
function keepWaiting(socket: WebSocket): void {
  socket.on("ping", (data) => socket.pong(data));
  socket.on("error", () => socket.terminate());
}

function welcome(deps: SocketsDeps, pool: Pool, socket: WebSocket): void {
  const { open } = pool;
  if (open.length >= MOST_CONNECTIONS) return announce(socket, "too_many_websockets");
  const number = (pool.made += 1);
  const connection: Connection = { number, socket, pending: new Map(), leaving: false, silent: false };
  open.push(connection);
  socket.on("message", (data) => acknowledge(connection, data));
  socket.on("ping", (data) => void (connection.silent || socket.pong(data)));
  socket.on("close", () => {
    open.splice(open.indexOf(connection), 1);
    for (const settle of connection.pending.values()) settle({ kind: "failed", reason: "timeout" });
  });
  socket.on("error", () => socket.terminate());
  // Only closing rejects: the wait ends with the signal's reason.
  pingForEver(deps, connection).catch(() => undefined);
  socket.send(
    JSON.stringify({
      type: "hello",
      num_connections: open.length,
      debug_info: { host: "twin", build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: deps.appId },
    }),
  );
}

async function pingForEver(deps: SocketsDeps, connection: Connection): Promise<void> {
  while (connection.socket.readyState === connection.socket.OPEN && !connection.silent) {
    connection.socket.ping();
    await deps.clock.sleep(PING_MS, deps.signal);
  }
}

/** Interactions and commands are not sent again, and say nothing of it; a command can be answered with its acknowledgement. */
function envelopeKind(payload: SlackBlock, retry: SlackBlock): SlackBlock {
  if (payload["type"] === "block_actions") return { type: "interactive", accepts_response_payload: false };
  if (payload["command"] !== undefined) return { type: "slash_commands", accepts_response_payload: true };
  return { type: "events_api", accepts_response_payload: false, ...retry };
}

/** One envelope to one connection. Resolves with its acknowledgement, its end, or the time-out. */
function sendOne(deps: SocketsDeps, connection: Connection, attempt: Attempt): Promise<Outcome> {
  const id = randomUUID();
  const { payload, number, reason } = attempt;
  const retry = { retry_attempt: number, retry_reason: reason };
  const envelope = { envelope_id: id, payload, ...envelopeKind(payload, retry) };
  return new Promise((resolve) => {
    const settled = new AbortController();
    const settle = (outcome: Outcome) => {
      connection.pending.delete(id);
      settled.abort();
      resolve(outcome);
    };
    connection.pending.set(id, settle);
    if (!connection.silent) connection.socket.send(JSON.stringify(envelope));
    deps.clock.sleep(deps.ackTimeoutMs, settled.signal).then(
      () => settle({ kind: "failed", reason: "timeout" }),
      () => undefined,
    );
  });
}

function acknowledge(connection: Connection, data: RawData): void {
  if (connection.silent) return;
  let message: { readonly envelope_id?: unknown };
  try {
    // `ws` hands over one Buffer unless another binaryType is asked for.
    message = JSON.parse((data as Buffer).toString()) as typeof message;
  } catch {
    return connection.socket.close();
  }
  connection.pending.get(String(message.envelope_id))?.({ kind: "acknowledged" });
}

function dismiss(deps: SocketsDeps, connection: Connection, reason: SlackDisconnect): void {
  const { socket } = connection;
  if (reason === "silence") {
    connection.silent = true;
    return;
  }
  connection.leaving = true;
  if (reason === "cut") return socket.terminate();
  if (reason !== "warning") return announce(socket, reason);
  tell(socket, reason);
  deps.clock.sleep(WARNING_MS, deps.signal).then(
    () => socket.close(),
    () => undefined,
  );
}

function announce(socket: WebSocket, reason: SlackDisconnect): void {
  tell(socket, reason);
  socket.close();
}

function tell(socket: WebSocket, reason: SlackDisconnect): void {
  socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "twin" } }));
}
