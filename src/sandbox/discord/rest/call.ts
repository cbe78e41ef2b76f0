import type { TwinRequest } from "../../server.ts";
import type { Core } from "../core.ts";
import { can, type Permission } from "../permissions.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import type { Rates } from "../options.ts";
import type { Channel, Guild, Message } from "../world.ts";
import type { Limits } from "./limits.ts";

/** One request to a route, after authorization and limits. */
export interface Call {
  readonly core: Core;
  readonly limits: Limits;
  readonly params: Readonly<Record<string, string>>;
  readonly request: TwinRequest;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `:name` stands for one segment; `:channel` and `:guild` are the major parameters. */
  readonly path: string;
  readonly rate: keyof Rates;
  /** Routes of one bucket are counted together. Default: the method and the path. */
  readonly bucket?: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export const NO_CONTENT: Answer = { status: 204 };

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export interface File {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Body {
  readonly json: Json;
  readonly files: readonly File[];
}

/** A JSON body, or a form with `payload_json` and `files[n]` (Discord, API Reference, Uploading Files). */
export async function readBody({ request }: Call): Promise<Body> {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(request, type);
  if (type.startsWith("application/json")) return { json: parseJson(request.body.toString()), files: [] };
  if (request.body.length === 0) return { json: {}, files: [] };
  throw new Refusal(50035, {
    _errors: [
      {
        code: "CONTENT_TYPE_INVALID",
        message: "Expected \"Content-Type\" header to be one of {'application/json'}.",
      },
    ],
  });
}

async function readForm(request: TwinRequest, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(request.body), {
    headers: { "content-type": type },
  }).formData();
  const files: File[] = [];
  for (const [field, value] of form) {
    if (!/^files\[\d+\]$/.test(field) || typeof value === "string") continue;
    const bytes = Buffer.from(await value.arrayBuffer());
    files.push({
      name: value.name,
      type: value.type || "application/octet-stream",
      bytes,
    });
  }
  const payload = form.get("payload_json");
  return { json: typeof payload === "string" ? parseJson(payload) : {}, files };
}

function parseJson(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(50109);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(50109);
  return value as Json;
}

/** The channel of the path, if the bot can see it. */
export function channelOf({ core, params }: Call): Channel {
  const channel = core.world.channels.get(params["channel"] ?? "");
  if (!channel) throw new Refusal(10003);
  if (!can(core.world, core.world.bot.id, channel, "VIEW_CHANNEL")) throw new Refusal(50001);
  return channel;
}

/** The message of the path, in its channel. */
export function messageOf(call: Call, channel: Channel): Message {
  const message = channel.messages.get(call.params["message"] ?? "");
  if (!message) throw new Refusal(10008);
  return message;
}

/** The guild of the path, if the bot is in it. */
export function guildOf({ core, params }: Call): Guild {
  const guild = core.world.guilds.get(params["guild"] ?? "");
  if (!guild) throw new Refusal(10004);
  if (!guild.members.has(core.world.bot.id)) throw new Refusal(50001);
  return guild;
}

export function demand({ core }: Call, channel: Channel, ...permissions: readonly Permission[]): void {
  for (const permission of permissions)
    if (!can(core.world, core.world.bot.id, channel, permission)) throw new Refusal(50013);
}
