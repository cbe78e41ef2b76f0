/** Replies that begin together and may all end at any one moment from `fromMs` on, at the latest after a window. */
export interface Unknown {
  /** Drafts of each reply that a window has room for; a fraction: some have one more. */
  readonly drafts: number;
  readonly fromMs: number;
  readonly windowMs: number;
}

/**
 * What whoever does not know the end has to put up with: the least c such that somebody may promise a mean age of at most c times the best
 * that knows the end, wherever that is.
 *
 * The end T is drawn: E = `fromMs` with a chance of 3C, W = `windowMs` with a chance of C, and between them with a density of 2C/T, where
 * C = 1/(4 + 2 ln(W/E)). Whoever knows T has d + 1 even stretches, of which the area is T²/(2(d + 1)) (see `bestOf`). Whoever does not know it paints
 * at moments that do not depend on T: an age that has grown since a is τ - a at τ, and counts for all T beyond τ, with the weight
 * ∫ 2(d + 1)/T² dP(T), which is 2(d + 1)q(τ) with q = C/τ² beyond E and 4C/E² before. So what is expected of the ratio is a sum over stretches, of
 * which `leastArea` is the least. No policy is better than that on average over T, not even one that throws dice: so each is at least c times as far
 * behind for some T (Yao's principle). With many drafts c comes to 1 + ln(W/E)/2.
 */
export function promiseOf({ drafts, fromMs, windowMs }: Unknown): number {
  if (fromMs >= windowMs) return 1;
  const [few, more] = [Math.floor(drafts), Math.ceil(drafts)].map((count) =>
    leastArea(count, fromMs / windowMs),
  );
  // It falls ever more slowly with the drafts, so even shares are the best.
  return 2 * (drafts + 1) * (few! + (drafts % 1) * (more! - few!));
}

/**
 * The least of Σ∫(τ - a)q(τ)dτ over the stretches [a, b] into which `drafts` paints cut [0, 1]. Where it is least, moving a paint at t changes nothing:
 * (t - a)q(t) = ∫q from t to b. Before E that makes stretches even, beyond E b = t²/a, gaps that grow as time does; so a solution is known by how
 * many paints stand before E, and how far apart, which is found by halving.
 */
function leastArea(drafts: number, from: number): number {
  const solutions = Array.from({ length: drafts }, (_, i) => solutionOf(i + 1, drafts, from));
  return Math.min(
    ...[[], ...solutions].map((paints) => {
      const cuts = [0, ...paints, 1];
      return cuts.slice(1).reduce((sum, b, i) => sum + stretch(cuts[i]!, b, from), 0);
    }),
  );
}

/** Paints of which `early` stand before E. */
function solutionOf(early: number, drafts: number, from: number): readonly number[] {
  const late = drafts - early;
  /** The first stretch's end beyond E, if the early ones are `gap` long. */
  const firstLate = (gap: number) => 1 / (1 / from - (4 * ((early + 1) * gap - from)) / from ** 2);
  let [low, high] = [from / (early + 1), from / early];
  for (let i = 0; i < 60; i += 1) {
    const gap = (low + high) / 2;
    const first = firstLate(gap);
    const isTooFar = first < 0 || first * (first / (early * gap)) ** late > 1;
    [low, high] = isTooFar ? [low, gap] : [gap, high];
  }
  const ratio = firstLate(low) / (early * low);
  return [
    ...Array.from({ length: early }, (_, i) => (i + 1) * low),
    ...Array.from({ length: late }, (_, i) => Math.min(1, firstLate(low) * ratio ** i)),
  ];
}

/** ∫(τ - a)q(τ)dτ from a to b. */
function stretch(a: number, b: number, from: number): number {
  const c = 1 / (4 + 2 * Math.log(1 / from));
  const early = Math.max(0, Math.min(b, from) - a);
  const start = Math.max(a, from);
  const late = b > start ? Math.log(b / start) + a / b - a / start : 0;
  return c * ((2 * early ** 2) / from ** 2 + late);
}
