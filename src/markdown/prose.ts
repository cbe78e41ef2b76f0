const OPENING = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})/;

/** Blocks of code, and what stands between them, each with the line ends that belong to it: joined they are the text. */
export function blocksOf(markdown: string): { readonly text: string; readonly isCode: boolean }[] {
  const blocks: { text: string; isCode: boolean }[] = [];
  const add = (text: string, isCode: boolean, anew = false) => {
    const last = blocks.at(-1);
    if (last && last.isCode === isCode && !anew) last.text += text;
    else blocks.push({ text, isCode });
  };
  let fence = "";
  for (const line of markdown.split(/(?<=\n)/)) {
    const mark = OPENING.exec(line.trimEnd())?.[1] ?? "";
    if (fence === "") {
      fence = mark;
      add(line, mark !== "", mark !== "");
      continue;
    }
    add(line, true);
    if (line.replace(/^[ \t>]*/, "").trim() === mark && mark.startsWith(fence)) fence = "";
  }
  return blocks;
}

/** The parts of a text that are code in a line, as [start, end): from a run of backticks to the next of the same length. */
export function codeSpans(prose: string): (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  const runs = Array.from(prose.matchAll(/\\`|`+/g), ({ 0: run, index }) => ({ run, index }));
  let from = 0;
  for (const [at, { run, index }] of runs.entries()) {
    if (index < from || run.startsWith("\\")) continue;
    // Code ends with its paragraph.
    const paragraphEnd = prose.indexOf("\n\n", index);
    const end = runs.slice(at + 1, at + 1 + MAX_RUNS).find((other) => other.run === run)?.index;
    if (end === undefined || (paragraphEnd >= 0 && end > paragraphEnd)) continue;
    from = end + run.length;
    spans.push([index, from]);
  }
  return spans;
}

/** Runs of backticks among which the end of code is looked for: this keeps the time in proportion to the text. */
const MAX_RUNS = 100;

/** Changes what is not code, each part by itself. */
export function outsideCode(prose: string, change: (part: string) => string): string {
  let changed = "";
  let from = 0;
  for (const [start, end] of codeSpans(prose)) {
    changed += change(prose.slice(from, start)) + prose.slice(start, end);
    from = end;
  }
  return changed + change(prose.slice(from));
}

/** Changes what is code in a line, each part by itself. */
export function inCode(prose: string, change: (code: string) => string): string {
  let changed = "";
  let from = 0;
  for (const [start, end] of codeSpans(prose)) {
    changed += prose.slice(from, start) + change(prose.slice(start, end));
    from = end;
  }
  return changed + prose.slice(from);
}
