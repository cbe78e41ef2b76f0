import { blocksOf } from "./prose.ts";

/** A kind of code that models leave unfenced: how its first line looks, and which lines after it belong to it. */
interface Bare {
  readonly language: string;
  readonly begins: (lines: readonly string[], at: number) => boolean;
  /** The line behind it. */
  readonly end: (lines: readonly string[], at: number) => number;
}

const isBlank = (line: string | undefined) => line === undefined || line.trim() === "";

function paragraphEnd(lines: readonly string[], at: number): number {
  let end = at;
  while (!isBlank(lines[end])) end += 1;
  return end;
}

const CHANGE = /^[+-](?:[ \t]|$)/;

function changesEnd(lines: readonly string[], at: number): number {
  let end = at;
  while (CHANGE.test(lines[end] ?? "")) end += 1;
  return end;
}

/** Signs for frames, trees and bars (unicode.org, Box Drawing and Block Elements). */
const DRAWN = /[\u2500-\u259F]/;
/** The edge of a box, an arrow from or to one, a bar of a chart, or lines that lead from one to the next. */
const TYPED =
  /\+[-=]{2,}\+|[-=]{2,}>\s*\||\|\s*<[-=]{2,}|^\s*[\w.%:-]{1,12}\s+\|\s*[#=*]+\s*$|^\s*[|v^\\/](?:[\s|v^\\/]*)$|^\s*\|.*\|\s*$/;
/** What Markdown would show as what it says. */
const MARKED = /\*\*|`|\]\(|^\s*(?:[-*+]\s|\d+[.)]\s|#{1,6}\s|>)|^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$/;
const ROOT = /^[\w.@~/-]+$/;
/** Of so many of its lines, a drawing consists of signs. */
const DRAWN_SHARE = 0.6;
/** Lines of a paragraph by which it is judged: this keeps the time in proportion to the text. */
const MOST_JUDGED = 40;

/** A drawing or a tree of files: only code keeps its signs below one another. */
function isDrawing(lines: readonly string[], at: number): boolean {
  const [line = "", next = ""] = lines.slice(at, at + 2);
  if (isTyped(lines[at - 1]) || !(isTyped(line) || (ROOT.test(line) && /^[├└│]/.test(next)))) return false;
  const ahead = lines.slice(at, at + MOST_JUDGED);
  const own = ahead.slice(0, paragraphEnd(ahead, 0));
  if (own.some((one) => MARKED.test(one))) return false;
  const drawn = own.filter(isTyped);
  const edges = drawn.filter((one) => !/^\s*\|.*\|\s*$/.test(one));
  return drawn.length > 1 && edges.length > 0 && drawn.length >= own.length * DRAWN_SHARE;
}

/** Most lines have none of the signs, and are not looked at further. */
const SIGNS = /[|+\u2500-\u259F]|^\s*[v^\\/]/;
const isTyped = (line = "") => SIGNS.test(line) && (DRAWN.test(line) || TYPED.test(line));

const KINDS: readonly Bare[] = [
  {
    language: "yaml",
    begins: (lines, at) => at === 0 && frontMatterEnd(lines) > 0,
    end: frontMatterEnd,
  },
  {
    language: "json",
    begins: (lines, at) =>
      isBlank(lines[at - 1]) && /^[[{]$/.test(lines[at] ?? "") && /^\s*["[\]{}\d]/.test(lines[at + 1] ?? '"'),
    end: paragraphEnd,
  },
  {
    language: "python",
    begins: (lines, at) => /^>>> \S/.test(lines[at] ?? "") && !(lines[at - 1] ?? "").startsWith(">"),
    end: paragraphEnd,
  },
  {
    language: "diff",
    begins: (lines, at) => {
      const changes = lines.slice(at, changesEnd(lines, at));
      return ["+", "-"].every((sign) => changes.some((line) => line.startsWith(sign)));
    },
    end: changesEnd,
  },
  { language: "latex", begins: (lines, at) => environmentEnd(lines, at) > at, end: environmentEnd },
  { language: "", begins: isDrawing, end: paragraphEnd },
];

const ENVIRONMENT = /^\\begin\{([a-z]{1,20}\*?)\}/;
/** A formula of more lines ends within so many. */
const MOST_LINES = 60;

/** A formula that stands between its own two lines. As far as `at`: there is none. */
function environmentEnd(lines: readonly string[], at: number): number {
  const name = ENVIRONMENT.exec(lines[at] ?? "")?.[1];
  if (name === undefined) return at;
  const length = lines.slice(at, at + MOST_LINES).findIndex((line) => line.includes(`\\end{${name}}`));
  return length < 0 ? at : at + length + 1;
}

const SETTING = /^(?:[\w-]+:(?:\s|$)|\s+\S|- )/;

/** Settings between two lines of dashes at the very beginning. 0: there are none. */
function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0] !== "---") return 0;
  const closing = lines.indexOf("---", 1);
  return closing > 1 && lines.slice(1, closing).every((line) => SETTING.test(line)) ? closing + 1 : 0;
}

/** With fences around what is code by its look: front matter, JSON, Python's prompts, changes. */
export function fenced(markdown: string): string {
  return blocksOf(markdown)
    .map(({ text, isCode }) => (isCode ? text : withFences(text)))
    .join("");
}

function withFences(prose: string): string {
  const lines = prose.split("\n");
  const shown: string[] = [];
  for (let at = 0; at < lines.length;) {
    const kind = KINDS.find(({ begins }) => begins(lines, at));
    const end = kind ? kind.end(lines, at) : at + 1;
    const own = lines.slice(at, end);
    if (!kind || own.some((line) => line.includes("```"))) shown.push(...own);
    else {
      const isFrontMatter = kind.language === "yaml";
      shown.push(`\`\`\`${kind.language}`, ...(isFrontMatter ? own.slice(1, -1) : own), "```");
    }
    at = end;
  }
  return shown.join("\n");
}
