/* PURE: what completes, written so that it begins as what was typed. Shells put in place of several candidates what those have in common, and fish takes none that begins otherwise. */

/** What may stand in a query without quotes. */
const PLAIN = /^[^\s()"“”„\\,*~]+/u;

/**
 * The candidate itself where it begins so; else another way to write it: in the case that was typed, since queries compare without case; `user:dev*` for
 * a name that would need quotes before; of a model the part from there on. Undefined: there is none.
 */
export function asTyped(typed: string, candidate: string): string | undefined {
  if (candidate.startsWith(typed)) return candidate;
  const at = Math.max(typed.lastIndexOf(":"), typed.lastIndexOf(",")) + 1;
  if (!candidate.startsWith(typed.slice(0, at))) return undefined;
  const [begun, value] = [typed.slice(at), candidate.slice(at)];
  if (value.startsWith('"') && !begun.startsWith('"')) {
    const name = value.slice(1, -1);
    const word = PLAIN.exec(name)?.[0] ?? "";
    return begins(word, begun) ? `${typed}${word.slice(begun.length)}*` : undefined;
  }
  const from = value.toLowerCase().indexOf(begun.toLowerCase());
  return from < 0 ? undefined : typed + value.slice(from + begun.length);
}

/** The candidates as they are where they have at least what was typed in common; else those that can be written so that they do. */
export function allAsTyped(typed: string, candidates: readonly string[]): readonly string[] {
  if (commonLength(candidates) >= typed.length) return candidates;
  return [...new Set(candidates.flatMap((candidate) => asTyped(typed, candidate) ?? []))];
}

/** For a shell that compares each with what was typed, without case. */
export function eachAsTyped(typed: string, candidate: string): string | undefined {
  return begins(candidate, typed) ? candidate : asTyped(typed, candidate);
}

const begins = (text: string, begun: string) => text.toLowerCase().startsWith(begun.toLowerCase());

/** In UTF-16 units. */
function commonLength([first = "", ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return length;
}
