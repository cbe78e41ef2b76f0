import type { ServerResponse } from "node:http";
import { sendJson, type TwinRequest } from "../server.ts";
import type { SlackTokens } from "./contract.ts";
import type { SlackCall } from "./types.ts";

export interface Tokens {
  readonly face: SlackTokens;
  /** Answers a request whose token is refused, and keeps a record of it. False: it is none of those. */
  readonly refuse: (
    request: TwinRequest,
    response: ServerResponse,
    record: (call: SlackCall) => void,
  ) => boolean;
}

/** Which of the app's tokens Slack takes. A refusal is HTTP 200 with a code, as any other of Slack's. */
export function createTokens({ botToken, appToken }: { botToken: string; appToken: string }): Tokens {
  const named = { bot: botToken, app: appToken };
  const refused = new Map<string, string>();
  return {
    face: {
      refuseToken: (token, code = "token_revoked") => void refused.set(`Bearer ${named[token]}`, code),
      acceptToken: (token) => void refused.delete(`Bearer ${named[token]}`),
    },
    refuse: (request, response, record) => {
      const code = refused.get(request.headers["authorization"] ?? "");
      if (code === undefined) return false;
      const answer = { ok: false, error: code };
      record({ method: request.path.replace("/api/", ""), args: {}, status: 200, answer, at: request.at });
      sendJson(response, 200, answer);
      return true;
    },
  };
}
