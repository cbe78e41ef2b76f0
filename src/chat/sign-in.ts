/**
 * PORT: how people prove to the web console who they are on a platform (OAuth 2.0 authorization code, with PKCE). Whoever calls makes the
 * values of an attempt from a secure source, keeps them in the browser's session, and checks `state` himself.
 */
export interface SignIn {
  /** `Platform.name`. */
  readonly name: string;
  /** For the button: `Sign in with Slack`. */
  readonly label: string;
  /** Where to send the person. Throws `PlatformRefusal`. */
  begin(attempt: Attempt): Promise<URL>;
  /**
   * Who came back with `code`. Throws `PatchcordError` `sign_in_refused` when the platform or a check says no, in a sentence for the person, and
   * `PlatformRefusal` when the platform could not be asked.
   */
  finish(attempt: Attempt, code: string): Promise<SignedIn>;
}

/** One person's way to the platform and back. Each value is used once. */
export interface Attempt {
  readonly state: string;
  /** Comes back in an OpenID token, so that none of another attempt is taken. */
  readonly nonce: string;
  /** PKCE: 43 to 128 letters, digits and `-._~` (RFC 7636, 4.1). */
  readonly verifier: string;
  /** The same in both steps, and one that the app is registered with. */
  readonly redirectUri: string;
}

export interface SignedIn {
  readonly platform: string;
  readonly userId: string;
  readonly name: string;
  /** Those that the bot is in. `manages`: as in `Command`. */
  readonly workspaces: readonly { readonly id: string; readonly name: string; readonly manages: boolean }[];
}
