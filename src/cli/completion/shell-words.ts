import { allAsTyped } from "./as-typed.ts";

/** A command as it is being typed, up to the cursor. */
export interface Line {
  /** Those before the one at the cursor, the command's name first, without their quotes. */
  readonly words: readonly string[];
  readonly current: Current;
}

/** The word at the cursor. */
export interface Current {
  /** Without its quotes. */
  readonly text: string;
  /** How each part of it was written; together they are the text. */
  readonly parts: readonly Part[];
  /** The quote that is open. */
  readonly quote: Quote;
}

export interface Part {
  readonly text: string;
  /** By a quote or a backslash. */
  readonly isQuoted: boolean;
}

type Quote = "" | "'" | '"';

/** PURE: reads a line as a POSIX shell does (POSIX.1, Shell Command Language, 2.2 Quoting), as far as words go. The last of several commands counts. */
export function lineOf(line: string): Line {
  let words: string[] = [];
  let parts: Part[] | undefined;
  let quote: Quote = "";
  const add = (text: string, isQuoted: boolean) => {
    parts ??= [];
    parts.push({ text, isQuoted });
  };
  const end = () => {
    if (parts) words.push(textOf(parts));
    parts = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? "";
    const next = line[at + 1];
    if (quote !== "") {
      if (sign === quote) quote = "";
      else if (quote === '"' && sign === "\\" && next !== undefined && '"\\$`'.includes(next)) {
        add(next, true);
        at += 1;
      } else add(sign, true);
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      add("", true);
    } else if (sign === "\\") {
      add(next ?? "", true);
      at += 1;
    } else if (/[\s;&|()]/.test(sign)) {
      end();
      if (!/\s/.test(sign)) words = [];
    } else add(sign, false);
  }
  return { words, current: { text: textOf(parts ?? []), parts: parts ?? [], quote } };
}

const textOf = (parts: readonly Part[]) => parts.map(({ text }) => text).join("");

/**
 * What bash is to put for the word at the cursor so that it becomes one of `candidates`. Bash replaces what stands behind the open quote, or else behind the last
 * of `breaks` (its `COMP_WORDBREAKS`), by what all have in common, and quotes nothing itself. So those that begin otherwise than what was typed are written as
 * it was, where all would have less in common than that: nothing of it is lost.
 */
export function bashReplies(
  current: Current,
  candidates: readonly string[],
  breaks: string,
): readonly string[] {
  const { parts, text, quote } = current;
  const all = allAsTyped(text, candidates);
  const open = quote === "" ? lastBreak(parts, breaks) : openQuote(parts);
  const lead = textOf(parts.slice(0, open + 1));
  return all
    .filter((candidate) => candidate.startsWith(lead))
    .map((candidate) => quoted(candidate.slice(lead.length), quote));
}

function quoted(text: string, quote: Quote): string {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return text.replaceAll(/["\\$`]/g, "\\$&");
  return text.replaceAll(/(?![\w./:@%+,=~-])[\0-\x7F]/g, "\\$&");
}

const lastBreak = (parts: readonly Part[], breaks: string) =>
  parts.findLastIndex(({ text, isQuoted }) => !isQuoted && text !== "" && breaks.includes(text));

/** Each quote that is opened adds an empty part. */
const openQuote = (parts: readonly Part[]) =>
  parts.findLastIndex(({ text, isQuoted }) => isQuoted && text === "");
