import type { Gateway } from "../gateway/gateway.ts";
import { DAILY_IDENTIFIES } from "../gateway/handshake.ts";
import { ok, type Route } from "./call.ts";

const DAY_MS = 86_400_000;

/** Where the gateway is (Discord, Get Gateway and Get Gateway Bot). */
export function gatewayRoutes(gateway: Gateway, url: () => string): readonly Route[] {
  return [
    { method: "GET", path: "/gateway", rate: "route", handle: () => ok({ url: url() }) },
    {
      method: "GET",
      path: "/gateway/bot",
      rate: "route",
      handle: () =>
        ok({
          url: url(),
          shards: 1,
          session_start_limit: {
            total: DAILY_IDENTIFIES,
            remaining: gateway.remaining(),
            reset_after: DAY_MS,
            max_concurrency: 1,
          },
        }),
    },
  ];
}
