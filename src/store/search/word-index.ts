import type { Bind } from "../archive-dialect.ts";
import type { Statement } from "../dialect.ts";

/** Words that follow each other, in the question or in the answer, as `searchable` makes them; with `prefix` the last may be a beginning. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** Phrases of which one is said. There is at least one. */
export type AnyOf = readonly Phrase[];

/** Where the words of turns are kept. All words are as `searchable` makes them. */
export interface WordsDialect {
  /** Drops the words of the turns in `$1`, a list. */
  readonly drop: readonly string[];
  /** Puts the words of turns: `$1`, records as `row` makes them. */
  readonly put: readonly string[];
  readonly row: (turn: number, question: readonly string[], answer: readonly string[]) => object;
  /** Phrases that are not found together with others of which one is said. Absent: all are. */
  readonly isApart?: (phrase: Phrase) => boolean;
  /** SQL: a query for the ids of turns in which each of these is said, as `id`. */
  readonly find: (bind: Bind, said: readonly AnyOf[], edge?: Edge) => string;
  /** The same for all that have to be looked at to find those. Absent where those are all. */
  readonly looked?: (bind: Bind, said: readonly AnyOf[]) => string;
  /** SQL: the turn is one of those. `edge`: see there. */
  readonly holds: (turn: AskedTurn, bind: Bind, said: readonly AnyOf[], edge?: Edge) => string;
  /** See `Renewal`. Absent where nothing is new. */
  readonly renewal?: Renewal;
  /**
   * How many times as long as for a word it takes to ask for a single turn, where all that have the phrases are read off the index one by one. 0: they have to
   * be put together, which takes as long for the first turn as for all.
   */
  readonly readOff?: (said: readonly AnyOf[]) => number;
  /** Asks for the turns at one end that have the phrases. Absent where the database finds its own way. */
  readonly edge?: (said: readonly AnyOf[], end: End) => Statement;
}

/** What is put of words since a later version, put for what an earlier one took in: the newest turns first. */
export interface Renewal {
  /** The first `turn` that has it, as have all behind. */
  readonly from: string;
  /** That this is `$1` now. */
  readonly reached: string;
  /** As `WordsDialect` has them. */
  readonly drop: string;
  readonly put: string;
}

export interface AskedTurn {
  /** SQL: its id. */
  readonly id: string;
  /** So many turns are asked that those which have the words are best listed before. */
  readonly listed: boolean;
}

/**
 * The newest turns that have phrases, or the oldest. The `most`-th of them is answered as `id`, if there are so many; with `keep` all up to it as
 * `near`, a list in JSON, and how many those are as `found`.
 */
export interface End {
  readonly newest: boolean;
  readonly most: number;
  readonly keep: boolean;
}

/**
 * How it is found out whether a turn has words that very many have. A list is made once and then asked quickly, but takes its time; asking the
 * index of words for a single turn takes as long as listing a few hundred.
 */
export interface Edge {
  /** Turns from here on, or up to here, have a list of their own: a search from that end hardly looks beyond. */
  readonly id?: number;
  readonly newest: boolean;
  /** Few turns are asked, for how many have the words: a list does not pay. */
  readonly dense: boolean;
  /** That list, in JSON, where it would take long to make again. Without `id` there are no others. */
  readonly near?: string;
}

/**
 * A text-search vector finds the turns that have the words at all. That they follow each other is seen in the texts: a vector keeps at most
 * 256 positions of a word, none behind 16,383 (postgresql.org, Text Search, Limitations).
 */
export const postgresWords: WordsDialect = {
  drop: [
    "DELETE FROM turn_words WHERE turn IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))",
  ],
  put: [
    `INSERT INTO turn_words (turn, words, question, answer)
    SELECT id, (question || answer)::tsvector, question, answer
    FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, question text, answer text)`,
  ],
  row: (id, question, answer) => ({ id, question: spaced(question), answer: spaced(answer) }),
  find: (bind, said) => `SELECT w.turn AS id FROM turn_words w WHERE ${matches(bind, said)}`,
  // Found as if all were wanted, by the index: for a few of them the server would rather look through all texts until it has those. So many are found as are read.
  looked: (bind, said) =>
    `WITH had AS MATERIALIZED (SELECT w.turn AS id FROM turn_words w WHERE ${having(bind, said)}) SELECT h.id FROM had h`,
  // With OFFSET the one turn is looked at. Without, all turns that have a word may be gathered to find out about a few.
  holds: ({ id, listed }, bind, said) =>
    listed
      ? `${id} IN (SELECT w.turn FROM turn_words w WHERE ${matches(bind, said)})`
      : `EXISTS (SELECT 1 FROM turn_words w WHERE w.turn = ${id} AND ${matches(bind, said)} OFFSET 0)`,
};

const spaced = (words: readonly string[]) => ` ${words.join(" ")} `;

function matches(bind: Bind, said: readonly AnyOf[]): string {
  // That its words follow each other is asked of a phrase alone: of those of which one is said, each with its words.
  const rows = said
    .filter((phrases) => phrases.some(isSeveral))
    .map((phrases) => phrases.map((phrase) => follows(bind, phrase, phrases.length > 1)).join(" OR "));
  return [having(bind, said), ...rows.map((row) => `(${row})`)].join(" AND ");
}

const isSeveral = ({ words }: Phrase) => words.length > 1;

/** SQL: its words follow each other. `alone`: it is not known yet that they are there at all. */
function follows(bind: Bind, phrase: Phrase, alone: boolean): string {
  const there = alone ? [`w.words @@ ${bind(queryOf(phrase))}::tsquery`] : [];
  if (!isSeveral(phrase)) return there.join();
  const row = bind(` ${phrase.words.join(" ")}${phrase.prefix ? "" : " "}`);
  return [...there, `(strpos(w.question, ${row}) > 0 OR strpos(w.answer, ${row}) > 0)`].join(" AND ");
}

/** SQL: all their words are there, in whatever order. */
const having = (bind: Bind, said: readonly AnyOf[]) =>
  said.map((phrases) => `w.words @@ ${bind(phrases.map(queryOf).join(" | "))}::tsquery`).join(" AND ");

/** `&` binds closer than `|` (postgresql.org, Text Search Types). */
const queryOf = ({ words, prefix }: Phrase) => words.join(" & ") + (prefix ? ":*" : "");
