import { type Client, Events, GatewayCloseCodes } from "discord.js";
import type { Log } from "../log.ts";
import type { Gate } from "./gate.ts";

/** Told how a connection fares, after it stood for the first time. */
export interface Fare {
  /** It is gone, and being made again. */
  lost(): void;
  /** It is back, and what was posted meanwhile has come. */
  resumed(): void;
}

/** What was heard of a connection. */
export interface Heard {
  readonly ready: Promise<void>;
  /** Discord closed the connection for good, with this code. */
  readonly closed: Promise<number>;
  /** The same, if it has. */
  closeCode(): number | undefined;
}

/** Listens to how a client's one connection fares. An `error` event without a listener would end the process. */
export function listen(client: Client, gate: Gate, { log, fare }: { log: Log; fare: Fare }): Heard {
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  let closeCode: number | undefined;
  let isLost = false;

  client.once(Events.ClientReady, () => ready.resolve());
  client.on(Events.Error, (err) => log.warn({ err }, "discord.js reports an error"));
  client.on(Events.ShardError, (err) => log.warn({ err }, "Discord's gateway reports an error"));
  client.on(Events.ShardReconnecting, () => {
    // discord.js tries again twice a second: one line is enough.
    if (isLost || gate.isClosed || client.readyAt === null) return;
    isLost = true;
    log.warn("Discord's gateway is lost; reconnecting");
    fare.lost();
  });
  client.on(Events.ShardResume, (_shard, replayed) => {
    if (gate.isClosed) return;
    log.info({ replayed }, "Discord's gateway is back");
    isLost = false;
    fare.resumed();
  });
  client.on(Events.ShardDisconnect, ({ code }) => {
    closeCode = code;
    closed.resolve(code);
    if (!gate.isClosed)
      log.warn({ code, reason: GatewayCloseCodes[code] }, "Discord closed the gateway for good");
  });
  return { ready: ready.promise, closed: closed.promise, closeCode: () => closeCode };
}
