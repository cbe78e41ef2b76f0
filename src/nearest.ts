import { distance } from "fastest-levenshtein";

/** How unlike two words are in any case: 0 is the same, 1 has nothing in common. */
export function unlikeness(word: string, other: string): number {
  return distance(word.toLowerCase(), other.toLowerCase()) / Math.max(word.length, other.length, 1);
}

/** The candidates most like `word`, nearest first; none that shares less than half of its letters. */
export function nearest(word: string, candidates: readonly string[], count: number): string[] {
  return candidates
    .map((candidate) => ({ candidate, far: unlikeness(word, candidate) }))
    .filter((entry) => entry.far <= 0.5)
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
