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
];

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
