/**
 * PORT: the record of what was looked at and done. Entries are appended and never changed: each carries the hash of the one before, so that
 * one that is changed, left out or put in between is found by `verify`. What was asked for is kept beside its entry, which only commits to
 * it: it can be erased, and the rest still verifies. Safe from several processes at once, which write one after the other.
 *
 * Whoever may write the database can make the whole chain anew. Only what is noted elsewhere, the head that `verify` tells, shows that.
 */
export interface Audit {
  /** Resolves with the entry's number, after it is on the disk. */
  append(entry: NewEntry): Promise<number>;
  /** The newest first. Throws `cursor_invalid` for an `after` that is none of its own. */
  list(search: AuditSearch): Promise<{ readonly rows: readonly Entry[]; readonly next?: string }>;
  /** Goes through all of them, in constant memory. `head`: an entry that was noted elsewhere, which has to be there as it was. */
  verify(head?: Head): Promise<Verdict>;
  /**
   * Erases what was asked for from every entry where it `tells` what is to be forgotten, and returns how many that were. An entry of a kind
   * in `but` keeps it.
   */
  erase(tells: (content: string) => boolean, but: readonly string[]): Promise<number>;
}

/** What was looked at or done. One entry each; what takes long has a second one about its end. */
export interface NewEntry {
  /** `Viewer.id`, or the name of what the bot does by itself. */
  readonly who: string;
  /** The face that it was done through. */
  readonly via: string;
  /** `turns`, `export`, `export.end`, … */
  readonly what: string;
  /** The entry that this one is about, where it tells how that ended. */
  readonly about?: number;
  /** How many rows were shown, or things done. Absent: not known yet. */
  readonly rows?: number;
  /** The query, or what else was meant: it can be erased. */
  readonly content: string;
}

export interface Entry extends Omit<NewEntry, "content"> {
  /** 1, 2, … without a gap. */
  readonly seq: number;
  readonly at: number;
  /** Absent: it was erased. */
  readonly content?: string;
  readonly hash: string;
}

export interface AuditSearch {
  /** 1 to 1,000. */
  readonly limit: number;
  readonly after?: string;
  readonly who?: string;
  /** Any of these kinds. */
  readonly what?: readonly string[];
  /** From this time on, in milliseconds since the epoch. */
  readonly since?: number;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** `broken`: the first entry that is not as it was written, and in what. */
export type Verdict =
  | { readonly kind: "whole"; readonly entries: number; readonly erased: number; readonly head?: Head }
  | { readonly kind: "broken"; readonly seq: number; readonly why: string };
