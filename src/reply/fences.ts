/** A code fence that is open: what it takes to close it, and to open it again on the next page. */
export interface Fence {
  /** How many `>` its lines begin with. */
  readonly quotes: number;
  readonly indent: number;
  readonly mark: string;
  readonly language: string;
}

/** One line, without its newline, and the fence that is open before it and after it. */
export interface Line {
  readonly start: number;
  readonly text: string;
  readonly before: Fence | undefined;
  readonly after: Fence | undefined;
  /** It opens a fence, is inside of one, or closes it. A line that only ends the quotation around a fence does not. */
  readonly fenced: boolean;
}

// What a page spends on fence lines is bounded by these, so that the room for them can be fixed. A longer mark or a deeper
// quote is taken for text; a language or an indent is cut.
const MAX_MARK = 10;
const MAX_QUOTES = 3;
const MAX_INDENT = 8;

/** The most that `closing` can add, in UTF-16 units, with a newline before it. */
export const MAX_CLOSING = 1 + 2 * MAX_QUOTES + MAX_INDENT + MAX_MARK;

// A fence may stand in quotes and list items at any depth. Indented code (four spaces) is not told apart from a deep list item:
// in answers the second is common, and the first with a fence inside is not.
const OPENING = /^((?:[ \t]*>)*)([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})(.*)$/s;
const CLOSING = /^([ \t]*)(`{3,}|~{3,})\s*$/;
const LANGUAGE = /^\s*([\w+#.-]{1,16})/;

/** The lines of `text`, with the fences as someone who reads only `text` sees them. After a newline at its end comes an empty line. */
export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let before: Fence | undefined;
  for (const line of text.split("\n")) {
    const isNoLineYet = line === "" && start === text.length;
    const within = before !== undefined && unquote(line, before.quotes) !== undefined;
    const after = isNoLineYet ? before : step(before, line);
    lines.push({ start, text: line, before, after, fenced: after !== undefined || within });
    start += line.length + 1;
    before = after;
  }
  return lines;
}

/** The fence that is open where `text` ends. */
export function openFence(text: string): Fence | undefined {
  return readLines(text).at(-1)?.after;
}

/** The line that closes the fence. */
export function closing(fence: Fence): string {
  return `${prefix(fence)}${fence.mark}`;
}

/** Whether the last line of a text that still grows has come so far only as what closes the fence begins. */
export function mayClose(fence: Fence, line: string): boolean {
  const content = (unquote(line, fence.quotes) ?? "").trim();
  return Array.from(content).every((character) => character === fence.mark[0]);
}

/** The line that opens the fence again, with its newline. `midLine`: what follows is the rest of a line. */
export function reopening(fence: Fence, midLine: boolean): string {
  return `${closing(fence)}${fence.language}\n${midLine ? "> ".repeat(fence.quotes) : ""}`;
}

/** How a line ends the fence: it closes it, or the quotation around it is over, so that the line is none of its own. */
export function endBy(fence: Fence, line: string): "closed" | "left" | undefined {
  const content = unquote(line, fence.quotes);
  if (content === undefined) return "left";
  return closes(fence, content) ? "closed" : undefined;
}

/** A line of code, without what stands before it because its fence is in a quotation or in an item of a list. */
export function codeIn(fence: Fence, line: string): string {
  const content = unquote(line, fence.quotes) ?? line;
  let at = 0;
  for (let columns = 0; columns < fence.indent && /[ \t]/.test(content[at] ?? ""); at += 1)
    columns += content[at] === "\t" ? 4 : 1;
  return content.slice(at);
}

function prefix({ quotes, indent }: Fence): string {
  return "> ".repeat(quotes) + " ".repeat(Math.min(indent, MAX_INDENT));
}

function step(open: Fence | undefined, line: string): Fence | undefined {
  if (open === undefined) return opened(line);
  const content = unquote(line, open.quotes);
  if (content === undefined) return opened(line);
  return closes(open, content) ? undefined : open;
}

function closes(open: Fence, content: string): boolean {
  const [, indent = "", mark = ""] = CLOSING.exec(content) ?? [];
  const isMark = mark[0] === open.mark[0] && mark.length >= open.mark.length;
  return isMark && width(indent) < open.indent + 4;
}

function opened(line: string): Fence | undefined {
  const [, quoting = "", indent = "", mark = "", info = ""] = OPENING.exec(line) ?? [];
  const quotes = quoting.replaceAll(/[ \t]/g, "").length;
  if (mark === "" || mark.length > MAX_MARK || quotes > MAX_QUOTES) return undefined;
  if (mark.startsWith("`") && info.includes("`")) return undefined;
  return {
    quotes,
    indent: width(indent.slice(quotes > 0 ? 1 : 0)),
    mark,
    language: LANGUAGE.exec(info)?.[1] ?? "",
  };
}

/** The line inside `quotes` levels of quotation, or undefined when it is not that deep: the quotation has ended. */
function unquote(line: string, quotes: number): string | undefined {
  let content = line;
  for (let depth = 0; depth < quotes; depth += 1) {
    const quote = /^[ \t]*> ?/.exec(content);
    if (quote === null) return undefined;
    content = content.slice(quote[0].length);
  }
  return content;
}

function width(indent: string): number {
  return indent.replaceAll("\t", "    ").length;
}
