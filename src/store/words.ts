/**
 * How names and text are made comparable. The index is built with these functions and asked with them, so that a change here means that the
 * index must be built again. Both are total: any string will do, lone surrogates and all.
 */

/** Accents, and the vowel points of Hebrew and Arabic. In other scripts a mark is a letter's body, as in kana, which it makes voiced. */
const ACCENTS = /[[\p{Mn}&&[\p{sc=Inherited}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Cyrillic}]]--[\u3099\u309A]]/gv;
/** What is not seen: joiners, direction marks, soft hyphens, variation selectors. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Letters with a stroke, ligatures and letter forms, which Unicode does not decompose. */
const FORMS: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ħ: "h",
  ŧ: "t",
  æ: "ae",
  œ: "oe",
  ς: "σ",
  ß: "ss",
};
const FORM = /[øłđħŧæœςß]/gu;

/** A name as it is compared: without case, accents, width and what is not seen, one blank where there was white space. Idempotent. */
export function fold(name: string): string {
  return comparable(name)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** Upper case before lower: it makes one of what differs in one case alone, as `ß` and `ss`. */
function comparable(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFKD")
    .replaceAll(UNSEEN, "")
    .replaceAll(ACCENTS, "")
    .toUpperCase()
    .toLowerCase()
    .replaceAll(FORM, (letter) => FORMS[letter] ?? letter)
    .normalize("NFKC");
}

/** In code points. Longer runs, as in encoded files, are cut into several words: PostgreSQL takes none over 2,046 bytes (Text Search, Limitations). */
const LONGEST = 64;
/** Scripts that are written without spaces. */
const SPACELESS = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
const WORD = new RegExp(
  String.raw`[\p{L}&&${SPACELESS}]\p{M}*|[[\p{L}\p{N}]--${SPACELESS}][[\p{L}\p{N}\p{M}]--${SPACELESS}]*`,
  "gv",
);

/**
 * The words of a text, as they are searched for, in their order: letters and digits, comparable like names. What is written without spaces
 * (Chinese, Japanese, Thai, …) is one word a character, so that words in a row find it. Signs and emoji are no words.
 */
export function wordsOf(text: string): string[] {
  return (comparable(text).match(WORD) ?? []).flatMap(pieces);
}

function pieces(word: string): string[] {
  if (word.length <= LONGEST) return [word];
  const points = Array.from(word);
  const starts = Array.from({ length: Math.ceil(points.length / LONGEST) }, (_, index) => index * LONGEST);
  return starts.map((start) => points.slice(start, start + LONGEST).join(""));
}
