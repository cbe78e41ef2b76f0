/* How a connection gets a session: Identify starts one, Resume takes one up again. */
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { takesToken, type Core } from "../core.ts";
import { disallowed, EVERY_INTENT, INTENT } from "../intents.ts";
import { guildCreateJson } from "../json/guild.ts";
import { applicationFlags, selfJson, type Json } from "../json/people.ts";
import { CLOSE, openConnection, type Connection } from "./connection.ts";
import { belongsToShard, dispatch, type Session } from "./session.ts";
import type { Starts } from "./starts.ts";

/** After these the session cannot be resumed: its owner ended it, or has to start a new one. */
const FINAL_CODES = [1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014];

/** What all connections share. */
export interface Lobby {
  readonly core: Core;
  readonly sessions: Map<string, Session>;
  readonly counts: { identified: number; resumed: number };
  /** When the last identifies came, by the shard's number modulo `max_concurrency`. */
  readonly identifies: Map<number, number[]>;
  readonly url: () => string;
  readonly starts: Starts;
  /** How many shards the bot should have, and whether fewer are refused. */
  sharding: { readonly count: number; readonly isRequired: boolean };
  acknowledges: boolean;
  isSilent: boolean;
}

/** Serves one WebSocket until it closes. */
export function serveConnection(lobby: Lobby, socket: WebSocket): void {
  const connection = openConnection(lobby.core, socket, {
    receive: (op, data) => {
      switch (op) {
        case 1:
          connection.beat();
          if (lobby.acknowledges) connection.send({ op: 11, d: null, s: null, t: null });
          return;
        case 2:
          return identify(lobby, connection, (data ?? {}) as Json);
        case 3:
          // A presence: there is nobody in the twin to show it to.
          if (!sessionOn(lobby, connection)) connection.close(CLOSE.notAuthenticated);
          return;
        case 6:
          return resume(lobby, connection, (data ?? {}) as Json);
        default:
          // Voice and member requests are among them: the twin does not play those.
          connection.close(CLOSE.unknownOpcode);
      }
    },
    closed: (code) => leave(lobby, connection, code),
    isSilent: lobby.isSilent,
  });
}

function sessionOn(lobby: Lobby, connection: Connection): Session | undefined {
  return [...lobby.sessions.values()].find((session) => session.connection === connection);
}

function leave(lobby: Lobby, connection: Connection, code: number): void {
  const session = sessionOn(lobby, connection);
  if (session) abandon(lobby, session, !FINAL_CODES.includes(code));
}

/** Takes the session off its connection: for a while it can be resumed, or it is over. */
export function abandon(lobby: Lobby, session: Session, resumable: boolean): void {
  const { clock, resumableMs } = lobby.core.settings;
  session.connection = undefined;
  if (!resumable) return end(lobby, session);
  session.abandoned = new AbortController();
  clock.sleep(resumableMs, session.abandoned.signal).then(
    () => lobby.sessions.delete(session.id),
    () => {
      // Somebody took it up in time.
    },
  );
}

function end(lobby: Lobby, session: Session): void {
  session.abandoned?.abort();
  lobby.sessions.delete(session.id);
}

function identify(lobby: Lobby, connection: Connection, data: Json): void {
  const { counts } = lobby;
  if (sessionOn(lobby, connection)) return connection.close(CLOSE.alreadyAuthenticated);
  const refused = identifyRefusal(lobby, data);
  if (refused !== undefined) return connection.close(refused);
  const shard = shardOf(data) ?? [0, 1];
  if (tooManyIdentifies(lobby, shard[0])) return connection.send({ op: 9, d: false, s: null, t: null });
  if (!lobby.starts.take()) return lock(lobby, connection);

  counts.identified += 1;
  const session: Session = {
    id: randomBytes(16).toString("hex"),
    intents: Number(data["intents"]),
    shard,
    events: [],
    connection,
    abandoned: undefined,
  };
  lobby.sessions.set(session.id, session);
  greet(lobby, session, data["shard"] !== undefined);
}

/** More starts than a day has: every session ends, and the token is reset (Discord, Gateway, Rate Limiting). */
function lock({ core, sessions }: Lobby, connection: Connection): void {
  core.token.isValid = false;
  for (const session of sessions.values()) session.connection?.close(CLOSE.authenticationFailed);
  connection.close(CLOSE.authenticationFailed);
}

function identifyRefusal({ core, sharding }: Lobby, data: Json): number | undefined {
  const { privilegedIntents } = core.settings;
  const intents = data["intents"];
  // discord.js sends the bare token; a "Bot " before it is taken, too.
  if (!takesToken(core, String(data["token"]).replace(/^Bot /, ""))) return CLOSE.authenticationFailed;
  if (typeof data["properties"] !== "object") return CLOSE.decodeError;
  if (data["shard"] !== undefined && !shardOf(data)) return CLOSE.invalidShard;
  if (sharding.isRequired && (shardOf(data)?.[1] ?? 1) < sharding.count) return CLOSE.shardingRequired;
  if (!areIntents(intents)) return CLOSE.invalidIntents;
  if (disallowed(intents, privilegedIntents).length > 0) return CLOSE.disallowedIntents;
  return undefined;
}

function areIntents(intents: unknown): intents is number {
  if (typeof intents !== "number" || !Number.isInteger(intents)) return false;
  return intents >= 0 && intents <= EVERY_INTENT && (intents & ~EVERY_INTENT) === 0;
}

function shardOf(data: Json): [number, number] | undefined {
  const shard: unknown = data["shard"];
  if (!Array.isArray(shard) || shard.length !== 2) return undefined;
  const [id, count] = shard as unknown[];
  if (!Number.isInteger(id) || !Number.isInteger(count)) return undefined;
  const pair: [number, number] = [Number(id), Number(count)];
  return pair[0] >= 0 && pair[0] < pair[1] ? pair : undefined;
}

function tooManyIdentifies({ core, identifies: all }: Lobby, shard: number): boolean {
  const { clock, concurrency, limited, rates } = core.settings;
  const now = clock.monotonic();
  const key = shard % concurrency;
  const identifies = all.get(key) ?? [];
  all.set(key, identifies);
  while (identifies.length > 0 && now - (identifies[0] ?? 0) >= rates.identify.windowMs) identifies.shift();
  if (limited && identifies.length >= rates.identify.count) return true;
  identifies.push(now);
  return false;
}

/** READY with the guilds as unavailable, then each guild as it becomes available. */
function greet(lobby: Lobby, session: Session, sharded: boolean): void {
  const { core } = lobby;
  const { world } = core;
  const guilds = [...world.guilds.values()].filter(
    (guild) => guild.members.has(world.bot.id) && belongsToShard(guild.id, session.shard),
  );
  const flags = applicationFlags(core.settings.privilegedIntents);
  dispatch(session, "READY", {
    v: 10,
    user_settings: {},
    user: selfJson(world.bot),
    session_type: "normal",
    session_id: session.id,
    resume_gateway_url: `${lobby.url()}/resume`,
    relationships: [],
    private_channels: [],
    presences: [],
    guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
    guild_join_requests: [],
    geo_ordered_rtc_regions: [],
    auth: {},
    ...(sharded ? { shard: session.shard } : {}),
    application: { id: world.applicationId, flags },
    _trace: [],
  });
  if (!(session.intents & INTENT.GUILDS)) return;
  for (const guild of guilds) dispatch(session, "GUILD_CREATE", guildCreateJson(world, guild));
}

/** Sends what was missed, then RESUMED. A session that is not there any more is answered with op 9. */
function resume(lobby: Lobby, connection: Connection, data: Json): void {
  const { core, counts } = lobby;
  if (sessionOn(lobby, connection)) return connection.close(CLOSE.alreadyAuthenticated);
  if (!takesToken(core, String(data["token"]).replace(/^Bot /, "")))
    return connection.close(CLOSE.authenticationFailed);
  const session = lobby.sessions.get(String(data["session_id"]));
  if (!session) return connection.send({ op: 9, d: false, s: null, t: null });
  const seen = data["seq"];
  if (typeof seen !== "number" || seen < 0 || seen > session.events.length) {
    end(lobby, session);
    return connection.close(CLOSE.invalidSeq);
  }
  // A connection that is still there is a zombie: its owner is here.
  const zombie = session.connection;
  session.connection = connection;
  zombie?.close(CLOSE.unknownError);
  session.abandoned?.abort();
  counts.resumed += 1;
  for (const packet of session.events.slice(seen)) connection.send(packet);
  dispatch(session, "RESUMED", { _trace: [] });
}
