/**
 * PORT: who is signed in to the console. A session goes by an id that the browser has in a cookie, of which only the hash (SHA-256, in
 * hexadecimal digits) is kept, and which is replaced from time to time. What its times mean is its reader's to say. Times are milliseconds since
 * the epoch.
 */
export interface Sessions {
  open(session: NewSession): Promise<void>;
  /** The session that has this id, or had it until its id was last replaced. */
  find(hash: string): Promise<StoredSession | undefined>;
  /**
   * Notes that it is used, now; exact to a minute, so that not every look is a write. With `confirm` the id that it was found with has come back,
   * which says nothing of one that it was given since.
   */
  noteUse(session: Pick<StoredSession, "id" | "hash">, confirm: boolean): Promise<void>;
  /** Gives it another id, unless somebody did so since it was found. Returns whether it was done. */
  replace(session: Pick<StoredSession, "id" | "hash">, ids: NewIds): Promise<boolean>;
  /** Ends it: its ids are worth nothing from then on. */
  close(id: number): Promise<void>;
  /** Ends those that were opened before the one time or used before the other, and returns how many. */
  sweep(before: { readonly opened: number; readonly used: number }): Promise<number>;
  /** What cookies are signed with: made once, and the same for all processes from then on. */
  cookieKey(): Promise<string>;
}

export interface NewSession {
  readonly hash: string;
  /** Who it is, in the words of whoever opens it. */
  readonly person: string;
  /** What a form has to bring along. */
  readonly csrf: string;
}

export interface StoredSession extends NewSession {
  readonly id: number;
  /** The hash of the id before. */
  readonly former?: string;
  readonly openedAt: number;
  readonly usedAt: number;
  /** When it was given the id that it has. */
  readonly replacedAt: number;
  /** When its newest id first came back. */
  readonly confirmedAt?: number;
}

export interface NewIds {
  readonly hash: string;
  /** The id that goes on to be known. */
  readonly former: string;
}
