import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { Core, Dispatch } from "../core.ts";
import type { GatewayControl } from "../driver.ts";
import type { ShownSession } from "../shown.ts";
import { CLOSE } from "./connection.ts";
import { abandon, serveConnection, type Lobby } from "./handshake.ts";
import { dispatch, meantFor, type Session } from "./session.ts";
import { createStarts, type StartLimit } from "./starts.ts";

export interface Gateway {
  readonly control: GatewayControl;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  publish(event: Dispatch): void;
  /** How many shards are recommended. */
  shards(): number;
  startLimit(): StartLimit;
  /** Resolves when nothing is left running. */
  close(): Promise<void>;
}

/** The gateway: JSON without compression, version 10. `url` is where it can be reached, once the server listens. */
export function createGateway(core: Core, url: () => string): Gateway {
  const lobby = createLobby(core, url);
  const server = new WebSocketServer({ noServer: true });
  const sockets = new Set<WebSocket>();
  let refuses = false;

  const accept = (socket: WebSocket, request: IncomingMessage): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const { searchParams } = new URL(request.url ?? "/", "ws://127.0.0.1");
    if (searchParams.get("v") !== "10") return socket.close(CLOSE.invalidVersion, "Invalid API version.");
    if (searchParams.get("encoding") !== "json" || searchParams.has("compress"))
      return socket.close(CLOSE.decodeError, "This gateway speaks plain JSON alone.");
    serveConnection(lobby, socket);
  };

  return {
    control: {
      ...controlOf(lobby),
      refuse: (connections) => {
        refuses = connections;
      },
    },
    upgrade: (request, socket, head) => {
      if (refuses) socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
      else server.handleUpgrade(request, socket, head, accept);
    },
    publish: (event) => {
      for (const session of lobby.sessions.values()) {
        const data = meantFor(core, session, event);
        if (data) dispatch(session, event.name, data);
      }
    },
    shards: () => lobby.sharding.count,
    startLimit: () => lobby.starts.limit(),
    close: async () => {
      for (const session of lobby.sessions.values()) session.abandoned?.abort();
      lobby.sessions.clear();
      const gone = [...sockets].map((socket) => once(socket, "close"));
      for (const socket of sockets) socket.terminate();
      await Promise.all(gone);
    },
  };
}

function createLobby(core: Core, url: () => string): Lobby {
  return {
    core,
    sessions: new Map(),
    counts: { identified: 0, resumed: 0 },
    identifies: new Map(),
    url,
    starts: createStarts(core.settings),
    sharding: { count: core.settings.shards, isRequired: false },
    acknowledges: true,
    isSilent: false,
  };
}

/** The network swallows what goes over the connection: the session waits for another one. */
function silence(lobby: Lobby, session: Session): void {
  session.connection?.mute();
  abandon(lobby, session, true);
}

function shownSession(session: Session): ShownSession {
  return {
    id: session.id,
    connected: session.connection !== undefined,
    intents: session.intents,
    shard: session.shard,
    sequence: session.events.length,
  };
}

function controlOf(lobby: Lobby): Omit<GatewayControl, "refuse"> {
  const live = (): Session[] => [...lobby.sessions.values()].filter((session) => session.connection);
  return {
    counts: lobby.counts,
    sessions: () => [...lobby.sessions.values()].map(shownSession),
    drop: (how = CLOSE.unknownError, shard) => {
      for (const session of live())
        if (shard === undefined || session.shard[0] === shard) session.connection?.close(how);
    },
    acceptToken: (valid) => {
      lobby.core.token.isValid = valid;
      if (!valid) for (const session of live()) session.connection?.close(CLOSE.authenticationFailed);
    },
    reshard: (count) => {
      lobby.sharding = { count, isRequired: true };
    },
    spendStarts: (count) => lobby.starts.spend(count),
    silence: (silent) => {
      lobby.isSilent = silent;
      if (silent) for (const session of live()) silence(lobby, session);
    },
    invalidate: (resumable) => {
      for (const session of live()) {
        session.connection?.send({ op: 9, d: resumable, s: null, t: null });
        abandon(lobby, session, resumable);
      }
    },
    requestReconnect: () => {
      for (const session of live()) session.connection?.send({ op: 7, d: null, s: null, t: null });
    },
    duplicate: (name) => {
      for (const session of lobby.sessions.values()) {
        const last = session.events.findLast((packet) => packet.t === name);
        if (last) dispatch(session, name, last.d);
      }
    },
    dispatch: (name, data) => {
      for (const session of lobby.sessions.values()) dispatch(session, name, data);
    },
    acknowledge: (heartbeats) => {
      lobby.acknowledges = heartbeats;
    },
  };
}
