import type { TwinRequest } from "../../server.ts";
import { SlackRefusal, type Args } from "./method.ts";

/** What a request says, before it is known which method takes it. */
export interface Said {
  readonly args: Args;
  readonly token: string | undefined;
  /** The arguments came as a JSON body. */
  readonly json: boolean;
  readonly warnings: readonly string[];
}

/** Reads a Web API request: query, form or JSON body, and the token wherever Slack takes it. Throws `SlackRefusal`. */
export function readRequest(request: TwinRequest): Said {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").split(";");
  const bearer = /^Bearer\s+(\S+)$/iu.exec(request.headers["authorization"] ?? "")?.[1];
  const query = Object.fromEntries(request.query);
  const text = request.body.toString("utf8");
  const kind = type.trim().toLowerCase();
  if (request.method !== "POST" || text === "") return withToken(query, bearer);
  if (kind === "") throw new SlackRefusal("missing_post_type");
  if (kind === "application/json") {
    const hasCharset = parameters.some((one) => /charset=utf-8/iu.test(one));
    const warnings = hasCharset ? [] : ["missing_charset"];
    return { args: readJson(text), token: bearer, json: true, warnings };
  }
  if (kind !== "application/x-www-form-urlencoded") throw new SlackRefusal("invalid_post_type");
  return withToken({ ...query, ...Object.fromEntries(new URLSearchParams(text)) }, bearer);
}

/** A token in a form counts, one in a JSON body does not (docs.slack.dev, Using the Web API). */
function withToken(fields: Readonly<Record<string, string>>, bearer: string | undefined): Said {
  const { token, ...args } = fields;
  return { args, token: bearer ?? token, json: false, warnings: [] };
}

function readJson(text: string): Args {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SlackRefusal("invalid_json");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SlackRefusal("json_not_object");
  return value as Args;
}
