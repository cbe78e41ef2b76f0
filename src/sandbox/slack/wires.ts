import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { SlackDeliveryTimes, SlackTwinOptions, SlackWires } from "./contract.ts";
import { createDelivery, type Transport } from "./delivery.ts";
import { ALL_EVENTS } from "./events.ts";
import { createHttpTransport, verifyUrl } from "./http.ts";
import { createSockets } from "./sockets.ts";
import type { SlackBlock } from "./types.ts";
import type { World } from "./world.ts";

/** docs.slack.dev, Events API: 3 s to acknowledge; again almost at once, after 1 minute, after 5 minutes. */
const TIMES: SlackDeliveryTimes = { ackTimeoutMs: 3000, retryAfterMs: [100, 60_000, 300_000] };

export interface WiresDeps {
  readonly world: World;
  readonly options: SlackTwinOptions;
  readonly scopes: ReadonlySet<string>;
  readonly signingSecret: string;
  readonly signal: AbortSignal;
}

/** Both ways for events to reach the app: sockets until there is a request URL. */
export interface Wires {
  readonly face: SlackWires;
  /** What the app has of them: the path of a new socket's address, and the events that it asked for. */
  readonly app: { readonly ticket: () => string; readonly subscriptions: ReadonlySet<string> };
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly close: () => void;
  readonly interact: (payload: SlackBlock) => Promise<boolean>;
}

export function createWires({ world, options, scopes, signingSecret, signal }: WiresDeps): Wires {
  const { clock, keep } = world;
  const times = { ...TIMES, ...options.delivery };
  const shared = { clock, signal, ackTimeoutMs: times.ackTimeoutMs };
  const sockets = createSockets({ ...shared, appId: world.bot.appId });
  const http = { ...shared, signingSecret };
  const subscriptions = new Set(options.events ?? ALL_EVENTS);
  let byHttp: Transport | undefined;
  const { attempts, interact, ...delivery } = createDelivery({
    world,
    clock,
    times,
    scopes,
    signal,
    keep,
    subscriptions,
    transport: () => byHttp ?? sockets,
  });
  return {
    app: { ticket: sockets.ticket, subscriptions },
    upgrade: sockets.upgrade,
    close: sockets.close,
    interact,
    face: {
      ...delivery,
      deliveries: attempts,
      connections: sockets.connections,
      disconnectSockets: sockets.disconnect,
      spoilSockets: sockets.spoil,
      sendFrame: sockets.sendFrame,
      setRequestUrl: async (url) => {
        if (url !== undefined) await verifyUrl(http, url);
        byHttp = url === undefined ? undefined : createHttpTransport(http, url);
      },
    },
  };
}
