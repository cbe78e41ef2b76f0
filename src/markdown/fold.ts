/** What is not seen, or joins what is seen: marks, and characters that only format (Unicode, Default_Ignorable_Code_Point). */
const UNSEEN = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[!-[\]-~]$/;

/**
 * What a reader makes of `text` from `from` on who takes every sign for the plain one that it looks like: compatible forms are folded
 * (unicode.org, UAX #15, NFKD), marks, what is not seen and backslashes are dropped, letters are small. It ends before a line's end or
 * any form of `<`, behind a `>`, and at `most` characters: a look at every `<` of a text takes time in proportion to the text.
 */
export function foldedFrom(text: string, from: number, most: number): string {
  let folded = "";
  for (let at = from; at < text.length && folded.length < most;) {
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
    at += sign.length;
    const plain = PLAIN.test(sign) ? sign : sign.normalize("NFKD").replaceAll(UNSEEN, "");
    if (plain === "\n" || plain === "<") break;
    if (plain !== "\\") folded += plain;
    if (plain === ">") break;
  }
  return folded.slice(0, most).toLowerCase();
}

/** What folds to `<`, and to `@` (unicode.org, Unicode Character Database, decomposition mappings). */
export const LESS_THAN = "<\u226E\uFE64\uFF1C";
export const AT = "@\uFE6B\uFF20";

/** U+200A: white space in each of Unicode's forms, so that nothing drops it from between two signs, and hardly to be seen. */
export const HAIR_SPACE = "\u200A";
