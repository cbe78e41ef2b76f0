import { createHash } from "node:crypto";
import type { Attempt, SignedIn, SignIn } from "../chat/sign-in.ts";
import type { Clock } from "../clock.ts";
import { PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { manages } from "./commands.ts";
import { identify } from "./identify.ts";
import { type Json, record, text } from "./json.ts";
import { createWeb, type SlackWeb } from "./web.ts";

export interface SlackSignInDeps {
  readonly config: {
    readonly botToken: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** As in `SlackConfig`. */
    readonly apiUrl?: string;
  };
  readonly clock: Clock;
  readonly log: Log;
}

/** Who signs Slack's tokens, wherever its API is reached (docs.slack.dev, Sign in with Slack). */
const ISSUER = "https://slack.com";
const API_URL = "https://slack.com/api/";
/** How much Slack's clock and ours may differ. */
const SKEW_S = 60;

/** Sign in with Slack (docs.slack.dev): OpenID Connect, for the one workspace that the bot is in. */
export function createSlackSignIn({ config, clock, log }: SlackSignInDeps): SignIn {
  const { apiUrl, clientId } = config;
  const bot = createWeb({ botToken: config.botToken, apiUrl, log });
  const nobody = createWeb({ botToken: undefined, apiUrl, log });
  return {
    name: "slack",
    label: "Sign in with Slack",
    begin: async ({ state, nonce, verifier, redirectUri }) => {
      const { self } = await identify(bot);
      const url = new URL("/openid/connect/authorize", apiUrl ?? API_URL);
      url.search = new URLSearchParams({
        response_type: "code",
        scope: "openid profile",
        client_id: clientId,
        state,
        nonce,
        team: self.team,
        redirect_uri: redirectUri,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      }).toString();
      return url;
    },
    finish: async (attempt, code) => {
      const { self } = await identify(bot);
      const claims = claimsIn(await exchange(nobody, config, attempt, code));
      const wrong = problemOf(claims, { clientId, nonce: attempt.nonce, nowS: clock.now() / 1000 });
      if (wrong !== undefined)
        throw refused(`Slack's answer is not for this sign-in (${wrong}): begin anew.`);
      const userId = text(claims["https://slack.com/user_id"]);
      if (userId === undefined || claims["https://slack.com/team_id"] !== self.team)
        throw refused(`You signed in to another Slack workspace than ${self.teamName ?? "the bot's"}.`);
      return signedIn(bot, { id: self.team, name: self.teamName ?? self.team }, userId);
    },
  };
}

async function signedIn(
  bot: SlackWeb,
  team: { id: string; name: string },
  userId: string,
): Promise<SignedIn> {
  const user = record((await bot.call("users.info", { user: userId }))["user"]);
  if (user["deleted"] === true || user["is_bot"] === true) throw refused("This Slack account is not active.");
  const profile = record(user["profile"]);
  const name = text(profile["display_name"]) ?? text(profile["real_name"]) ?? text(user["name"]) ?? userId;
  return { platform: "slack", userId, name, workspaces: [{ ...team, manages: manages(user, team.id) }] };
}

/** The token's text. The code is spent, whatever comes of it. */
async function exchange(
  web: SlackWeb,
  { clientId, clientSecret }: SlackSignInDeps["config"],
  { redirectUri, verifier }: Attempt,
  code: string,
): Promise<string> {
  try {
    const answer = await web.call("openid.connect.token", {
      grant_type: "authorization_code",
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    return text(answer["id_token"]) ?? "";
  } catch (error) {
    if (error instanceof PlatformRefusal && error.kind === "rejected")
      throw refused("Slack does not take this sign-in any more: begin anew.", error);
    throw error;
  }
}

/**
 * What an id token says. Its signature need not be looked at, since it comes from Slack itself over TLS (OpenID Connect Core 3.1.3.7, 6);
 * everything else is.
 */
function claimsIn(token: string): Json {
  try {
    return record(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
  } catch {
    return {};
  }
}

function problemOf(
  { iss, aud, nonce, exp }: Json,
  expected: { clientId: string; nonce: string; nowS: number },
): string | undefined {
  if (iss !== ISSUER) return "iss";
  if (aud !== expected.clientId) return "aud";
  if (nonce !== expected.nonce) return "nonce";
  if (typeof exp !== "number" || exp + SKEW_S < expected.nowS) return "exp";
  return undefined;
}

function refused(message: string, cause?: unknown): PatchcordError {
  return new PatchcordError("sign_in_refused", message, { cause });
}
