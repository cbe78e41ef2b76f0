/** A piece of inline Markdown that `token` opens at `at`. `end` is behind what closes it; undefined while it is open. */
export interface Mark {
  readonly kind: "code" | "emphasis" | "link" | "address";
  readonly token: string;
  readonly at: number;
  readonly end: number | undefined;
}

// More marks are not kept open at once, and no longer run of backticks counts as one: this bounds what closing them takes.
const MAX_OPEN = 8;
const MAX_TICKS = 8;

/** The most that closing all open marks of a text can take, in UTF-16 units: two for each, and the backticks. */
export const MAX_CLOSERS = 2 * MAX_OPEN + MAX_TICKS;

interface Scan {
  readonly block: string;
  readonly closed: Mark[];
  open: readonly Mark[];
}

const ADDRESS = /^(?:<[a-z]|http)/i;
// An escape, code, an address (whose underscores mean nothing), a link's brackets, a run of emphasis.
const TOKEN = /\\[^\n]|`+|<[a-z][a-z+.-]*:[^\s<>]*>|\bhttps?:\/\/[^\s<>*`)\]]+|!?\[|\]|\*+|_+|~+/giu;

/**
 * The inline marks of one block (a paragraph, a list item, a heading), in the order in which they open. Reads well-formed text
 * as CommonMark does, and takes an opening mark without an end for one whose end has not come yet.
 */
export function inlineMarks(block: string): Mark[] {
  const scan: Scan = { block, closed: [], open: [] };
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(block); found; found = tokens.exec(block)) {
    tokens.lastIndex = read(scan, found[0], found.index);
  }
  return [...scan.closed, ...scan.open].sort((a, b) => a.at - b.at);
}

/** Takes in one token. Returns where to read on. */
function read(scan: Scan, token: string, at: number): number {
  if (token.startsWith("`")) return readCode(scan, token, at);
  if (token.endsWith("[")) open(scan, { kind: "link", token, at, end: undefined });
  if (token === "]") return readLinkEnd(scan, at);
  if (/^[*_]|^~~$/.test(token)) readRun(scan, token, at);
  if (ADDRESS.test(token)) scan.closed.push({ kind: "address", token, at, end: at + token.length });
  return at + token.length;
}

function open(scan: Scan, mark: Mark): void {
  if (scan.open.length < MAX_OPEN) scan.open = [...scan.open, mark];
}

/** Whatever was opened inside of the mark and is still open was no mark. */
function close(scan: Scan, mark: Mark, end: number): void {
  scan.closed.push({ ...mark, end });
  scan.open = scan.open.slice(0, scan.open.indexOf(mark));
}

function readCode({ block, closed }: Scan, token: string, at: number): number {
  const after = at + token.length;
  for (const run of block.slice(after).matchAll(/`+/g)) {
    if (run[0].length !== token.length) continue;
    const end = after + run.index + token.length;
    closed.push({ kind: "code", token, at, end });
    return end;
  }
  if (token.length > MAX_TICKS) return after;
  closed.push({ kind: "code", token, at, end: undefined });
  return block.length;
}

const DESTINATION = /^\((?:[^()\s\\]|\\.|\([^()\s]*\)|[ \t]+"[^"\n]*"|[ \t]+(?=\)))*\)/;

function readLinkEnd(scan: Scan, at: number): number {
  const after = at + 1;
  const link = scan.open.findLast(({ kind }) => kind === "link");
  if (!link) return after;
  const rest = scan.block.slice(after);
  const destination = DESTINATION.exec(rest);
  if (destination) close(scan, link, after + destination[0].length);
  else if (rest === "" || /^\([^\n]*$/.test(rest)) return scan.block.length;
  else scan.open = scan.open.filter((mark) => mark !== link);
  return after + (destination?.[0].length ?? 0);
}

/**
 * A run of `*`, `_` or `~~`, by CommonMark's flanking rules (spec.commonmark.org, Emphasis and strong emphasis); beside Chinese and
 * Japanese letters and signs, where words have no spaces between them, as its amendment for them has it (commonmark-spec#650); and `**` that
 * could close something closes it, as in `**Note:**so`, which is what people are shown.
 */
function readRun(scan: Scan, run: string, at: number): void {
  const before = kindOf(/.$/su.exec(scan.block.slice(Math.max(0, at - 2), at))?.[0]);
  const after = kindOf(/^./su.exec(scan.block.slice(at + run.length, at + run.length + 2))?.[0]);
  const left = after !== "space" && (after !== "sign" || before !== "letter");
  const right = before !== "space" && (before !== "sign" || after !== "letter");
  const word = run.startsWith("_"); // `_` inside of a word is no mark
  const closes = right && !(word && left && !isSign(after));
  const opens = left && !(word && right && !isSign(before));

  // At the end of what has come, a run behind an open `[` may yet open something inside of the link.
  const inLink = at + run.length === scan.block.length && scan.open.some(({ kind }) => kind === "link");

  const isBold = run === "**" && before === "sign" && scan.open.some(({ token }) => token === run);
  const unread = (closes || isBold) && !inLink ? closeRun(scan, run, at) : run.length;
  if (opens) openRun(scan, run.slice(0, unread), at + run.length - unread);
}

/** Closes what the run's characters close. Returns how many are left. */
function closeRun(scan: Scan, run: string, at: number): number {
  for (let unread = run.length; ;) {
    const mark = scan.open.findLast(({ token }) => token[0] === run[0]);
    if (!mark || mark.token.length > unread) return unread;
    unread -= mark.token.length;
    close(scan, mark, at + run.length - unread);
  }
}

function openRun(scan: Scan, run: string, at: number): void {
  for (let read = 0; read < run.length; read += 2)
    open(scan, { kind: "emphasis", token: run.slice(read, read + 2), at: at + read, end: undefined });
}

type Kind = "space" | "sign" | "letter" | "cjk" | "cjk sign";

const CJK =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\u3000-\u303F\uFF00-\uFFEF]/u;

function kindOf(character: string | undefined): Kind {
  if (character === undefined || /\s/.test(character)) return "space";
  const sign = /[\p{P}\p{S}]/u.test(character);
  if (CJK.test(character)) return sign ? "cjk sign" : "cjk";
  return sign ? "sign" : "letter";
}

const isSign = (kind: Kind) => kind === "sign" || kind === "cjk sign";
