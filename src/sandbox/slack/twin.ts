import { systemClock } from "../../clock.ts";
import { startTwinServer } from "../server.ts";
import { createDeeds } from "./deeds.ts";
import { createDelivery, type Transport } from "./delivery.ts";
import { ALL_EVENTS } from "./events.ts";
import { createHttpTransport, verifyUrl } from "./http.ts";
import { createRateLimits, noRateLimits } from "./limits.ts";
import { createPlaces } from "./places.ts";
import { createSights } from "./sights.ts";
import { createSockets } from "./sockets.ts";
import type { SlackDeliveryTimes, SlackTwin, SlackTwinOptions } from "./contract.ts";
import type { SlackCall } from "./types.ts";
import { createRecords } from "./watchful.ts";
import { answerApi, METHOD_SCOPES } from "./web/api.ts";
import { createStatuses } from "./web/signs.ts";
import { createWorld } from "./world.ts";

const EVENT_SCOPES = ["app_mentions:read", "reactions:read"];
/** docs.slack.dev, Events API: 3 s to acknowledge; again almost at once, after 1 minute, after 5 minutes. */
const TIMES: SlackDeliveryTimes = { ackTimeoutMs: 3000, retryAfterMs: [100, 60_000, 300_000] };
const TOKENS = {
  botToken: "xoxb-0000000000-0000000000000-twinTwinTwinTwinTwinTwin",
  appToken: "xapp-1-A0000000000-0000000000000-twin0twin0twin0twin0twin0twin0",
  signingSecret: "7717717717717717717717717717717a",
};

/** Starts a Slack workspace with one app installed: Web API, Socket Mode and HTTP events, on loopback. */
export async function startSlackTwin(options: SlackTwinOptions = {}): Promise<SlackTwin> {
  const clock = options.clock ?? systemClock;
  const stop = new AbortController();
  const team = options.team ?? { id: "T0TWIN0001", name: "Loopback" };
  const world = createWorld(clock, { team, bot: options.bot?.name ?? "patchcord" });
  const scopes = new Set(options.scopes ?? [...METHOD_SCOPES, ...EVENT_SCOPES]);
  const times = { ...TIMES, ...options.delivery };
  const wire = { clock, signal: stop.signal, ackTimeoutMs: times.ackTimeoutMs };
  const sockets = createSockets({ ...wire, appId: world.bot.appId });
  const http = { ...wire, signingSecret: TOKENS.signingSecret };
  let requestUrl: Transport | undefined;
  const { attempts, ...delivery } = createDelivery({
    world,
    clock,
    times,
    scopes,
    subscriptions: new Set(options.events ?? ALL_EVENTS),
    transport: () => requestUrl ?? sockets,
    signal: stop.signal,
  });
  const records = createRecords();
  const statuses = createStatuses(world, stop.signal);
  const limits = options.limits === "off" ? noRateLimits : createRateLimits(clock);
  const calls: SlackCall[] = [];
  const server = await startTwinServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    upgrade: sockets.upgrade,
    handle: (request, response) =>
      answerApi(
        {
          ...TOKENS,
          world,
          scopes,
          statuses,
          limits,
          calls,
          url: server.url,
          ticket: sockets.ticket,
          watchful: records,
        },
        request,
        response,
      ),
  });

  return {
    ...TOKENS,
    ...createPlaces(world),
    ...createDeeds(world),
    ...createSights(world, statuses),
    ...delivery,
    apiUrl: `${server.url}/api/`,
    team: world.team,
    bot: world.bot,
    requests: server.requests,
    calls,
    notifications: records.notifications,
    unfurls: records.unfurls,
    deliveries: attempts,
    inject: server.inject,
    connections: sockets.connections,
    disconnectSockets: sockets.disconnect,
    setRequestUrl: async (url) => {
      if (url !== undefined) await verifyUrl(http, url);
      requestUrl = url === undefined ? undefined : createHttpTransport(http, url);
    },
    close: async () => {
      stop.abort(new Error("the Slack twin was closed"));
      sockets.close();
      await server.close();
    },
  };
}
