import { createExclusive } from "../bridge/exclusive.ts";
import type { Links } from "../chat/links.ts";
import type { Exclusive, Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { discordConfig, slackConfig } from "../config/platforms.ts";
import type { Log } from "../log.ts";
import { type Opened, openDatabase } from "../store/open.ts";
import { createTelnyx } from "../telnyx/client.ts";
import { links } from "./links.ts";

export interface AppDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the start is not wanted any more: what has been started is stopped, and the start rejects with its reason. */
  readonly unwanted?: AbortSignal;
}

export interface PlatformDeps extends AppDeps {
  /** For connections of which a bot may have one. */
  readonly exclusive: Exclusive;
}

/** What the bridge stands between. Tests put something of their own before or in place of each. */
export interface Parts {
  readonly openDatabase: (config: Config, deps: AppDeps) => Promise<Opened>;
  readonly openTelnyx: (config: Config, deps: AppDeps) => ReturnType<typeof createTelnyx>;
  readonly openPlatforms: (config: Config, deps: PlatformDeps) => Promise<readonly Platform[]>;
  readonly links: Links;
}

export const REAL: Parts = {
  links,
  openDatabase: ({ env }, { log, clock }) => openDatabase({ url: env.DATABASE_URL, log, clock }),
  openTelnyx: ({ env }, { log, clock }) =>
    createTelnyx({ baseUrl: env.TELNYX_BASE_URL, apiKey: env.TELNYX_API_KEY, clock, log }),
  // A platform's SDK is a good part of what a start loads: not that of one where the bot is not.
  openPlatforms: async (config, deps) => {
    const platforms: Platform[] = [];
    const slack = slackConfig(config);
    if (slack) {
      const { createSlack } = await import("../slack/slack.ts");
      platforms.push(createSlack({ ...deps, config: slack }));
    }
    const discord = discordConfig(config);
    if (discord) {
      const { createDiscord } = await import("../discord/discord.ts");
      platforms.push(createDiscord({ ...deps, config: discord }));
    }
    return platforms;
  },
};

/** The rights that all processes on this database share. */
export const exclusiveOn = ({ replicas }: Opened, deps: AppDeps): Exclusive =>
  createExclusive({ ...deps, leases: replicas.leases });
