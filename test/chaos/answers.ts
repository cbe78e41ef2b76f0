import type { Script } from "../../src/sandbox/telnyx/script.ts";
import type { ModelCall } from "./evidence.ts";

/** What a person asks: a number that is asked once, and how long the answer is to be. */
export const wordsOf = (ask: number, length: number) => `q${ask} please, in ${length} letters`;

const ASKED = /\bq(\d+) please, in (\d+) letters/g;

/** The question in a text that holds one; of several, the last. */
export function askedIn(text: string): { readonly ask: number; readonly length: number } | undefined {
  const last = [...text.matchAll(ASKED)].at(-1);
  return last && { ask: Number(last[1]), length: Number(last[2]) };
}

/**
 * What the model answers, of about so many letters: no two lines of any answers are alike, so that whatever is lost, doubled or out of
 * place shows. Long ones have prose and fences in turn.
 */
export function answerTo(ask: number, length: number): string {
  const lines: string[] = [];
  const missing = () => length - lines.join("\n").length;
  for (let paragraph = 1; missing() > 0; paragraph += 1) {
    const name = `${ask}.${paragraph}`;
    lines.push(`Answer ${ask}, part ${paragraph}: as far as anybody knows, the number here is ${name}.`, "");
    if (paragraph % 2 === 0) lines.push(...code(name, Math.min(30, missing() / 40)), "");
  }
  return lines.join("\n").trimEnd();
}

function code(name: string, count: number): readonly string[] {
  const lines = Array.from(
    { length: Math.max(1, count) },
    (_, line) => `const value = "${name}.${line}"; // one of many`,
  );
  return ["```js", ...lines, "```"];
}

/** The model at the Telnyx twin, and what it was asked: requests that were refused never came to it. */
export function createModel(): { readonly script: Script; readonly calls: readonly ModelCall[] } {
  const calls: ModelCall[] = [];
  const script: Script = ({ input }) => {
    const asked = askedIn(input.map(({ text }) => text ?? "").join("\n"));
    if (!asked) return [{ kind: "text", text: "What was the question?" }];
    calls.push({ ask: asked.ask, at: Date.now() });
    return [{ kind: "text", text: answerTo(asked.ask, asked.length) }];
  };
  return { script, calls };
}

/**
 * A text without what pages may change of it: the fence lines that close and reopen code where a page ends, and white space. Two texts
 * that are the same by this are the same to a reader.
 */
export function essence(text: string): string {
  return text.replaceAll(/^ *```\w*$/gm, "").replaceAll(/\s+/g, "");
}
