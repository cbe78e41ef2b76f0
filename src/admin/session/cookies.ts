import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";

/** A cookie that nobody else can make, that no script reads, and that no other site's request brings along. */
export interface Cookie {
  /** Undefined: there is none, or it was not made here. */
  read(context: Context): Promise<string | undefined>;
  /** It ends with the browser, or after `maxAgeS` seconds. */
  write(context: Context, value: string, maxAgeS?: number): Promise<void>;
  drop(context: Context): void;
}

export interface CookieDeps {
  /** Whether the console is reached by https. Then browsers send and take the cookie by nothing else, and from no other host. */
  readonly secure: () => boolean;
  /** What cookies are signed with. */
  readonly key: () => Promise<string>;
}

/**
 * Named `__Host-…` where browsers take that: by https, for the whole host (RFC 6265bis, 4.1.3.2). `Lax`, since people come by links of the
 * platforms, and back from signing in there.
 */
export function createCookie(name: string, { secure, key }: CookieDeps): Cookie {
  const isSecure = () => (secure() ? ({ prefix: "host", secure: true } as const) : {});
  const options = () => ({ path: "/", httpOnly: true, sameSite: "Lax", ...isSecure() }) as const;
  return {
    read: async (context) => {
      const { prefix } = { prefix: undefined, ...isSecure() };
      const found = await getSignedCookie(context, await key(), name, prefix);
      return found === false || found === "" ? undefined : found;
    },
    write: async (context, value, maxAge) =>
      setSignedCookie(context, name, value, await key(), {
        ...options(),
        ...(maxAge !== undefined && { maxAge }),
      }),
    drop: (context) => void deleteCookie(context, name, options()),
  };
}
