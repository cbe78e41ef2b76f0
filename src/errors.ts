/**
 * Every error that patchcord throws on purpose. `code` is stable: logs, metrics and tests go by it.
 * `message` is for the operator; what a person in a channel reads is made in `reply/notice.ts`.
 */
export class PatchcordError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The start cannot go on. Each problem is one sentence that says what is wrong and what to do. Exit code 2. */
export class ConfigError extends PatchcordError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("config_invalid", problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * How a platform refused a post or an edit, in the few kinds that change what the bridge does next.
 * - `rate_limited`: nothing was done; wait `retryAfterMs`, for this scope alone.
 * - `unavailable`: nothing is known to be done; the same call may be repeated (posts carry a key).
 * - `gone`: the message that was to be edited is not there any more. A person deleted it.
 * - `unreachable`: the place takes no messages from us (removed, archived, locked, blocked, no permission).
 * - `rejected`: the platform will never take this content as it is.
 * - `unauthorized`: the platform's token is not valid; nothing will work until an operator acts.
 */
export type RefusalKind =
  | "rate_limited"
  | "unavailable"
  | "gone"
  | "unreachable"
  | "rejected"
  | "unauthorized";

/** A platform refused. Thrown by `Platform.post`, `edit` and `history`, by nothing else. */
export class PlatformRefusal extends PatchcordError {
  readonly kind: RefusalKind;
  /** Only for `rate_limited`: milliseconds to wait, as the platform said. */
  readonly retryAfterMs: number | undefined;
  /** Only for `rate_limited`: what the platform limits is all that the bot does there. Absent: it did not say so. */
  readonly per: "platform" | undefined;

  constructor(
    kind: RefusalKind,
    code: string,
    message: string,
    options?: { cause?: unknown; retryAfterMs?: number; per?: "platform" | undefined },
  ) {
    super(code, message, options);
    this.kind = kind;
    this.retryAfterMs = options?.retryAfterMs;
    this.per = options?.per;
  }
}

/** Turns anything that was caught into an Error, so that `cause` and the log always have a stack. */
export function asError(caught: unknown): Error {
  return caught instanceof Error ? caught : new Error(String(caught));
}
