import { afterEach, beforeEach } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { SlackTwin, SlackTwinOptions } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { SlackConfig } from "../../src/slack/config.ts";
import { createMissed } from "../../src/slack/missed.ts";
import { createDirectory } from "../../src/slack/names.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { createWeb, type SlackWeb } from "../../src/slack/web.ts";
import type { Json } from "../../src/slack/json.ts";
import { keptLog } from "./kit.ts";

export interface Ask {
  readonly since: number;
  readonly places?: readonly Place[];
  readonly signal?: AbortSignal;
}

export interface MissedBench {
  twin: SlackTwin;
  ada: string;
  /** Begins a twin of another kind. */
  readonly again: (options: SlackTwinOptions) => Promise<void>;
  /** An adapter's reading, and what the operator is told of it. */
  readonly reader: (options?: {
    readonly config?: Partial<Pick<SlackConfig, "dm" | "answers">>;
    readonly clock?: Clock;
    readonly web?: (web: SlackWeb) => SlackWeb;
  }) => {
    readonly missed: (ask: Ask) => AsyncGenerator<Message>;
    readonly read: (ask: Ask) => Promise<Message[]>;
    readonly lines: readonly Json[];
    readonly warnings: () => readonly unknown[];
  };
  readonly place: (channel: string, threadTs?: string) => Place;
  readonly calls: (method: string) => number;
  /** A time after all that was posted so far, and before all that comes. */
  readonly moment: () => Promise<number>;
}

/** A twin, and readings of what was missed on it. */
export function useMissed(options: SlackTwinOptions = {}): MissedBench {
  const open = async (more: SlackTwinOptions) => {
    bench.twin = await startSlackTwin({ limits: "off", delivery: { retryAfterMs: [] }, ...more });
    bench.ada = bench.twin.addUser({ name: "ada", displayName: "Ada" });
  };
  beforeEach(() => open(options));
  afterEach(() => bench.twin.close());
  const bench: MissedBench = {
    // Made before each test.
    twin: undefined as unknown as SlackTwin,
    ada: "",
    again: async (more) => {
      await bench.twin.close();
      await open(more);
    },
    reader: ({ config = {}, clock = systemClock, web: wrap = (web: SlackWeb) => web } = {}) => {
      const { twin } = bench;
      const { log, lines } = keptLog();
      const web = wrap(createWeb({ botToken: twin.botToken, apiUrl: twin.apiUrl, log }));
      const { userId: botUserId, botId, name: botName } = twin.bot;
      const self = { team: twin.team.id, teamName: twin.team.name, botUserId, botId, botName };
      const directory = createDirectory({ web, clock, log, self: () => undefined });
      const ask = createMissed({ web, self, directory, clock, log, config: { dm: "threads", ...config } });
      const missed = ({ since, places = [], signal = new AbortController().signal }: Ask) =>
        ask({ part: "", since, places, signal });
      return {
        missed,
        read: async (query) => {
          const messages: Message[] = [];
          for await (const message of missed(query)) messages.push(message);
          return messages;
        },
        lines,
        warnings: () => lines.filter(({ level }) => Number(level) >= 40).map(({ msg }) => msg),
      };
    },
    place: (channel, threadTs) =>
      encodePlace({ team: bench.twin.team.id, channel, ...(threadTs === undefined ? {} : { threadTs }) }),
    calls: (method) => bench.twin.calls.filter((call) => call.method === method).length,
    moment: async () => {
      const now = Date.now();
      while (Date.now() < now + 4) await new Promise((resolve) => setImmediate(resolve));
      return now + 2;
    },
  };
  return bench;
}
