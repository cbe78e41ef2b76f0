/**
 * The parts of a text that are code, as [start, end): from a run of backticks to the next run of the same length. Inline code
 * and fenced blocks alike; an escaped backtick opens nothing, and a run that nothing closes is no code.
 */
export function codeSpans(text: string): readonly (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  const openings = /\\[\\`]|`+/g;
  for (let found = openings.exec(text); found; found = openings.exec(text)) {
    const [run] = found;
    const end = run.startsWith("\\") ? undefined : endOfCode(text, openings.lastIndex, run.length);
    if (end === undefined) continue;
    spans.push([found.index, end]);
    openings.lastIndex = end;
  }
  return spans;
}

function endOfCode(text: string, from: number, length: number): number | undefined {
  const runs = /`+/g;
  runs.lastIndex = from;
  for (let found = runs.exec(text); found; found = runs.exec(text)) {
    if (found[0].length === length) return runs.lastIndex;
  }
  return undefined;
}

/** Changes what is not code. Discord renders neither mentions nor emoji in code, and people copy it. */
export function outsideCode(text: string, change: (prose: string) => string): string {
  let changed = "";
  let from = 0;
  for (const [start, end] of codeSpans(text)) {
    changed += change(text.slice(from, start)) + text.slice(start, end);
    from = end;
  }
  return changed + change(text.slice(from));
}
