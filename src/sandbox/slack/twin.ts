import { systemClock } from "../../clock.ts";
import { startTwinServer } from "../server.ts";
import { createAgents } from "./agents.ts";
import type { SlackTwin, SlackTwinOptions } from "./contract.ts";
import { createDeeds } from "./deeds.ts";
import { createFiles } from "./files.ts";
import { createInteractions } from "./interactions.ts";
import { createLedger } from "./ledger.ts";
import { allowanceOf } from "./limits.ts";
import { CLIENT } from "./openid.ts";
import { createPlaces } from "./places.ts";
import { createSights } from "./sights.ts";
import { createTokens } from "./tokens.ts";
import type { SlackCall } from "./types.ts";
import { createRecords } from "./watchful.ts";
import { answerApi, METHOD_SCOPES } from "./web/api.ts";
import { createStatuses } from "./web/signs.ts";
import { createWires } from "./wires.ts";
import { createWorld } from "./world.ts";

export type { SlackTwin, SlackTwinOptions } from "./contract.ts";

/** What events and commands ask for beyond the scopes of the methods. */
const EVENT_SCOPES = ["app_mentions:read", "reactions:read", "commands"];
const TEAM = { id: "T0TWIN0001", name: "Loopback" };
const TOKENS = {
  botToken: "xoxb-twin-bot-token",
  appToken: "xapp-twin-app-token",
  signingSecret: "twin-signing-secret",
  ...CLIENT,
};

/** Starts a Slack workspace with one app installed: Web API, Socket Mode and HTTP events, on loopback. */
export async function startSlackTwin(options: SlackTwinOptions = {}): Promise<SlackTwin> {
  const { clock = systemClock, keep = Infinity, team = TEAM, port = 0 } = options;
  const stop = new AbortController();
  const world = createWorld({ clock, team, keep, botName: options.bot?.name });
  const scopes = new Set(options.scopes ?? [...METHOD_SCOPES, ...EVENT_SCOPES]);
  const records = createRecords();
  const statuses = createStatuses(world, stop.signal);
  const agents = createAgents(world);
  const wires = createWires({ ...TOKENS, world, options, scopes, signal: stop.signal });
  const tokens = createTokens(TOKENS);
  const calls = createLedger<SlackCall>(keep);
  const files = createFiles(world, () => server.url);
  const kept = { statuses, agents, files, watchful: records };
  const api = { ...TOKENS, ...allowanceOf({ ...options, clock }), ...wires.app, ...kept, world, scopes };
  const interactions = createInteractions({ ...wires, world, options, scopes, url: () => server.url });
  const server = await startTwinServer({
    port,
    keep: { requests: keep },
    upgrade: wires.upgrade,
    handle: (request, response) => {
      if (interactions.answer(request, response)) return;
      if (request.path.startsWith("/upload/")) files.receive(request, response);
      else if (!tokens.refuse(request, response, calls.add))
        answerApi({ ...api, url: server.url, record: calls.add }, request, response);
    },
  });

  return {
    ...TOKENS,
    ...createPlaces(world),
    ...createDeeds(world),
    ...interactions.face,
    ...createSights(world, statuses, files),
    ...agents.face,
    ...wires.face,
    apiUrl: `${server.url}/api/`,
    team: world.team,
    bot: world.bot,
    requests: server.requests,
    calls: calls.entries,
    ...seenIn(records),
    inject: server.inject,
    ...tokens.face,
    close: async () => {
      stop.abort(new Error("the Slack twin was closed"));
      wires.close();
      await server.close();
    },
  };
}

const seenIn = ({ notifications, unfurls }: Pick<SlackTwin, "notifications" | "unfurls">) => ({
  notifications,
  unfurls,
});
