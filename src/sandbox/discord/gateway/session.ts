import type { Core, Dispatch } from "../core.ts";
import { INTENT, intentsFor } from "../intents.ts";
import { can } from "../permissions.ts";
import type { Json } from "../json/people.ts";
import type { Connection } from "./connection.ts";

export interface Packet {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

/** What a bot identified for: it outlives its connections, and keeps every event for a resume. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** Every event so far, in the order of their numbers: the first has number 1. */
  readonly events: Packet[];
  /** Where events go now. */
  connection: Connection | undefined;
  /** Aborted when a connection takes the session up again. */
  abandoned: AbortController | undefined;
}

/** Numbers the event, keeps it as it is now, and sends it if there is a connection. */
export function dispatch(session: Session, name: string, data: unknown): void {
  const packet = { op: 0, d: data, s: session.events.length + 1, t: name };
  session.events.push(packet);
  session.connection?.send(packet);
}

/** What this session is sent of an event. Undefined: it is not meant for it. */
export function meantFor(core: Core, session: Session, event: Dispatch): Json | undefined {
  const { world } = core;
  const needs = event.intents ?? intentsFor(event.name, event.guildId !== undefined);
  if (needs !== 0 && !(session.intents & needs)) return undefined;
  const guild = world.guilds.get(event.guildId ?? "");
  if (guild && !guild.members.has(world.bot.id)) return undefined;
  if (!belongsToShard(event.guildId, session.shard)) return undefined;
  if (event.channel && !can(world, world.bot.id, event.channel, "VIEW_CHANNEL")) return undefined;
  return event.data({ ...core.eye, readsContent: (session.intents & INTENT.MESSAGE_CONTENT) !== 0 });
}

/** Discord, Gateway, Sharding Formula. What is in no guild goes to the first shard. */
export function belongsToShard(guildId: string | undefined, shard: readonly [number, number]): boolean {
  const [id, count] = shard;
  return guildId === undefined ? id === 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)) === id;
}
