import { createHash } from "node:crypto";
import { DefaultUserAgent, PermissionFlagsBits, RequestMethod, Routes } from "discord.js";
import type { Attempt, SignedIn, SignIn } from "../chat/sign-in.ts";
import type { Clock } from "../clock.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Application, fetchApplication } from "./application.ts";
import { type Calls, createCalls, within } from "./calls.ts";
import type { DiscordConfig } from "./config.ts";

export interface DiscordSignInDeps {
  readonly config: DiscordConfig & { readonly clientSecret: string };
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what runs by itself. */
  readonly signal: AbortSignal;
}

const API_URL = "https://discord.com/api";
const ANSWER_MS = 15_000;
/** A person is in 200 servers at the most, and one page has as many (docs.discord.com, Get Current User Guilds). */
const PAGE = 200;
/** Discord's front door wants to know who calls (docs.discord.com, API Reference, User Agent). */
const headersOf = (token: string | undefined) => ({
  "user-agent": DefaultUserAgent,
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});

/** OAuth2 with the scopes `identify` and `guilds` (docs.discord.com, OAuth2). An application's id is its client id. */
export function createDiscordSignIn(deps: DiscordSignInDeps): SignIn {
  const { config, signal } = deps;
  const calls = createCalls(deps);
  signal.addEventListener("abort", () => calls.close(), { once: true });
  const base = (config.apiUrl ?? API_URL).replace(/\/+$/, "");
  let known: Promise<Application> | undefined;
  const application = async () => {
    known ??= fetchApplication(calls, signal);
    return known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  };
  return {
    name: "discord",
    label: "Sign in with Discord",
    begin: async ({ state, verifier, redirectUri }) => {
      const url = new URL("/oauth2/authorize", base);
      url.search = new URLSearchParams({
        response_type: "code",
        scope: "identify guilds",
        client_id: (await application()).id,
        state,
        redirect_uri: redirectUri,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      }).toString();
      return url;
    },
    finish: async (attempt, code) => {
      const client = { id: (await application()).id, secret: config.clientSecret };
      const ask = askerOf(deps, base);
      const token = await exchange(ask, client, attempt, code);
      const [user, guilds, own] = await Promise.all([
        ask("/users/@me", { token }),
        ask(`/users/@me/guilds?limit=${PAGE}`, { token }),
        guildsOfBot(calls),
      ]);
      return signedIn(user, guilds, own);
    },
  };
}

type Ask = (path: string, how: { token?: string; form?: URLSearchParams }) => Promise<unknown>;

/** By plain requests: what a person's token may do says nothing of the bot's. */
function askerOf({ clock }: DiscordSignInDeps, base: string): Ask {
  return async (path, { token, form }) => {
    const headers = headersOf(token);
    const init = form ? { method: "POST", body: form, headers } : { headers };
    // Read to its end within the time, too.
    const answer = await within({ clock, ms: ANSWER_MS }, async (signal) => {
      const response = await fetch(`${base}/v10${path}`, { ...init, redirect: "error", signal });
      return { status: response.status, text: await response.text() };
    }).catch((error: unknown) => {
      throw unavailable(asError(error).message, error);
    });
    if (answer.status === 400 || answer.status === 401 || answer.status === 403)
      throw new PatchcordError(
        "sign_in_refused",
        "Discord does not take this sign-in any more: begin anew.",
        { cause: new Error(`${path} was answered ${answer.status}`) },
      );
    if (answer.status !== 200) throw unavailable(`answered ${answer.status}`);
    try {
      return JSON.parse(answer.text) as unknown;
    } catch (error) {
      throw unavailable("answered with no JSON", error);
    }
  };
}

function unavailable(why: string, cause?: unknown): PlatformRefusal {
  return new PlatformRefusal("unavailable", "discord_sign_in_unavailable", `Sign in with Discord: ${why}`, {
    cause,
  });
}

async function exchange(
  ask: Ask,
  client: { id: string; secret: string },
  { redirectUri, verifier }: Attempt,
  code: string,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: client.id,
    client_secret: client.secret,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const { access_token: token } = (await ask("/oauth2/token", { form })) as { access_token?: unknown };
  if (typeof token !== "string") throw unavailable("gave no token");
  return token;
}

async function guildsOfBot(calls: Calls): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let after = "0"; ;) {
    const query = new URLSearchParams({ limit: String(PAGE), after });
    const page = (await calls.request({
      method: RequestMethod.Get,
      fullRoute: Routes.userGuilds(),
      query,
    })) as readonly { id: string }[];
    for (const { id } of page) found.add(id);
    const last = page.at(-1)?.id;
    if (page.length < PAGE || last === undefined) return found;
    after = last;
  }
}

interface User {
  readonly id: string;
  readonly username: string;
  readonly global_name?: string | null;
}

/** A partial guild: the person's own, with what they may do there as a number in a text. */
interface Guild {
  readonly id: string;
  readonly name: string;
  readonly owner?: boolean;
  readonly permissions?: string;
}

const MANAGES = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator;

function signedIn(user: unknown, guilds: unknown, own: ReadonlySet<string>): SignedIn {
  const { id: userId, username, global_name: shown } = user as User;
  const workspaces = (guilds as readonly Guild[])
    .filter(({ id }) => own.has(id))
    .map(({ id, name, owner, permissions = "0" }) => ({
      id,
      name,
      manages: owner === true || (BigInt(permissions) & MANAGES) !== 0n,
    }));
  return { platform: "discord", userId, name: shown ?? username, workspaces };
}
