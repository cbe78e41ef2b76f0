import type { ServerResponse } from "node:http";
import { createOAuth } from "../oauth.ts";
import { sendJson, type TwinRequest } from "../server.ts";
import type { World } from "./world.ts";

/** Sign in with Slack: the consent page and the token (docs.slack.dev, Sign in with Slack; openid.connect.token). */
export interface OpenId {
  /** Answers what is its own. */
  readonly answer: (request: TwinRequest, response: ServerResponse) => boolean;
}

export const CLIENT = { clientId: "1000000000.2000000000", clientSecret: "twin-client-secret" };
/** Slack's tokens are good for five minutes by their claims. */
const TOKEN_S = 300;
/** What openid.connect.token calls it. */
const CODES = {
  invalid_client: "bad_client_secret",
  invalid_grant: "invalid_code",
  unsupported_grant_type: "invalid_grant_type",
  invalid_request: "invalid_request",
} as const;

export function createOpenId(world: World): OpenId {
  const oauth = createOAuth({ ...CLIENT, name: world.bot.name }, world.clock);
  const people = () => [...world.users.values()].filter(({ bot }) => bot === undefined);

  const token = (request: TwinRequest, response: ServerResponse) => {
    const granted = oauth.redeem(Object.fromEntries(new URLSearchParams(request.body.toString())));
    if (typeof granted === "string") return sendJson(response, 200, { ok: false, error: CODES[granted] });
    const { user, nonce } = granted;
    const at = Math.floor(world.clock.now() / 1000);
    const claims = {
      iss: "https://slack.com",
      sub: user,
      aud: CLIENT.clientId,
      exp: at + TOKEN_S,
      iat: at,
      auth_time: at,
      nonce,
      "https://slack.com/team_id": world.team.id,
      "https://slack.com/user_id": user,
      name: world.users.get(user)?.realName,
    };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const id_token = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
    sendJson(response, 200, {
      ok: true,
      access_token: "xoxp-twin",
      token_type: "Bearer",
      id_token,
      state: "",
    });
  };

  return {
    answer: (request, response) => {
      if (request.path === "/openid/connect/authorize") oauth.authorize(request, response, people());
      else if (request.path === "/api/openid.connect.token") token(request, response);
      else return false;
      return true;
    },
  };
}
