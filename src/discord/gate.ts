import { type Client, SimpleShardingStrategy, Status, type WebSocketOptions } from "discord.js";
import type { Clock } from "../clock.ts";
import { within } from "./calls.ts";
import type { Turn } from "./gateway.ts";
import { unless } from "./lanes.ts";

/** How long a connection that is being made at the moment of closing may take to stand, so that it can be closed. */
const HANDSHAKE_MS = 2_000;
/** How long the gateway may take to answer that the connection is closed. */
const CLOSE_MS = 5_000;

/**
 * Where discord.js asks before it does what it would do without end: reconnect, and start sessions.
 * - It has one session. When that cannot be resumed, the client has had its time: whoever made it makes another one, when it is right
 *   to. discord.js would start sessions as often as every 5 s, and Discord gives a thousand a day.
 * - It is closed for good. `client.destroy()` alone does nothing to a shard that sleeps between two connections: that
 *   one wakes up, connects and goes on (@discordjs/ws 1.2.3, WebSocketShard). But before it connects it asks for its session.
 */
export interface Gate {
  readonly ws: WebSocketOptions;
  /** Resolves when the client would need another session. */
  readonly outlived: Promise<void>;
  /** How many events came. */
  readonly events: number;
  /** Safe to call twice. */
  close(client: Client): Promise<void>;
  readonly isClosed: boolean;
}

type Manager = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

export function createGate(clock: Clock, turn: Turn): Gate {
  const parked = Promise.withResolvers<void>();
  const outlived = Promise.withResolvers<void>();
  let closing: Promise<void> | undefined;
  let hasSession = false;
  let events = 0;

  const close = async (client: Client) => {
    const isConnecting = client.ws.shards.some((shard) => shard.status === Status.Connecting);
    if (isConnecting) await within({ clock, ms: HANDSHAKE_MS }, () => parked.promise).catch(() => undefined);
    await within({ clock, ms: CLOSE_MS }, () => client.destroy()).catch(() => undefined);
  };
  const startOne = async (_shard: number, signal: AbortSignal) => {
    if (hasSession) {
      outlived.resolve();
      await unless(signal, new Promise(() => {}));
    }
    hasSession = true;
    turn.begin();
  };

  const buildStrategy = (manager: Manager) => {
    const { options } = manager;
    const retrieve = options.retrieveSessionInfo.bind(options);
    const update = options.updateSessionInfo.bind(options);
    options.retrieveSessionInfo = (shard) => {
      if (!closing) return retrieve(shard);
      parked.resolve();
      return new Promise(() => {});
    };
    options.updateSessionInfo = (shard, info) => {
      events += 1;
      return update(shard, info);
    };
    manager.fetchGatewayInformation = async () => turn.info;
    return new SimpleShardingStrategy(manager);
  };

  return {
    ws: { buildIdentifyThrottler: () => ({ waitForIdentify: startOne }), buildStrategy },
    outlived: outlived.promise,
    get events() {
      return events;
    },
    close: (client) => (closing ??= close(client)),
    get isClosed() {
      return closing !== undefined;
    },
  };
}
