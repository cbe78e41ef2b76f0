import { wordsOf } from "./words.ts";

/**
 * How much of a text is searched, in characters of its encoded words: some 50,000 words. A question and an answer together stay below the
 * megabyte that PostgreSQL's text search takes (postgresql.org, Text Search, Limitations).
 */
const LONGEST = 400_000;

/**
 * The words of a text as both engines keep them: letters `a` to `z` and digits alone, so that no tokenizer, collation or quoting of theirs
 * changes anything. Any other character is its number between two `x`, an `x` too: then a word begins with another exactly where its code does.
 */
export function searchable(text: string): string[] {
  const words: string[] = [];
  let length = 0;
  for (const word of wordsOf(text)) {
    const code = encoded(word);
    length += code.length + 1;
    if (length > LONGEST) break;
    words.push(code);
  }
  return words;
}

export function encoded(word: string): string {
  return word.replaceAll(/[^a-wyz0-9]/gu, (sign) => `x${(sign.codePointAt(0) ?? 0).toString(16)}x`);
}
