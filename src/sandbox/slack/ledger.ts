/** A record of what happened, oldest first, of which only the newest `keep` entries stay. */
export interface Ledger<T> {
  readonly entries: readonly T[];
  readonly add: (entry: T) => void;
}

export function createLedger<T>(keep: number): Ledger<T> {
  const entries: T[] = [];
  return {
    entries,
    add: (entry) => {
      entries.push(entry);
      if (entries.length > keep) entries.shift();
    },
  };
}
