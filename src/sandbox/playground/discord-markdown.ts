import type { Emphasis, Paragraph, PhrasingContent, Root, RootContent } from "mdast";

/* Where Discord's Markdown differs from CommonMark in more than what it lacks. */

const FENCE = /^\s{0,3}(?<marks>`{3,})/u;
const QUOTE = /^> /u;
const REST_QUOTE = /^>>> /u;
const ITEM = /^\s*(?:[-*]|\d{1,9}\.) /u;
/** What Discord shows as signs: a quotation within one. */
const INNER_QUOTE = /^> (?=>)/u;
const INDENT = /^[ \t]+(?=[^\s>#`-])/u;

/** Stands for nothing: no character by Unicode's rules, and no sign to CommonMark. It is taken out again. */
export const NOTHING = "\uFDD1";
/** Between these marks Discord takes anything for emphasised; CommonMark not what begins or ends with a sign beside a letter. */
const EMPHASIS = /(?<![*~\\])(\*{1,3}|~~)(?=[^\s*~])([^\n*~]+)(?<=[^\s\\])\1(?![*~])/gu;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Ends quotes and lists where Discord ends them: at the next line that is none, which CommonMark would draw in. `>>> ` quotes
 * all the rest. Outside of lists an indent is shown, and within a quotation the marks of another.
 */
export function discordLines(source: string): string {
  const ready: string[] = [];
  let fence = "";
  let quoting = false;
  let last = "";
  for (const raw of source.split("\n")) {
    quoting ||= fence === "" && REST_QUOTE.test(raw);
    const quoted = quoting ? `> ${raw.replace(REST_QUOTE, "")}` : raw;
    const line = fence === "" ? asDiscordReads(quoted, last) : quoted;
    const marks = FENCE.exec(line)?.groups?.["marks"] ?? "";
    if (fence === "" && swallows(last, line)) ready.push("");
    ready.push(line);
    if (fence === "") fence = isOpening(line, marks) ? marks : "";
    else if (marks.length >= fence.length && line.trim() === marks) fence = "";
    last = fence === "" ? line : "";
  }
  return ready.join("\n");
}

function asDiscordReads(line: string, last: string): string {
  const isListed = ITEM.test(line) || ITEM.test(last) || /^[ \t]/u.test(last);
  const indented = isListed ? line : line.replace(INDENT, (indent) => "\u00A0".repeat(indent.length));
  return emphasised(indented.replace(INNER_QUOTE, "> \\"));
}

function emphasised(line: string): string {
  return line.replaceAll(EMPHASIS, (whole: string, mark: string, words: string, at: number) => {
    const before = LETTER.test(line.charAt(at - 1)) ? NOTHING : "";
    const after = LETTER.test(line.charAt(at + whole.length)) ? NOTHING : "";
    return mark + before + words + after + mark;
  });
}

/** A line with another fence after the first is a code span. */
function isOpening(line: string, marks: string): boolean {
  return marks !== "" && !line.trimStart().slice(marks.length).includes("`");
}

function swallows(last: string, line: string): boolean {
  if (line.trim() === "") return false;
  if (QUOTE.test(last)) return !QUOTE.test(line);
  // CommonMark begins a list below a line of text with nothing but a bullet or 1.
  if (ITEM.test(line)) return last.trim() !== "" && !ITEM.test(last) && !/^[ \t]/u.test(last);
  return ITEM.test(last) && !/^\s/u.test(line);
}

/** Finds spoilers and subtext, for which CommonMark has no word. Changes the tree. */
export function discordTree(tree: Root): Root {
  visit(tree);
  return tree;
}

function visit(parent: { children: RootContent[] }): void {
  parent.children = parent.children.flatMap((node): RootContent[] =>
    node.type === "paragraph" ? inLines(node) : [node],
  );
  for (const node of parent.children) if ("children" in node) visit(node);
}

/** Lines that begin with `-# ` are small; the others stay paragraphs. */
function inLines(paragraph: Paragraph): Paragraph[] {
  const groups: { small: boolean; lines: PhrasingContent[][] }[] = [];
  for (const line of linesOf(withSpoilers(paragraph.children))) {
    const [first] = line;
    const small = first?.type === "text" && first.value.startsWith("-# ");
    const content: PhrasingContent[] = small
      ? [marked("small", [{ ...first, value: first.value.slice(3) }, ...line.slice(1)])]
      : line;
    const group = groups.at(-1);
    if (group && !small && !group.small) group.lines.push(content);
    else groups.push({ small, lines: [content] });
  }
  return groups.map(({ lines }) => ({
    type: "paragraph",
    children: lines.flatMap((line, index) => (index === 0 ? line : [{ type: "break" } as const, ...line])),
  }));
}

function linesOf(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const found: PhrasingContent[][] = [[]];
  for (const child of children) {
    const parts = child.type === "text" ? child.value.split("\n") : undefined;
    if (!parts) found.at(-1)?.push(child);
    for (const [index, value] of (parts ?? []).entries()) {
      if (index > 0) found.push([]);
      if (value !== "") found.at(-1)?.push({ type: "text", value });
    }
  }
  return found;
}

/** What stands between two `||`, of which the second may be in another run of text. */
function withSpoilers(children: readonly PhrasingContent[]): PhrasingContent[] {
  const shown: PhrasingContent[] = [];
  let hidden: PhrasingContent[] | undefined;
  for (const child of children) {
    const parts = child.type === "text" ? child.value.split("||") : undefined;
    if (!parts) (hidden ?? shown).push(child);
    for (const [index, value] of (parts ?? []).entries()) {
      if (index > 0 && hidden) {
        shown.push(marked("span", hidden));
        hidden = undefined;
      } else if (index > 0) hidden = [];
      if (value !== "") (hidden ?? shown).push({ type: "text", value });
    }
  }
  return hidden ? [...shown, { type: "text", value: "||" }, ...hidden] : shown;
}

function marked(tagName: "small" | "span", children: PhrasingContent[]): Emphasis {
  const spoiler = { className: ["spoiler"], role: "button", tabIndex: 0, ariaLabel: "Spoiler, hidden" };
  const hProperties = tagName === "span" ? spoiler : {};
  return { type: "emphasis", data: { hName: tagName, hProperties }, children };
}
