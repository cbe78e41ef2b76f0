import { distance } from "fastest-levenshtein";

/** The candidates most like `word`, nearest first; none that shares less than half of its letters. */
export function nearest(word: string, candidates: readonly string[], count: number): string[] {
  const far = (candidate: string) =>
    distance(word.toLowerCase(), candidate.toLowerCase()) / Math.max(word.length, candidate.length);
  return candidates
    .map((candidate) => ({ candidate, far: far(candidate) }))
    .filter((entry) => entry.far <= 0.5)
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
