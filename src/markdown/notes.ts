/* Footnotes, which no chat knows: their numbers are raised, and what they say stands where it was written. */

const DEFINITION = /^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(.*)$/;
const CONTINUATION = /^(?: {2,}|\t)(?=\S)/;
const REFERENCE = /(?<!\\)\[\^([^\][\s^]{1,40})\](?![(:[+*?{])/g;
/** U+202F: between the numbers of two notes, so that they are not read as one. */
const NARROW_SPACE = "\u202F";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `[^1]` is ¹; a note with a name keeps it. */
function markOf(label: string): string {
  return /^\d+$/.test(label)
    ? label.replaceAll(/\d/g, (digit) => RAISED.charAt(Number(digit)))
    : `[${label}]`;
}

/** The names of the notes that are written out in these lines. */
export function notesIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => DEFINITION.exec(line)?.[1] ?? []));
}

/** Each note as a paragraph that begins with its mark. */
export function withNotes(lines: readonly string[]): readonly string[] {
  let inNote = false;
  return lines.map((line) => {
    const [, label, words = ""] = DEFINITION.exec(line) ?? [];
    if (label !== undefined) {
      inNote = true;
      return `${markOf(label)} ${words}`.trimEnd();
    }
    inNote &&= CONTINUATION.test(line);
    return inNote ? line.replace(CONTINUATION, "") : line;
  });
}

/** What a name that refers to a note stands behind; and how a note is called, where a regular expression would have signs. */
const BEHIND_WORDS = /[\p{L}\p{N}.,;:!?)\]”"’'»*]$/u;
const NAME = /^[a-z][a-z\d_-]+$/i;

/**
 * What refers to a note. A name alone may be something else, such as what a regular expression leaves out, so it has to be one of `notes`, or stand
 * right behind words; a number need not: what it says may stand on another page.
 */
export function withReferences(prose: string, notes: ReadonlySet<string>): string {
  if (!prose.includes("[^")) return prose;
  return prose
    .replaceAll(/(?<=\[\^[^\][\s^]{1,40}\])(?=\[\^)/g, NARROW_SPACE)
    .replaceAll(REFERENCE, (whole: string, label: string, at: number, all: string) => {
      const isNote = /^\d+$/.test(label) || notes.has(label);
      const isCalled = NAME.test(label) && BEHIND_WORDS.test(all.slice(Math.max(0, at - 2), at));
      return isNote || isCalled ? markOf(label) : whole;
    });
}
