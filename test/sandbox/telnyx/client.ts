import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createParser } from "eventsource-parser";
import { expect, onTestFinished } from "vitest";
import {
  startTelnyxTwin,
  type TelnyxTwin,
  type TelnyxTwinOptions,
} from "../../../src/sandbox/telnyx/twin.ts";

export const MODEL = "zai-org/GLM-5.3";

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body's JSON; undefined where it is none. Tests look into it as they please. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
}

export type StreamEvent = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any

/** What arrived of a stream: its events, its bytes chunk by chunk, and how it ended. */
export interface Streamed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: StreamEvent[];
  /** The `event:` line of each event. */
  readonly names: (string | undefined)[];
  readonly chunks: Uint8Array[];
  readonly raw: string;
  readonly end: "end" | "cut" | "timeout";
}

export interface Client {
  readonly twin: TelnyxTwin;
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  /** Creates a conversation; its id. */
  readonly conversation: (body?: object) => Promise<string>;
  /** A Responses request without a stream. */
  readonly respond: (text: string, fields?: object) => Promise<Reply>;
  readonly stream: (text: string, fields?: object, options?: { silence?: number }) => Promise<Streamed>;
}

/** A twin that is closed after the test, and one who talks to it with its first key, or with another. */
export async function start(options: TelnyxTwinOptions = {}): Promise<Client> {
  const twin = await startTelnyxTwin(options);
  onTestFinished(() => twin.close());
  return clientOf(twin);
}

export function clientOf(twin: TelnyxTwin, apiKey = twin.apiKey): Client {
  const call: Client["call"] = async (method, path, body, headers = {}) => {
    const response = await fetch(twin.url + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: json(text) };
  };
  return {
    twin,
    call,
    conversation: async (body = {}) => {
      const { body: created } = await call("POST", "/ai/conversations", body);
      return (created.data ?? created).id;
    },
    respond: (text, fields = {}) => call("POST", "/ai/openai/responses", turn(text, fields)),
    stream: (text, fields = {}, { silence = 10_000 } = {}) =>
      readStream(`${twin.url}/ai/openai/responses`, apiKey, { ...turn(text, fields), stream: true }, silence),
  };
}

/** Waits for a condition with patience enough for a busy machine. */
export function eventually<T>(read: () => T) {
  return expect.poll(read);
}

/** A Responses body with one user message. */
export function turn(text: string, fields: object = {}): Record<string, unknown> {
  return { model: MODEL, input: [{ role: "user", content: [{ type: "input_text", text }] }], ...fields };
}

/** The text of all text deltas. */
export function textOf(events: readonly StreamEvent[]): string {
  return events
    .filter(({ type }) => type === "response.output_text.delta")
    .map(({ delta }) => delta)
    .join("");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Over node:http, because fetch joins chunks. Leaves when nothing has come for `silence` milliseconds. */
async function readStream(url: string, apiKey: string, body: object, silence: number): Promise<Streamed> {
  const asked = request(url, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
  });
  asked.end(JSON.stringify(body));
  const chunks: Uint8Array[] = [];
  let answer: IncomingMessage | undefined;
  const end = await new Promise<Streamed["end"]>((resolve) => {
    const leave = () => {
      resolve("timeout");
      asked.destroy();
    };
    let timer = setTimeout(leave, silence);
    asked.on("error", () => resolve("cut"));
    asked.on("close", () => clearTimeout(timer));
    asked.on("response", (response) => {
      answer = response;
      response.on("data", (chunk: Buffer) => {
        clearTimeout(timer);
        timer = setTimeout(leave, silence);
        chunks.push(chunk);
      });
      response.on("end", () => resolve("end"));
      response.on("error", () => resolve("cut"));
    });
  });
  const raw = Buffer.concat(chunks).toString();
  return { status: answer?.statusCode ?? 0, headers: answer?.headers ?? {}, chunks, raw, end, ...parse(raw) };
}

function parse(raw: string): Pick<Streamed, "events" | "names"> {
  const events: StreamEvent[] = [];
  const names: (string | undefined)[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      names.push(event);
      events.push((json(data) as StreamEvent | undefined) ?? { data });
    },
  });
  parser.feed(raw);
  return { events, names };
}
