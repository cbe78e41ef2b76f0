import type { Gateway } from "../gateway/gateway.ts";
import { ok, type Route } from "./call.ts";

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
          shards: gateway.shards(),
          session_start_limit: gateway.startLimit(),
        }),
    },
  ];
}
