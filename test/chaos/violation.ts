export type Fault =
  | "lost"
  | "unasked"
  | "doubled"
  | "out of order"
  | "interleaved"
  | "wrong text"
  | "failed for no reason"
  | "unfinished"
  | "orphaned"
  | "page without its post"
  | "unsettled"
  | "asked too often"
  | "stored too often"
  | "overdrawn"
  | "not fenced";

/** Something that must not be, and whose story tells how it came. */
export interface Violation {
  readonly fault: Fault;
  readonly what: string;
  readonly ask?: number;
  readonly where?: string;
}
