/**
 * PORT: what processes on one database need of each other. Where only one process may have the database, it is
 * alone, and gets everything at once.
 */
export interface Replicas {
  readonly leases: Leases;
  readonly control: Control;
  /** Absent where no other process can draw: then what this process remembers is enough. */
  readonly tally?: Tally;
  /**
   * Calls back when other processes may take over, from now on, what this one holds: its connection to the database is lost. What
   * runs must be broken off; it may take work again as soon as the database answers.
   */
  readonly onLost: (callback: (why: Error) => void) => void;
}

/** Rights that one process at a time holds, by name. A process that dies loses them at once, one that hangs when their time is over. */
export interface Leases {
  /** Takes the lease, or renews it, for `ttlMs`. False: another process holds it. */
  take(name: string, ttlMs: number): Promise<boolean>;
  /** Lets go of it, if this process holds it. */
  drop(name: string): Promise<void>;
}

/** What processes tell each other. For control only: what must not be lost is in the database as well. */
export interface Control {
  /** Tells every process, this one too. At most once, in no order. */
  tell(word: Word): Promise<void>;
  hear(listener: (word: Word) => void): void;
}

/** Somebody asked for this turn to end. */
export interface Word {
  readonly kind: "stop";
  readonly turn: number;
}

/** Counts what all processes together have drawn on the platforms' budgets. */
export interface Tally {
  /**
   * Draws one from each, or nothing: then it resolves with the milliseconds until all of them may have room. 0: drawn. By the
   * database's clock.
   */
  draw(accounts: readonly Account[]): Promise<number>;
}

export interface Account {
  /** Names the scope that the platform counts by, for ever. */
  readonly scope: string;
  /** How many may be drawn in any `windowMs`. */
  readonly most: number;
  readonly windowMs: number;
}
