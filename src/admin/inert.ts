/** What a terminal or a page obeys, and what turns text around or is not seen; the joiner of emoji is none of that. */
const COMMANDS = /[\p{Cc}\u2028\u2029]|(?!\u200D)\p{Cf}/gu;

/** Text of others as it may stand on one line: no escape sequence, no line break, no turned direction survives. */
export function inert(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\t\n\r]+/g, " ")
    .replaceAll(COMMANDS, "");
}

/** The same for text of several lines, each of which stays one. */
export function inertLines(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r]/).map(inert);
}
