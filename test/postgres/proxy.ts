import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface PostgresProxy {
  /** The database's address, by way of the proxy. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * What becomes of the bytes on their way. "cut": they arrive, and the connection ends before there is an answer. "lose": they do not
 * arrive, and nobody is told.
 */
export interface OnTheWay {
  readonly toServer?: (bytes: Buffer) => "cut" | "lose" | undefined;
  readonly toClient?: (bytes: Buffer) => void;
}

/** Stands between a client and a PostgreSQL, as a pooler or a bad network does. */
export async function postgresProxy(url: string, { toServer, toClient }: OnTheWay): Promise<PostgresProxy> {
  const { port, hostname } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => peer.destroy());
    }
    client.on("data", (bytes) => {
      const fate = toServer?.(bytes);
      if (fate !== "lose") upstream.write(bytes, () => fate === "cut" && client.destroy());
    });
    upstream.on("data", (bytes) => {
      toClient?.(bytes);
      client.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const here = new URL(url);
  here.port = String((server.address() as AddressInfo).port);
  return {
    url: here.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
