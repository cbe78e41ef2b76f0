import { createHash, randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { TwinRequest } from "./server.ts";

/** An app that people may sign in to. */
export interface OAuthApp {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a code was given for. */
export interface Granted {
  readonly user: string;
  readonly scopes: readonly string[];
  readonly nonce?: string;
}

export interface OAuth {
  /** The consent page; with `as`, that person's consent: back to the app with a code. */
  readonly authorize: (request: TwinRequest, response: ServerResponse, people: readonly Person[]) => void;
  /** Spends a code. What is wrong, in the words of RFC 6749, 5.2. */
  readonly redeem: (form: Readonly<Record<string, string>>) => Granted | OAuthProblem;
}

export type OAuthProblem = "invalid_client" | "invalid_grant" | "unsupported_grant_type" | "invalid_request";

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** RFC 6749, 4.1.2: ten minutes at the most. */
const CODE_MS = 10 * 60_000;

interface Issued extends Granted {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly until: number;
}

/** The server's side of an authorization code with PKCE, as strict as RFC 6749 and RFC 7636. */
export function createOAuth(app: OAuthApp, clock: Clock): OAuth {
  const codes = new Map<string, Issued>();
  return {
    authorize: ({ path, query }, response, people) => {
      const wish = Object.fromEntries(query);
      const { client_id, response_type, redirect_uri = "", state = "", code_challenge = "", nonce } = wish;
      const method = wish["code_challenge_method"];
      // Where the address back is not sure, nobody is sent there.
      if (client_id !== app.clientId || !isBack(redirect_uri))
        return refuse(response, "client_id or redirect_uri");
      if (response_type !== "code" || (code_challenge !== "" && method !== "S256"))
        return refuse(response, "response_type or code_challenge_method");
      const as = people.find(({ id }) => id === wish["as"]);
      if (!as) return page(response, consent(app, { path, wish, people }));
      const code = randomBytes(24).toString("base64url");
      codes.set(code, {
        user: as.id,
        scopes: (wish["scope"] ?? "").split(" "),
        redirectUri: redirect_uri,
        challenge: code_challenge,
        until: clock.now() + CODE_MS,
        ...(nonce !== undefined && { nonce }),
      });
      const back = new URL(redirect_uri);
      back.searchParams.set("code", code);
      back.searchParams.set("state", state);
      response.writeHead(302, { location: back.href }).end();
    },
    redeem: ({ grant_type, client_id, client_secret, code = "", redirect_uri, code_verifier = "" }) => {
      if (client_id !== app.clientId || client_secret !== app.clientSecret) return "invalid_client";
      if (grant_type !== "authorization_code") return "unsupported_grant_type";
      const issued = codes.get(code);
      // Once, whatever comes of it.
      codes.delete(code);
      if (!issued || issued.until < clock.now() || issued.redirectUri !== redirect_uri)
        return "invalid_grant";
      const challenge = createHash("sha256").update(code_verifier).digest("base64url");
      if (issued.challenge !== "" && issued.challenge !== challenge) return "invalid_grant";
      return issued;
    },
  };
}

/** An https address, or one on this machine. */
function isBack(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  return (
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname))
  );
}

function refuse(response: ServerResponse, what: string): void {
  response.writeHead(400, { "content-type": "text/plain" }).end(`This sign-in is not right: ${what}.`);
}

function page(response: ServerResponse, html: string): void {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
  };
  response.writeHead(200, headers).end(html);
}

function consent(
  app: OAuthApp,
  { path, wish, people }: { path: string; wish: Readonly<Record<string, string>>; people: readonly Person[] },
): string {
  const kept = Object.entries(wish).map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  const buttons = people.map(
    ({ id, name }) => `<p><button name="as" value="${escape(id)}">${escape(name)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in to ${escape(app.name)} as</h1>
<form action="${escape(path)}">${kept.join("")}${buttons.join("")}</form></main></html>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
