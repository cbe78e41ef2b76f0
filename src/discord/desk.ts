import type { Client } from "discord.js";
import type { Clock } from "../clock.ts";
import type { Calls } from "./calls.ts";
import { createClient, optionsOf } from "./client.ts";

/** What was learnt about a guild by asking is taken for true so long: nobody tells when it changes. */
const TRUST_MS = 600_000;

/** Knows guilds without listening to them: for what is at shards of other processes. */
export interface Desk {
  /** The client, once it knows the guild's channels and roles. Throws what discord.js throws. */
  learn(guild: string | undefined): Promise<Client>;
}

export function createDesk({ calls, clock, userId }: { calls: Calls; clock: Clock; userId: string }): Desk {
  const learnt = new Map<string, number>();
  let client: Client | undefined;

  return {
    async learn(guild) {
      client ??= createClient(calls, optionsOf({ userId, readsContent: false }));
      const now = clock.monotonic();
      if (guild === undefined || now - (learnt.get(guild) ?? -Infinity) < TRUST_MS) return client;
      const known = await client.guilds.fetch({ guild, force: true, withCounts: false });
      await known.channels.fetch();
      learnt.set(guild, now);
      return client;
    },
  };
}
