import { type Client, Events, GatewayCloseCodes, RESTEvents } from "discord.js";
import type { Log } from "../log.ts";
import type { Gate } from "./gate.ts";

/** What was heard while the connection was made. */
export interface Heard {
  readonly ready: Promise<void>;
  /** With which code Discord closed the connection for good, if it did. */
  closeCode(): number | undefined;
}

/** Listens to how the connection fares, and logs it. An `error` event without a listener would end the process. */
export function listen(client: Client, log: Log, gate: Gate): Heard {
  const ready = Promise.withResolvers<void>();
  const lost = new Set<number>();
  let closeCode: number | undefined;

  client.once(Events.ClientReady, () => ready.resolve());
  client.on(Events.Error, (err) => log.warn({ err }, "discord.js reports an error"));
  client.on(Events.ShardError, (err, shard) =>
    log.warn({ err, shard }, "Discord's gateway reports an error"),
  );
  client.on(Events.ShardReconnecting, (shard) => {
    // discord.js tries again twice a second: one line is enough.
    if (!lost.has(shard) && !gate.isClosed) log.warn({ shard }, "Discord's gateway is lost; reconnecting");
    lost.add(shard);
  });
  const restored = (how: string) => (shard: number) => {
    if (lost.delete(shard)) log.info({ shard, how }, "Discord's gateway is back");
  };
  client.on(Events.ShardResume, restored("resumed"));
  client.on(Events.ShardReady, restored("anew: what was said meanwhile was not delivered"));
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    closeCode = code;
    if (client.readyAt === null || gate.isClosed) return;
    const reason = GatewayCloseCodes[code];
    log.error(
      { shard, code, reason },
      "Discord closed the gateway for good: the bot hears nothing until restarted",
    );
  });
  client.rest.on(RESTEvents.InvalidRequestWarning, ({ count }) =>
    log.warn({ count }, "Discord refuses many requests; at 10,000 in ten minutes it blocks the address"),
  );
  return { ready: ready.promise, closeCode: () => closeCode };
}
