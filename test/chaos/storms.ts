import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import type { Fault, FaultEffect, TwinRequest } from "../../src/sandbox/server.ts";
import { slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { refusal } from "../../src/sandbox/telnyx/refusal.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

type Target = "slack" | "discord" | "telnyx";

/** What a server says in place of an answer, by what it is called in the report. */
const SAYINGS: Record<Target, Readonly<Record<string, (random: Random) => FaultEffect>>> = {
  slack: {
    "429": (random) => tooManyRequests(random.between(0, 3)),
    "5xx": (random) => ({ kind: "answer", status: random.pick([500, 502, 503]), body: "upstream is away" }),
    error: (random) => slackError(random.pick(["internal_error", "fatal_error", "service_unavailable"])),
  },
  discord: {
    "429": (random) => discordLimit(random.between(1, 30) / 10),
    "5xx": (random) => ({ kind: "answer", status: random.pick([500, 502, 503]), body: "<html>bad gateway" }),
  },
  telnyx: {
    "429": () => refusal("rate_limited"),
    "5xx": (random) => refusal(random.pick(["server_error", "bad_gateway", "unavailable"])),
  },
};

function discordLimit(seconds: number): FaultEffect {
  return {
    kind: "answer",
    status: 429,
    headers: {
      "content-type": "application/json",
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-scope": "shared",
    },
    body: JSON.stringify({ message: "You are being rate limited.", retry_after: seconds, global: false }),
  };
}

export const stormsOf = (target: Target) => Object.keys(SAYINGS[target]);

/** Some of the requests to a server are refused, until the function that it returns is called. */
export function startStorm(world: World, target: Target, kind: string, random: Random): () => void {
  const saying = SAYINGS[target][kind];
  if (!saying) throw new RangeError(`no storm ${kind} at ${target}`);
  let blows = true;
  const matches: Fault["matches"] = (request) => blows && isWork(request) && random.chance(0.6);
  world[target].inject({ matches, times: Infinity, effect: saying(random) });
  return () => void (blows = false);
}

/** What a bot asks for while it works. A start that fails is another matter, and kills have plenty of those. */
function isWork({ path }: TwinRequest): boolean {
  return /chat\.|conversations\.(?:history|replies)|\/messages|\/responses|\/ai\/conversations/.test(path);
}

/** The gateway's own caprices. */
export const GATEWAY: Readonly<Record<string, (discord: DiscordTwin) => void>> = {
  drop: ({ gateway }) => gateway.drop(),
  "cut off": ({ gateway }) => gateway.drop("cut"),
  "invalid session": ({ gateway }) => gateway.invalidate(false),
  "resumable session": ({ gateway }) => gateway.invalidate(true),
  reconnect: ({ gateway }) => gateway.requestReconnect(),
  "event twice": ({ gateway }) => gateway.duplicate("MESSAGE_CREATE"),
};
