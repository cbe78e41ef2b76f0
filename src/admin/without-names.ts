import type { Person } from "../store/of-found.ts";

/** PURE: people's names out of a text. */

/** A name this short is found in too many words. */
const SHORTEST_NAME = 3;

/**
 * Puts each person's alias in place of their id and names, in any case, as whole words. Longer names go first, so that no part of one is left over.
 * Most texts name nobody: only those names are looked for as words that are found as text.
 */
export function withoutNames(
  people: readonly Person[],
  aliasOf: (id: string) => string,
): (text: string) => string {
  const names = people
    .flatMap(({ id, names: all }) =>
      [id, ...all].map((name) => ({ name, anyCase: anyCase(name), alias: aliasOf(id) })),
    )
    .filter(({ name }) => name.length >= SHORTEST_NAME)
    .sort((a, b) => b.name.length - a.name.length);
  return (text) => {
    const within = anyCase(text);
    const there = names.filter((one) => within.includes(one.anyCase));
    if (there.length === 0) return text;
    const any = there.map(({ name }) => RegExp.escape(name)).join("|");
    const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, "giu");
    return text.replace(found, (written) => {
      const lower = written.toLowerCase();
      const same =
        there.find(({ name }) => name.toLowerCase() === lower) ??
        there.find((one) => one.anyCase === anyCase(written));
      return same?.alias ?? "person";
    });
  };
}

/**
 * Texts that a regular expression takes for the same in any case are the same in this, and a few more are. Lower case alone leaves apart what
 * is the same in upper case, as the two small sigmas; upper case alone what is the same in lower case, as K and the sign of kelvin.
 */
export const anyCase = (text: string): string => text.toLowerCase().toUpperCase();
