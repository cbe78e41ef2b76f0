import { until } from "../../eventually.ts";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { LogLevel, WebClient, type Logger } from "@slack/web-api";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import type { SlackTwin, SlackTwinOptions } from "../../../src/sandbox/slack/contract.ts";
import type { SlackUtterance } from "../../../src/sandbox/slack/types.ts";
import { startSlackTwin } from "../../../src/sandbox/slack/twin.ts";

export type Json = Record<string, unknown>;

export interface Scene {
  readonly twin: SlackTwin;
  readonly ann: string;
  readonly bob: string;
  /** A public channel with the bot, ann and bob in it. */
  readonly harbour: string;
}

/** What is closed after each test of the file that calls it. */
export function useScenes(): {
  scene: (options?: SlackTwinOptions) => Promise<Scene>;
  closing: (end: () => unknown) => void;
} {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const closing = (end: () => unknown) => void ends.push(end);
  return {
    closing,
    scene: async (options = {}) => {
      const twin = await startSlackTwin({ limits: "off", ...options });
      closing(() => twin.close());
      const ann = twin.addUser({ name: "ann", realName: "Ann Fisher" });
      const bob = twin.addUser({ name: "bob" });
      return { twin, ann, bob, harbour: twin.addChannel({ name: "harbour", topic: "Boats & tides" }) };
    },
  };
}

/** The inner events that went out so far, each once. */
export function sent(twin: SlackTwin): readonly Json[] {
  const first = twin.deliveries.filter(({ attempt }) => attempt === 0);
  return first.map(({ payload }) => payload["event"] as Json);
}

/** Each sent event as its subtype, or type where it has none. */
export function kinds(twin: SlackTwin): readonly unknown[] {
  return sent(twin).map((event) => event["subtype"] ?? event["type"]);
}

export const MENTION = "@patchcord how deep is the lake?";

/** Ann speaks in the harbour, unless `more` says otherwise. */
export function say({ twin, harbour, ann }: Scene, text: string, more: Partial<SlackUtterance> = {}): string {
  return twin.say({ channel: harbour, user: ann, text, ...more });
}

/** Another app's bot, in the harbour. */
export function withKettle({ twin, harbour }: Scene): string {
  const kettle = twin.addBot("kettle");
  twin.addToChannel(harbour, kettle.userId);
  return kettle.userId;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** A Web API call without any SDK: form-encoded, objects as JSON. */
export async function call(
  twin: SlackTwin,
  method: string,
  args: Json = {},
  token = twin.botToken,
): Promise<Answer> {
  const fields = Object.entries(args).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const authorization: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(twin.apiUrl + method, {
    method: "POST",
    headers: { ...authorization, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** The error code of a call, or `ok`. */
export async function codeOf(
  twin: SlackTwin,
  method: string,
  args: Json = {},
  token?: string,
): Promise<unknown> {
  const { body } = await call(twin, method, args, token);
  return body["ok"] === true ? "ok" : body["error"];
}

/** Posts as the bot, and returns the message's ts. */
export async function postAs(twin: SlackTwin, args: Json): Promise<string> {
  const { body } = await call(twin, "chat.postMessage", args);
  if (body["ok"] !== true) throw new Error(`chat.postMessage: ${JSON.stringify(body)}`);
  return body["ts"] as string;
}

export function webClient(twin: SlackTwin): WebClient {
  return new WebClient(twin.botToken, {
    slackApiUrl: twin.apiUrl,
    logger: quiet,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

export interface RawSocket {
  readonly socket: WebSocket;
  /** Everything that came, `hello` first. */
  readonly messages: readonly Json[];
  readonly envelopes: () => readonly Json[];
  readonly closed: () => boolean;
  readonly ack: (envelope: Json) => void;
}

/** A Socket Mode connection by hand. */
export async function openSocket(twin: SlackTwin): Promise<RawSocket> {
  const { body } = await call(twin, "apps.connections.open", {}, twin.appToken);
  const socket = new WebSocket(body["url"] as string);
  const messages: Json[] = [];
  let closed = false;
  socket.on("message", (data) => messages.push(JSON.parse((data as Buffer).toString()) as Json));
  socket.on("close", () => (closed = true));
  socket.on("error", () => undefined);
  await until("the first word on a socket", () => messages.length > 0 || closed);
  return {
    socket,
    messages,
    envelopes: () => messages.filter((message) => "envelope_id" in message),
    closed: () => closed,
    ack: (envelope) => socket.send(JSON.stringify({ envelope_id: envelope["envelope_id"], payload: {} })),
  };
}

export interface Heard {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What an app's HTTP endpoint says to a request: a status and headers, nothing at all, or the end. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "stall"
  | "cut";

/** An app's event endpoint by hand. It answers the challenge itself. */
export async function openEndpoint(
  closing: (end: () => unknown) => void,
  reply: (heard: Heard, count: number) => Reply,
): Promise<{ url: string; heard: readonly Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body = Buffer.concat(chunks as Buffer[]).toString();
      const json = JSON.parse(body) as Json;
      if (json["type"] === "url_verification") {
        response.end(JSON.stringify({ challenge: json["challenge"] }));
        return;
      }
      const one = { headers: request.headers, body };
      heard.push(one);
      const said = reply(one, heard.length);
      if (said === "cut") request.socket.destroy();
      else if (said !== "stall") response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, heard };
}
