/* A bot without a library: what the twin's rules are tried with. */
import { eventually } from "../../eventually.ts";
import { WebSocket } from "ws";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into any payload
  readonly body: any;
}

/** `POST /channels/1/messages`: a method, and a path below the API's version or a whole address. */
export type Line = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} ${string}`;

/** Requests as the twin's bot would send them. `headers` take the place of the usual ones; an empty one is left out. */
export async function request(
  twin: DiscordTwin,
  line: Line,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const [method = "", path = ""] = line.split(" ");
  const form = body instanceof FormData;
  const all = {
    authorization: `Bot ${twin.token}`,
    "user-agent": "DiscordBot (https://example.com, 1)",
    ...(body === undefined || form ? {} : { "content-type": "application/json" }),
    ...headers,
  };
  const response = await fetch(path.startsWith("http") ? path : `${twin.apiUrl}/v10${path}`, {
    method,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")),
    ...(body === undefined ? {} : { body: form || typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Status and error code in one, for short expectations. */
export async function outcome(twin: DiscordTwin, line: Line, body?: unknown): Promise<string> {
  const answer = await request(twin, line, body);
  const code: unknown = answer.body?.code;
  return code === undefined ? String(answer.status) : `${answer.status} ${JSON.stringify(code)}`;
}

export interface Packet {
  readonly op: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into any payload
  readonly d: any;
  readonly s: number | null;
  readonly t: string | null;
}

export interface Link {
  readonly packets: readonly Packet[];
  send(payload: unknown): void;
  /** The first packet that fits, from now or before. */
  packet(fits: (packet: Packet) => boolean): Promise<Packet>;
  /** The data of the nth event of this name. */
  event(name: string, nth?: number): Promise<Packet>;
  names(): string[];
  closed: Promise<number>;
  close(code?: number): void;
  terminate(): void;
}

/** A connection to the gateway that has said nothing yet. */
export async function connect(twin: DiscordTwin, search = "?v=10&encoding=json"): Promise<Link> {
  const socket = new WebSocket(`${twin.apiUrl.replace("http", "ws").replace("/api", "/")}${search}`);
  const packets: Packet[] = [];
  socket.on("message", (bytes: Buffer) => packets.push(JSON.parse(bytes.toString()) as Packet));
  const closed = new Promise<number>((resolve) => {
    socket.on("close", resolve);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const packet: Link["packet"] = (fits) =>
    eventually(`a packet; got ${packets.map(({ op, t }) => t ?? op).join(", ")}`, () => packets.find(fits));
  return {
    packets,
    closed,
    packet,
    send: (payload) => socket.send(typeof payload === "string" ? payload : JSON.stringify(payload)),
    event: (name, nth = 1) =>
      eventually(`${name} number ${nth}`, () => packets.filter(({ t }) => t === name)[nth - 1]),
    names: () => packets.flatMap(({ t }) => t ?? []),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  };
}

/** A connection that has identified and been greeted. */
export async function identified(twin: DiscordTwin, intents = ALL_BUT_PRESENCES): Promise<Link> {
  const link = await connect(twin);
  link.send(identify(twin, { intents }));
  await link.event("READY");
  return link;
}

/** Guilds, members, messages, reactions, typing, content; in guilds and DMs. */
const ALL_BUT_PRESENCES = [0, 1, 9, 10, 11, 12, 13, 14, 15].reduce((bits, bit) => bits | (1 << bit), 0);

export function identify(twin: DiscordTwin, data: Record<string, unknown> = {}): unknown {
  const properties = { os: "linux", browser: "test", device: "test" };
  return { op: 2, d: { token: twin.token, intents: ALL_BUT_PRESENCES, properties, ...data } };
}

/** When a packet should not come: a round trip after which it would have. */
export async function settled(link: Link): Promise<void> {
  const beats = link.packets.filter(({ op }) => op === 11).length;
  link.send({ op: 1, d: null });
  await eventually("a heartbeat's answer", () => link.packets.filter(({ op }) => op === 11).length > beats);
}
