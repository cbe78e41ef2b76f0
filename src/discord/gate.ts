import { type Client, SimpleShardingStrategy, Status, type WebSocketOptions } from "discord.js";
import type { Clock } from "../clock.ts";
import { within } from "./calls.ts";

/** How long a connection that is being made at the moment of closing may take to stand, so that it can be closed. */
const HANDSHAKE_MS = 2_000;
/** How long the gateway may take to answer that the connection is closed. */
const CLOSE_MS = 5_000;

/**
 * Closes a client for good. `client.destroy()` alone does nothing to a shard that sleeps between two connections: that
 * one wakes up, connects and goes on (@discordjs/ws 1.2.3, WebSocketShard). But before it connects it asks for its session.
 */
export interface Gate {
  readonly ws: WebSocketOptions;
  /** Safe to call twice. */
  close(client: Client): Promise<void>;
  readonly isClosed: boolean;
}

export function createGate(clock: Clock): Gate {
  const parked = Promise.withResolvers<void>();
  let closing: Promise<void> | undefined;

  const close = async (client: Client) => {
    const isConnecting = client.ws.shards.some((shard) => shard.status === Status.Connecting);
    if (isConnecting) await within({ clock, ms: HANDSHAKE_MS }, () => parked.promise).catch(() => undefined);
    await within({ clock, ms: CLOSE_MS }, () => client.destroy()).catch(() => undefined);
  };

  return {
    ws: {
      buildStrategy: (manager) => {
        const { options } = manager;
        const retrieve = options.retrieveSessionInfo.bind(options);
        options.retrieveSessionInfo = (shard) => {
          if (!closing) return retrieve(shard);
          parked.resolve();
          return new Promise(() => {});
        };
        return new SimpleShardingStrategy(manager);
      },
    },
    close: (client) => (closing ??= close(client)),
    get isClosed() {
      return closing !== undefined;
    },
  };
}
