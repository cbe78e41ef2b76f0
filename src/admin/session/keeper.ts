import { createHash, randomBytes } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";
import type { SignedIn } from "../../chat/sign-in.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Sessions, StoredSession } from "../../store/sessions.ts";
import type { Access } from "../access/people.ts";
import { isSameSecret } from "../access/secret.ts";
import type { Viewing } from "../console/deps.ts";
import { operator, type Viewer } from "../viewer.ts";
import type { Cookie } from "./cookies.ts";
import { IDLE_MS, judge, LONGEST_MS } from "./life.ts";

/** Who signed in. `of`: a hash of the token that it was done with, so that another token ends it. */
export type Person =
  | { readonly kind: "operator"; readonly of: string }
  | ({ readonly kind: "person" } & SignedIn);

/** Keeps who is signed in. */
export interface Keeper {
  /** Undefined: this person may see nothing. */
  viewerOf(person: Person): Viewer | undefined;
  /** Signs the browser in, with an id that nobody had before. Whoever it was signed in as is signed out. */
  open(context: Context, person: Person): Promise<void>;
  /** Who is signed in. It may give the browser another id. */
  viewing(context: Context): Promise<Viewing | undefined>;
  /** Signs the browser out, wherever the session's ids may be. */
  close(context: Context): Promise<void>;
}

export interface KeeperDeps {
  readonly sessions: Sessions;
  readonly access: Access;
  readonly cookie: Cookie;
  /** Absent: nobody signs in by it. */
  readonly adminToken: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Nobody guesses so many random bytes, so that a plain hash of them is enough. */
const ID_BYTES = 32;
const newId = () => randomBytes(ID_BYTES).toString("base64url");
const hashOf = (id: string) => createHash("sha256").update(id).digest("hex");

export const operatorBy = (token: string): Person => ({ kind: "operator", of: hashOf(token) });

export function createKeeper(deps: KeeperDeps): Keeper {
  const { sessions, cookie, clock, log } = deps;
  return {
    viewerOf: (person) => viewerOf(deps, person),
    open: async (context, person) => {
      await end(deps, context);
      const now = clock.now();
      await sessions.sweep({ opened: now - LONGEST_MS, used: now - IDLE_MS });
      const id = newId();
      await sessions.open({ hash: hashOf(id), person: JSON.stringify(person), csrf: newId() });
      await cookie.write(context, id);
    },
    viewing: async (context) => {
      const id = await cookie.read(context);
      if (id === undefined) return undefined;
      const hash = hashOf(id);
      const session = await sessions.find(hash);
      const verdict = session ? judge(session, hash, clock.now()) : undefined;
      const viewer = session && viewerOf(deps, personIn(session));
      if (session && viewer && verdict?.kind === "good") {
        await sessions.noteUse({ id: session.id, hash }, verdict.confirm);
        if (verdict.replace) await replace(deps, { context, session, former: hash });
        return { viewer, csrf: session.csrf };
      }
      if (verdict?.kind === "copied")
        log.warn(
          { who: viewer?.id },
          "a session's old id came back: somebody may have copied it, so it is ended",
        );
      if (session) await sessions.close(session.id);
      cookie.drop(context);
      return undefined;
    },
    close: async (context) => {
      await end(deps, context);
      cookie.drop(context);
    },
  };
}

async function end({ sessions, cookie }: KeeperDeps, context: Context): Promise<void> {
  const id = await cookie.read(context);
  const session = id === undefined ? undefined : await sessions.find(hashOf(id));
  if (session) await sessions.close(session.id);
}

interface Replacing {
  readonly context: Context;
  readonly session: StoredSession;
  /** The hash of the id that the browser came with. */
  readonly former: string;
}

async function replace(
  { sessions, cookie }: KeeperDeps,
  { context, session, former }: Replacing,
): Promise<void> {
  const id = newId();
  // Else another request of this browser was quicker, and brings the id that is good.
  if (await sessions.replace(session, { hash: hashOf(id), former })) await cookie.write(context, id);
}

function viewerOf({ access, adminToken }: KeeperDeps, person: Person | undefined): Viewer | undefined {
  if (person?.kind === "person") return access.signedIn(person);
  if (!person || adminToken === undefined || !isSameSecret(person.of, hashOf(adminToken))) return undefined;
  return operator({ id: "operator", name: "Operator", via: "console" });
}

const stored = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("operator"), of: z.string() }),
  z.object({
    kind: z.literal("person"),
    platform: z.string(),
    userId: z.string(),
    name: z.string(),
    workspaces: z.array(z.object({ id: z.string(), name: z.string(), manages: z.boolean() })),
  }),
]);

/** Undefined: another version of the bot wrote it. */
function personIn({ person }: StoredSession): Person | undefined {
  try {
    return stored.parse(JSON.parse(person));
  } catch {
    return undefined;
  }
}
