import type { ConversationKey } from "../store/archive.ts";

export interface ForgetRequest {
  /** What meets it is forgotten: whole conversations, or with `person` that person's turns in them. */
  readonly query: string;
  /** `slack:T1:U1`, `discord:1`: what this person asked, and the answers to it, wherever that was; and what of theirs was heard. */
  readonly person?: string;
  /** Only tells what would be forgotten. */
  readonly dry: boolean;
}

/** One line of the report. */
export interface Forgotten {
  readonly conversation: ConversationKey;
  readonly name: string;
  readonly turns: number;
  /** Messages that the model had been given without being asked by them. */
  readonly heard: number;
  /** `held`: a legal hold keeps it. `open`: a reply is being written, it is forgotten when that has ended. */
  readonly local: "forgotten" | "would_be" | "held" | "open";
  /** `later`: Telnyx could not be reached; it is tried again until it is done. */
  readonly telnyx: "deleted" | "none" | "would_be" | "kept" | "later";
  readonly why?: string;
}
