import type { ChannelKind } from "../chat/place.ts";
import type { Condition } from "./archive.ts";

/** What sums may be by. */
export const SUM_BY = [
  "platform",
  "workspace",
  "channel",
  "user",
  "model",
  "status",
  "kind",
  "day",
  "week",
  "month",
] as const;
export type SumBy = (typeof SUM_BY)[number];

export interface Grouping {
  readonly by?: SumBy;
  /** How many rows at the most, 1 to 1,000: the latter if left out. */
  readonly limit?: number;
  /** What the keys name is called as it is in conversations that meet this: in others it may be called otherwise. Absent: in all of them. */
  readonly namedIn?: Condition;
}

export interface Sum {
  /** An id for people, channels and workspaces; `2026-11-28` (UTC) for times. Absent without `by`. */
  readonly key?: string;
  /** The newest name of what the key names; of a direct message, whose it is. */
  readonly name?: string;
  /** Of a channel. */
  readonly kind?: ChannelKind;
  readonly turns: number;
  readonly conversations: number;
  readonly people: number;
  readonly failed: number;
  readonly tokens: number;
  readonly cost?: number;
  /**
   * Milliseconds, over turns that are done: what half of them, and 95 of 100, do not exceed. A time that some turn took, off by less than 1.6 %
   * (`toldTime`), so that times can be counted.
   */
  readonly firstText?: { readonly median: number; readonly p95: number };
  readonly complete?: { readonly median: number; readonly p95: number };
}
