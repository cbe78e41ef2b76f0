import type { StepLine } from "./child.ts";

/*
 * What is known after a run, as plain data: what people said, what stands on the platforms, what the database says, what Telnyx has.
 * All times are milliseconds since the epoch by the real clock.
 */
export interface Evidence {
  readonly asks: readonly Ask[];
  readonly posts: readonly Post[];
  readonly turns: readonly TurnRow[];
  readonly pages: readonly PageRow[];
  readonly calls: readonly ModelCall[];
  readonly stored: readonly StoredInput[];
  /** Refusals for too many calls that were the platform's own, and not asked for by the run. */
  readonly overdrawn: readonly Overdraft[];
  readonly troubles: readonly Trouble[];
  readonly steps: readonly StepLine[];
  /** The longest window by which a platform counts calls. */
  readonly windowMs: number;
  /** Questions that come so soon after each other may be heard in either order. */
  readonly sameTimeMs: number;
}

/** Something that was done to the bot, or befell it. */
export interface Trouble {
  readonly at: number;
  /** When it was over; the same as `at` for what has no length. */
  readonly until: number;
  /** `kill`, `freeze`, `slack 429`, … The same words are counted together. */
  readonly kind: string;
  /** Which replica, which request. */
  readonly detail: string;
}

/** Something that a person said to the bot. */
export interface Ask {
  readonly number: number;
  readonly platform: string;
  /** Where its answer has to stand, in the words of the run. */
  readonly where: string;
  /** The message's id on its platform. */
  readonly id: string;
  readonly at: number;
  /** What the model answers to it. */
  readonly answer: string;
  /** Its event was kept back on its way, so that a later one may rightly be answered before it. */
  readonly heldBack: boolean;
}

/** A message of the bot's, as it stands. */
export interface Post {
  readonly platform: string;
  readonly where: string;
  readonly id: string;
  readonly at: number;
  /** 0, 1, … from the place's oldest message of the bot's to its newest. */
  readonly position: number;
  readonly text: string;
  readonly buttons: number;
  /** Every version, oldest first. */
  readonly versions: readonly { readonly at: number; readonly text: string }[];
}

export interface TurnRow {
  readonly id: number;
  readonly place: string;
  readonly platform: string;
  readonly messageId: string;
  readonly state: string;
  readonly error?: string;
  readonly receivedAt: number;
  /** When a replica took it up for the first time. */
  readonly takenUpAt?: number;
  readonly settledAt?: number;
}

export interface PageRow {
  readonly turn: number;
  readonly index: number;
  readonly id?: string;
}

/** One request to the model. */
export interface ModelCall {
  readonly ask: number;
  readonly at: number;
}

/** An input of a person's that a Telnyx conversation holds. */
export interface StoredInput {
  readonly conversation: string;
  readonly ask: number;
}

export interface Overdraft {
  readonly platform: string;
  readonly at: number;
  readonly what: string;
}
