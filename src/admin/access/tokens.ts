import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { PatchcordError } from "../../errors.ts";
import type { StoredToken, Tokens } from "../../store/tokens.ts";
import type { Recorder } from "../audit.ts";
import { demand, type Grant, mustSeeAll, type Right, type Viewer } from "../viewer.ts";
import { GRANTABLE } from "./people.ts";
import { whereOf } from "./where.ts";

/** What a token may be given a right to, besides looking. None may make others. */
export const TOKEN_RIGHTS = [...GRANTABLE, "sync"] as const satisfies readonly Right[];

export interface TokenRequest {
  /** How the audit names it: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** A query, as `whereOf` takes it. */
  readonly where: string;
  readonly reads: Grant["reads"];
  readonly private: boolean;
  readonly rights: readonly (typeof TOKEN_RIGHTS)[number][];
  /** Milliseconds from now. Absent: it never ends. */
  readonly lastsMs?: number;
}

/** The tokens by which programs use the API. Throws as `Admin` does. */
export interface TokenDesk {
  /** Makes one. What is returned as `secret` is told this once. Needs the right `tokens`. Throws `token_invalid`, and `QueryError`. */
  createToken(
    viewer: Viewer,
    request: TokenRequest,
  ): Promise<{ readonly secret: string; readonly token: StoredToken }>;
  /** The newest first, also those that are revoked or over. Needs the right `tokens`. */
  tokens(viewer: Viewer): Promise<readonly StoredToken[]>;
  /** Revokes one by its name. Undefined: there is none that is not revoked. Needs the right `tokens`. */
  revokeToken(viewer: Viewer, name: string): Promise<StoredToken | undefined>;
}

export interface TokenDeps {
  readonly tokens: Tokens;
  readonly recorder: Recorder;
  readonly clock: Clock;
}

/** Tells a token from anything else, so that it is found where it should not be. */
const MARK = "pc_";
/** Nobody guesses so many random bytes, so that a plain hash of them is enough. */
const SECRET_BYTES = 32;
/** The mark and 48 of the token's 256 bits. */
const SHOWN = 11;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function createTokenDesk({ tokens, recorder, clock }: TokenDeps): TokenDesk {
  // A token may be given whatever there is: so only who has that may make one.
  const allowed = (viewer: Viewer) => mustSeeAll(demand(viewer, "tokens"));
  return {
    createToken: async (viewer, { lastsMs, ...request }) => {
      allowed(viewer);
      check(request.name, lastsMs);
      whereOf(request.where);
      const end = await recorder.begin(viewer, { what: "tokens.create", content: JSON.stringify(request) });
      const secret = MARK + randomBytes(SECRET_BYTES).toString("base64url");
      const token = await tokens.add({
        ...request,
        hash: hashOf(secret),
        prefix: secret.slice(0, SHOWN),
        createdBy: viewer.id,
        ...(lastsMs !== undefined && { expiresAt: clock.now() + lastsMs }),
      });
      await end(token ? 1 : 0);
      if (!token)
        throw invalid(`There is a token ${request.name} already: revoke it first, or take another name.`);
      return { secret, token };
    },
    tokens: async (viewer) => {
      allowed(viewer);
      const all = await tokens.list();
      await recorder.look(viewer, { what: "tokens", content: "", rows: all.length });
      return all;
    },
    revokeToken: async (viewer, name) => {
      allowed(viewer);
      const end = await recorder.begin(viewer, { what: "tokens.revoke", content: name });
      const token = await tokens.revoke(name);
      await end(token ? 1 : 0);
      return token;
    },
  };
}

/** Whose token it is. Throws `token_invalid` for one that is unknown, revoked or over, in a sentence for whoever has it. */
export async function viewerOfToken(
  { tokens, clock }: Pick<TokenDeps, "tokens" | "clock">,
  secret: string,
): Promise<Viewer> {
  const token = secret.startsWith(MARK) ? await tokens.find(hashOf(secret)) : undefined;
  if (!token) throw invalid("This token is not known here.");
  if (token.revokedAt !== undefined) throw invalid(`The token ${token.name} was revoked.`);
  if (token.expiresAt !== undefined && token.expiresAt <= clock.now())
    throw invalid(`The token ${token.name} is over: ask who runs the bot for another one.`);
  await tokens.noteUse(token.id);
  return viewerOf(token);
}

function viewerOf({ name, where, reads, private: all, rights }: StoredToken): Viewer {
  const held: ReadonlySet<Right> = new Set<Right>([
    "read",
    ...TOKEN_RIGHTS.filter((right) => rights.includes(right)),
  ]);
  return {
    id: `token:${name}`,
    name: `The token ${name}`,
    via: "api",
    grants: [{ where: whereOf(where), reads, private: all, rights: held }],
    rights: held,
  };
}

function check(name: string, lastsMs: number | undefined): void {
  if (!NAME.test(name))
    throw invalid(
      "A token's name has letters, digits, dots, hyphens and underscores: at most 64, and a letter or digit first.",
    );
  if (lastsMs !== undefined && !(Number.isSafeInteger(lastsMs) && lastsMs > 0))
    throw invalid("A token lasts for some time at least.");
}

const invalid = (message: string) => new PatchcordError("token_invalid", message);
const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");
