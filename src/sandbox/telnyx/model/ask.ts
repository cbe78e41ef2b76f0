import type { Piece } from "../script.ts";
import type { Speaker, Utterance } from "./utterance.ts";

/** One thing that the model is asked, with all that it knows. */
export interface Ask {
  readonly text: string;
  readonly speaker: Speaker | undefined;
  /** What was said before, oldest first. */
  readonly past: readonly Utterance[];
  /** What the instructions call the model. */
  readonly persona: string | undefined;
  /** A number that differs from ask to ask, and is the same for the same conversation: for variety. */
  readonly seed: number;
}

/** Answers what it understands; undefined leaves it to the next skill. */
export type Skill = (ask: Ask) => readonly Piece[] | undefined;

export function text(words: string): readonly Piece[] {
  return [{ kind: "text", text: words }];
}

/** One of several, by the ask's seed. */
export function pick<T>(ask: Pick<Ask, "seed">, choices: readonly [T, ...T[]], salt = 0): T {
  return choices[(ask.seed + salt) % choices.length] ?? choices[0];
}

/** A number in the ask's words, such as the 300 in "300 words". */
export function numberBefore(words: string, unit: RegExp): number | undefined {
  const match = new RegExp(String.raw`(\d[\d,. ]{0,8})\s*(?:${unit.source})`, "iu").exec(words);
  const digits = match?.[1]?.replace(/\D/g, "");
  return digits ? Number(digits) : undefined;
}

/** A number that stays the same for the same words. */
export function hash(words: string): number {
  let value = 0;
  for (const char of words) value = (value * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}
