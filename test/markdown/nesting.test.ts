import * as fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, test } from "vitest";
import { nested } from "../../src/markdown/nesting.ts";

interface Line {
  readonly depth: number;
  readonly isNumber: boolean;
  readonly hasCode: boolean;
}

const line = fc.record({ depth: fc.nat(3), isNumber: fc.boolean(), hasCode: fc.boolean() });
const list = fc.record({
  lines: fc.array(line, { minLength: 2, maxLength: 8 }).map(withoutGaps),
  step: fc.constantFrom(2, 3, 4),
});

/** No line is deeper than one level below the one above it; those of one level that belong together have one kind of marker. */
function withoutGaps(lines: readonly Line[]): Line[] {
  const shown: Line[] = [];
  for (const one of lines) {
    const depth = Math.min(one.depth, (shown.at(-1)?.depth ?? -1) + 1);
    const sibling = shown.findLast((other) => other.depth <= depth);
    const isNumber = sibling?.depth === depth ? sibling.isNumber : one.isNumber;
    shown.push({ ...one, depth, isNumber });
  }
  return shown;
}

/** A list that begins right below words begins with 1 (spec.commonmark.org, Lists). */
function numberOf(lines: readonly Line[], at: number): number {
  const depth = lines[at]?.depth ?? 0;
  const above = lines.slice(0, at);
  const begin = above.findLastIndex((one) => one.depth < depth) + 1;
  return above.slice(begin).filter((one) => one.depth === depth).length + 1;
}

const written = ({ lines, step }: { readonly lines: readonly Line[]; readonly step: number }) =>
  lines
    .map(({ depth, isNumber, hasCode }, at) => {
      const indent = " ".repeat(depth * step);
      const inside = " ".repeat((depth + 1) * step);
      const code = `\n${inside}\`\`\`\n${inside}c${at}\n${inside}\`\`\``;
      return `${indent}${isNumber ? `${numberOf(lines, at)}.` : "-"} w${at}${hasCode ? code : ""}`;
    })
    .join("\n");

/** How many lists the words and the code of each item stand in, as a parser of standard Markdown has it. */
function depths(markdown: string): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (node: Nodes, depth: number) => {
    if (node.type === "text" || node.type === "code")
      for (const word of node.value.split("\n")) found.set(word, depth);
    const inside = node.type === "list" ? depth + 1 : depth;
    if ("children" in node) for (const child of node.children) visit(child, inside);
  };
  visit(fromMarkdown(markdown), 0);
  return found;
}

test("any parser finds lists within lists as they were written, by two, three or four spaces", () => {
  let wrong = 0;
  fc.assert(
    fc.property(list, (made) => {
      const wanted = new Map(
        made.lines.flatMap(({ depth, hasCode }, at) => [
          [`w${at}`, depth + 1] as const,
          ...(hasCode ? [[`c${at}`, depth + 1] as const] : []),
        ]),
      );
      const text = written(made);
      expect(depths(nested(text)), text).toEqual(wanted);
      expect(nested(nested(text))).toBe(nested(text));
      const found = depths(text);
      wrong += Number([...wanted].some(([word, depth]) => found.get(word) !== depth));
    }),
    { numRuns: 300 },
  );
  expect(wrong).toBeGreaterThan(60);
});
