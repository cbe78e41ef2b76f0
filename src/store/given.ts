import type { HeardMessage } from "./heard.ts";
import type { Settings } from "./store.ts";

/** What the model was given for a turn, and what held then. */
export interface Given {
  /** As it was sent. Absent: it was forgotten. */
  readonly input?: string;
  /** How many messages of its place it had been given that were no turns. */
  readonly heard: number;
  /** The newest of those, at most 50, the oldest first. */
  readonly heardMessages: readonly HeardMessage[];
  /** How many turns of the conversation were sent before. */
  readonly earlierTurns: number;
  readonly settings?: Settings;
}
