import type { Bind } from "../archive-dialect.ts";
import type { AnyOf, Phrase, WordsDialect } from "./word-index.ts";

/*
 * FTS5 over words that its plainest tokenizer leaves as they are (sqlite.org/fts5.html, Full-text Query Syntax). What begins in one way has to be put together of
 * all words that do, before the first turn is known: of two letters that takes a second and more. So the beginnings of words, up to four letters, are
 * words of an index of their own, which knows no more than which turns have them. FTS5's own `prefix` keeps their places in the text as well, and is
 * five times as large (bench/RESULTS.md).
 */

/** What begins with more letters is put together within a few milliseconds. */
const LETTERS = 4;

/** Without places a part of the index has no marks to find a single turn by, but is read through: that takes eight times as long as for a word (bench/RESULTS.md). */
const PROBE = 8;

function beginningsOf(words: readonly string[]): string {
  const all = new Set<string>();
  for (const word of words)
    for (let letters = 1; letters <= Math.min(LETTERS, word.length); letters += 1)
      all.add(word.slice(0, letters));
  return [...all].join(" ");
}

const dropFrom = (table: string) => `DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each($1))`;
const PUT_BEGINNINGS = `INSERT INTO turn_beginnings (rowid, words)
    SELECT value ->> '$.id', value ->> '$.beginnings' FROM json_each($1)`;

export const sqliteWords: WordsDialect = {
  drop: [dropFrom("turn_words"), dropFrom("turn_beginnings")],
  put: [
    `INSERT INTO turn_words (rowid, question, answer)
    SELECT value ->> '$.id', value ->> '$.question', value ->> '$.answer' FROM json_each($1)`,
    PUT_BEGINNINGS,
  ],
  row: (id, question, answer) => ({
    id,
    question: question.join(" "),
    answer: answer.join(" "),
    beginnings: beginningsOf([...question, ...answer]),
  }),
  renewal: {
    from: "SELECT turn FROM beginnings_from",
    reached: "UPDATE beginnings_from SET turn = $1",
    drop: dropFrom("turn_beginnings"),
    put: PUT_BEGINNINGS,
  },
  isApart: isShort,
  find: (bind, said, edge) =>
    edge?.near !== undefined && edge.id === undefined
      ? `SELECT value AS id FROM json_each(${bind(edge.near)})`
      : having(bind, said),
  holds: ({ id }, bind, said, edge) => {
    // A list is made when it is first asked, and so not at all if it never is.
    const list = (where: Where = {}) => `${id} IN (${having(bind, said, where)})`;
    const others = (where?: Where) =>
      edge?.dense ? `EXISTS (${having(bind, said, { is: id })})` : list(where);
    const kept =
      edge?.near === undefined ? undefined : `${id} IN (SELECT value FROM json_each(${bind(edge.near)}))`;
    if (edge?.id === undefined) return kept ?? others();
    // FTS5 goes by whole numbers alone, and numbers are given as floating ones.
    const at = `CAST(${bind(edge.id)} AS INTEGER)`;
    const [near, beyond, behind]: [string, Where, Where] = edge.newest
      ? [">=", { from: at }, { below: at }]
      : ["<=", { below: `${at} + 1` }, { from: `${at} + 1` }];
    return `CASE WHEN ${id} ${near} ${at} THEN ${kept ?? list(beyond)} ELSE ${others(behind)} END`;
  },
  readOff: ([one, ...others]) => {
    if (!one || others.length > 0) return 0;
    const each = one.map((phrase): number => (isShort(phrase) ? PROBE : isWord(phrase) ? 1 : 0));
    return each.includes(0) ? 0 : each.reduce((sum, slowly) => sum + slowly, 0);
  },
  edge: (said, { newest, most, keep }) => {
    const values = [most] as (string | number)[];
    const bind: Bind = (value) => `$${values.push(value ?? "")}`;
    const found = `SELECT e.id FROM (${having(bind, said)}) e ORDER BY e.id ${newest ? "DESC" : "ASC"} LIMIT`;
    if (!keep) return { sql: `${found} 1 OFFSET $1 - 1`, values };
    const last = `CASE WHEN count(*) = $1 THEN ${newest ? "min" : "max"}(e.id) END`;
    return {
      sql: `SELECT ${last} AS id, count(*) AS found, json_group_array(e.id) AS near FROM (${found} $1) e`,
      values,
    };
  },
};

const isWord = ({ words, prefix }: Phrase) => words.length === 1 && !prefix;
/** Whether it is a word of the index of beginnings. */
function isShort({ words: [word = "", ...others], prefix }: Phrase): boolean {
  return prefix && others.length === 0 && word.length <= LETTERS;
}

/** SQL: which turns. */
interface Where {
  readonly is?: string;
  readonly from?: string;
  readonly below?: string;
}

/** FTS5 takes one bound of each kind, and has all that there is looked through for a second. */
const bounded = ({ is, from, below }: Where) =>
  [
    ...(is === undefined ? [] : [` AND rowid = ${is}`]),
    ...(from === undefined ? [] : [` AND rowid >= ${from}`]),
    ...(below === undefined ? [] : [` AND rowid < ${below}`]),
  ].join("");

/** SQL: a query for the turns in which each of these is said, as `id`. */
function having(bind: Bind, all: readonly AnyOf[], where: Where = {}): string {
  const [short, others] = [all.filter(isBegun), all.filter((one) => !isBegun(one))];
  const said = (some: readonly AnyOf[], its: Where, beside = "") =>
    `SELECT rowid AS id FROM ${beside}turn_words WHERE turn_words MATCH ${bind(matching(some))}${bounded(its)}`;
  if (short.length === 0) return said(others, where);
  const begins = matching(short.map((phrases) => phrases.map(({ words }) => ({ words, prefix: false }))));
  const begun = (its: Where) =>
    `SELECT rowid AS id FROM turn_beginnings WHERE turn_beginnings MATCH ${bind(begins)}${bounded(its)}`;
  const { from, below } = where;
  const first = "(SELECT f.turn FROM beginnings_from f)";
  const its = { ...where, from: from === undefined ? first : `max(${from}, ${first})` };
  const near =
    others.length === 0
      ? begun(its)
      : `${said(others, its)} AND EXISTS (${begun({ is: "turn_words.rowid" })})`;
  // What an earlier version took in, until that is renewed: where there is none, nothing of this is begun.
  const end = { ...where, below: below === undefined ? "f.turn" : `min(${below}, f.turn)` };
  return `${near} UNION ALL ${said(all, end, "beginnings_from f CROSS JOIN ")} AND f.turn > 1`;
}

/** None of `isApart` is said beside others. */
const isBegun = (phrases: AnyOf) => phrases.every(isShort);

const matching = (said: readonly AnyOf[]) =>
  said.map((phrases) => `(${phrases.map(quoted).join(" OR ")})`).join(" AND ");

const quoted = ({ words, prefix }: Phrase) => `"${words.join(" ")}"${prefix ? " *" : ""}`;
