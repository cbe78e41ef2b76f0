/** Chance that is the same in every run: the demo's month is always the same one. */
export interface Chance {
  /** From 0 to below 1. */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both of them possible. */
  readonly between: (least: number, most: number) => number;
  readonly one: <T>(of: readonly [T, ...T[]]) => T;
  readonly happens: (share: number) => boolean;
}

/** Marsaglia's xorshift with 32 bits (Xorshift RNGs, 2003): ample for a demo, and nothing to depend on. `seed` is not 0. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    one: (of) => of[between(0, of.length - 1)] ?? of[0],
    happens: (share) => next() < share,
  };
}
