import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";
import type { Attempt } from "../../chat/sign-in.ts";
import type { Clock } from "../../clock.ts";
import type { Cookie } from "./cookies.ts";

/** How long somebody may stay at the platform, in milliseconds. Codes last ten minutes at the most (RFC 6749, 4.1.2). */
const ATTEMPT_MS = 10 * 60_000;
/** Of each value. A verifier is 43 characters then, the least that there may be (RFC 7636, 4.1). */
const BYTES = 32;

const stored = z.object({
  platform: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
  until: z.number(),
});

/** One person's way to the platform and back, and where to in the end. */
export interface Journey extends Omit<Attempt, "redirectUri"> {
  readonly platform: string;
  readonly to: string;
}

/** What is known of it stays in the browser, in a signed cookie: any process can go on with it, and nobody fills a database. */
export interface Journeys {
  begin(context: Context, platform: string, to: string): Promise<Journey>;
  /** The one that this browser began, once. Undefined: none, or too long ago. */
  end(context: Context): Promise<Journey | undefined>;
}

export function createJourneys(cookie: Cookie, clock: Clock): Journeys {
  const value = () => randomBytes(BYTES).toString("base64url");
  return {
    begin: async (context, platform, to) => {
      const journey = { platform, state: value(), nonce: value(), verifier: value(), to };
      const until = clock.now() + ATTEMPT_MS;
      const text = Buffer.from(JSON.stringify({ ...journey, until })).toString("base64url");
      await cookie.write(context, text, ATTEMPT_MS / 1_000);
      return journey;
    },
    end: async (context) => {
      const text = await cookie.read(context);
      cookie.drop(context);
      if (text === undefined) return undefined;
      // Signed by us, so that it has this form unless another version wrote it.
      const { data } = stored.safeParse(jsonIn(text));
      return data && data.until > clock.now() ? data : undefined;
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}
