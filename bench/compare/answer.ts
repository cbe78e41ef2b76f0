import type { Piece, Script } from "../../src/sandbox/telnyx/script.ts";

/** About what a quick hosted model writes. */
export const TOKENS_PER_SECOND = 60;
/** Tokens of a segment: how finely it is known what is on screen. */
const SEGMENT = 3;
const WORDS =
  "tide rope lamp the sail of oar deep reef buoy mast gull and foam knot pier salt a wind chart".split(" ");

/** Three tokens of an answer. The first names the question and the segment, so that it is known wherever it is seen. */
export interface Segment {
  /** Letters and digits alone: what is left of it under any formatting. */
  readonly mark: string;
  /** Where it ends in the answer. */
  readonly end: number;
  /** When the model had said all of it, on the monotonic clock. NaN until then. */
  readonly at: number;
}

/** One answer of the model, and when it said what. */
export interface Answer {
  readonly question: number;
  readonly text: string;
  readonly segments: readonly Segment[];
  /** When the first token was said, and when the last. */
  readonly begunAt: number;
  readonly endedAt: number;
}

/** Letters and digits: the same for Markdown, mrkdwn and what either shows. Opening and closing lines of fences are no text. */
export function bare(text: string): string {
  return text.replaceAll(/^\s*```\w*\s*$/gmu, "").replaceAll(/[^a-z0-9]/giu, "");
}

/** The number of the question that a shown text answers, or nothing. */
export function questionIn(text: string): number | undefined {
  const found = /k(\d\d)\d{3}/u.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The tokens of an answer to that question: paragraphs, a list, bold and code words, and a block of code in the midst. */
export function tokensOf(question: number, count: number): readonly string[] {
  const name = (i: number) =>
    `k${String(question).padStart(2, "0")}${String(Math.floor(i / SEGMENT)).padStart(3, "0")}`;
  const code = { from: Math.floor(count * 0.4), to: Math.floor(count * 0.6) };
  return Array.from({ length: count }, (_, i) => {
    const word = i % SEGMENT === 0 ? name(i) : (WORDS[(i * 7) % WORDS.length] ?? "");
    if (i === code.from) return `\n\n\`\`\`ts\n${word}`;
    if (i === code.to) return `\n\`\`\`\n\n${word}`;
    if (i > code.from && i < code.to) return i % 12 === 0 ? `;\n${word}` : ` ${word}`;
    if (i === 0) return word;
    if (i % 120 === 0) return `\n\n## ${word}`;
    if (i % 60 === 0) return `\n\n${word}`;
    if (i % 60 > 45 && i % 5 === 0) return `\n- ${word}`;
    return i % 17 === 0 ? ` **${word}**` : ` ${word}`;
  });
}

/** A model that answers `question NN` with that question's answer, at an even pace, and what it has said so far. */
export function createModel(tokens: number): {
  readonly script: Script;
  readonly answers: ReadonlyMap<number, Answer>;
} {
  const answers = new Map<number, Answer>();
  const script: Script = async function* ({ input }): AsyncGenerator<Piece> {
    const asked = input.map(({ text }) => /question (\d\d)/u.exec(text ?? "")?.[1]).findLast(Boolean);
    const question = Number(asked);
    const all = question === WARM_UP ? tokensOf(question, SEGMENT) : tokensOf(question, tokens);
    const begunAt = performance.now();
    const segments: Segment[] = [];
    let text = "";
    for (const [i, token] of all.entries()) {
      yield { kind: "wait", ms: Math.max(0, begunAt + (i * 1000) / TOKENS_PER_SECOND - performance.now()) };
      text += token;
      if (i % SEGMENT === SEGMENT - 1 || i === all.length - 1) {
        const mark = bare(text.slice(segments.at(-1)?.end ?? 0));
        segments.push({ mark, end: text.length, at: performance.now() });
      }
      yield { kind: "text", text: token };
    }
    answers.set(question, { question, text, segments, begunAt, endedAt: performance.now() });
  };
  return { script, answers };
}

/** The question that is asked before anything is measured: its answer is one segment. */
export const WARM_UP = 99;
