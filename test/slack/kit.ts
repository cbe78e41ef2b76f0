import { createLog, type Log } from "../../src/log.ts";
import type { Json } from "../../src/slack/json.ts";
import type { SlackWeb } from "../../src/slack/web.ts";
import type { ChannelName, Names } from "../../src/slack/words.ts";
import { createWords } from "../../src/slack/words.ts";
import type { Identity, ParseContext } from "../../src/slack/parse.ts";

/** A workspace for the pure parts: U1 is Ada, C1 is #general, U0BOT is the bot. */
export const self: Identity = {
  team: "T1",
  teamName: "Acme",
  botUserId: "U0BOT",
  botId: "B0BOT",
  botName: "patchcord",
};

export function namesOf(
  users: Readonly<Record<string, string>> = { U1: "Ada", U2: "Bob" },
  channels: Readonly<Record<string, ChannelName>> = { C1: { name: "general", kind: "public", topic: "All" } },
): Names {
  return {
    user: (id) => (Object.hasOwn(users, id) ? users[id] : undefined),
    channel: (id) => (Object.hasOwn(channels, id) ? channels[id] : undefined),
  };
}

export const words = createWords(namesOf(), self.botUserId);
export const context: ParseContext = { self, dm: "threads", names: namesOf() };

/** An event's body around a message of U1 in C1. */
export function bodyOf(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const message = { type: "message", channel: "C1", channel_type: "channel", user: "U1", text: "hello" };
  return {
    type: "event_callback",
    team_id: "T1",
    event_id: "Ev1",
    event: { ...message, ts: "1700000000.000100", ...event },
  };
}

export interface FakeWeb extends SlackWeb {
  readonly calls: { readonly method: string; readonly args: Json }[];
}

/** A Web API that answers what `answers` says for a method, and throws what is thrown there. */
export function fakeWeb(
  answers: Readonly<Record<string, (args: Json, count: number) => Promise<Json> | Json>>,
): FakeWeb {
  const calls: { method: string; args: Json }[] = [];
  return {
    calls,
    call: async (method, args = {}) => {
      calls.push({ method, args });
      const answer = answers[method];
      if (!answer) throw new Error(`nobody said what ${method} answers`);
      return answer(args, calls.filter((call) => call.method === method).length);
    },
  };
}

/** A log that keeps its lines. */
export function keptLog(): { readonly log: Log; readonly lines: Json[] } {
  const lines: Json[] = [];
  const log = createLog("debug", [], { write: (line) => void lines.push(JSON.parse(line) as Json) });
  return { log, lines };
}
