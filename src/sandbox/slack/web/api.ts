import type { ServerResponse } from "node:http";
import { sendJson, type TwinRequest } from "../../server.ts";
import type { SlackBlock, SlackCall } from "../types.ts";
import type { RateLimits } from "../limits.ts";
import { agentMethods } from "./agent.ts";
import { readRequest, type Said } from "./args.ts";
import { chatMethods } from "./chat.ts";
import { conversationMethods } from "./conversations.ts";
import { fileMethods } from "./files.ts";
import { historyMethods } from "./history.ts";
import { invalid, missingScope, SlackRefusal, textArg, type Call, type Method } from "./method.ts";
import { sessionMethods } from "./session.ts";
import { signMethods } from "./signs.ts";
import { streamMethods } from "./stream.ts";

const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...sessionMethods,
    ...chatMethods,
    ...streamMethods,
    ...fileMethods,
    ...conversationMethods,
    ...historyMethods,
    ...signMethods,
    ...agentMethods,
  }),
);

/** Every scope that a bot token needs for the twin's methods. */
export const METHOD_SCOPES: readonly string[] = [...METHODS.values()]
  .filter((method) => method.token === "bot")
  .flatMap((method) => method.scopes);

export interface ApiDeps extends Omit<Call, "method" | "args"> {
  readonly botToken: string;
  readonly appToken: string;
  readonly limits: RateLimits;
  readonly record: (call: SlackCall) => void;
}

interface Answer {
  readonly status: number;
  readonly body: SlackBlock;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request to `/api/<method>`, and keeps a record of it. */
export function answerApi(deps: ApiDeps, request: TwinRequest, response: ServerResponse): void {
  const name = /^\/api\/(.+)$/u.exec(request.path)?.[1];
  if (name === undefined) return sendJson(response, 404, { ok: false });
  let args = {};
  let answer: Answer;
  try {
    const said = readRequest(request);
    args = said.args;
    answer = perform(deps, name, said, request.method);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    answer = { status: 200, body: { ok: false, error: error.code, ...error.detail } };
  }
  deps.record({ method: name, args, status: answer.status, answer: answer.body, at: request.at });
  sendJson(response, answer.status, answer.body, answer.headers);
}

function perform(deps: ApiDeps, name: string, said: Said, verb: string): Answer {
  const method = METHODS.get(name);
  if (!method) throw new SlackRefusal("unknown_method", { req_method: name });
  // docs.slack.dev, apps.connections.open, error insecure_request.
  if (method.token === "app" && verb !== "POST") throw new SlackRefusal("insecure_request");
  authorize(deps, method, said);
  const wait = deps.limits.take(name, method.limit, textArg(said.args, "channel"));
  if (wait > 0) {
    return {
      status: 429,
      body: { ok: false, error: "ratelimited" },
      headers: { "retry-after": String(wait) },
    };
  }
  const args = said.json && !method.json ? {} : said.args;
  const missing = method.required.filter((one) => args[one] === undefined || args[one] === "");
  if (missing.length) {
    throw invalid("invalid_arguments", ...missing.map((one) => `missing required field: ${one}`));
  }
  const result = method.run({ ...deps, method: name, args });
  return {
    status: 200,
    body: withWarnings({ ok: true, ...result }, said.warnings),
    headers: {
      ...(method.token === "bot" ? { "x-oauth-scopes": [...deps.scopes].join(",") } : {}),
      "x-accepted-oauth-scopes": method.scopes.join(","),
    },
  };
}

function authorize(deps: ApiDeps, method: Method, { token }: Said): void {
  if (token === undefined) throw new SlackRefusal("not_authed");
  if (token !== deps.botToken && token !== deps.appToken) throw new SlackRefusal("invalid_auth");
  const expected = method.token === "app" ? deps.appToken : deps.botToken;
  if (token !== expected) throw new SlackRefusal("not_allowed_token_type");
  // The app-level token has its one scope; it is not among the bot's.
  if (method.token === "app" || method.scopes.length === 0) return;
  if (method.scopes.some((scope) => deps.scopes.has(scope))) return;
  throw missingScope(deps.scopes, ...method.scopes);
}

/** Adds the warnings about the request to those of the method. */
function withWarnings(body: SlackBlock, added: readonly string[]): SlackBlock {
  if (!added.length) return body;
  const metadata = (body["response_metadata"] ?? {}) as { readonly warnings?: readonly string[] };
  const warnings = [...(metadata.warnings ?? []), ...added];
  return { ...body, warning: warnings.join(","), response_metadata: { ...metadata, warnings } };
}
