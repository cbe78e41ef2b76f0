const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Letters and signs that take two columns where all others take one (unicode.org, UAX #11, Wide and Fullwidth). */
export const WIDE =
  /(?![\uFF61-\uFFDC])[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\u3000-\u303E\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]/u;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

/** Nothing in it joins with what is beside it, or is an emoji. */
const SIMPLE = /^[^\p{M}\p{C}\p{Emoji_Presentation}\u{1F3FB}-\u{1F3FF}]*$/u;

/** How many columns a text takes where each character has the same width. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  if (SIMPLE.test(text)) {
    for (const character of text) width += WIDE.test(character) ? 2 : 1;
    return width;
  }
  for (const { segment } of CHARACTERS.segment(text)) {
    if (INVISIBLE.test(segment)) continue;
    width += EMOJI.test(segment) || WIDE.test(segment) ? 2 : 1;
  }
  return width;
}
