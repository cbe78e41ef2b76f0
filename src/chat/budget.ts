/**
 * At most `paints` calls of the `covers` kinds (`post`, `edit`, or what `Platform.countsAs` of `platform.ts` says) in any `windowMs`, counted for the bot as a whole (`platform`), or for each workspace, channel (with
 * its threads) or place (a thread counts by itself). The source is named where it is made.
 */
export interface Budget {
  readonly covers: readonly string[];
  readonly per: "platform" | "workspace" | "channel" | "place";
  readonly paints: number;
  readonly windowMs: number;
  /** Replies whose last paint counted as one of these will end in it, so that a paint is kept for each. Absent: all of them; none: no reply does, or it is for nothing else. */
  readonly endings?: readonly string[];
  /** What counts in it, where its adapter adds what it asks for beside paints; for the bot as a whole alone. Absent: only paints count. */
  readonly draws?: Set<Draw>;
  /** So many of a window are left to what other processes ask for beside paints, which is not counted over all of them. Absent: none. */
  readonly elsewhere?: number;
}

/** What counts in a budget. */
export interface Draw {
  /** By when it was answered, on the monotonic clock. Infinity: not yet, so that the platform may still count it. */
  at: number;
  readonly isPaint: boolean;
}
