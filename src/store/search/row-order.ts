/** A table of the index, by the name under which conditions speak of its rows. */
export type Table = "turn" | "conversation" | "name";

export const TABLES: Readonly<Record<Table, string>> = {
  turn: "turn_facts t",
  conversation: "conversation_facts c",
  name: "name_facts n",
};

/** SQL: an order that an index has, and the part of it that is looked at. */
export interface Along {
  readonly order: string;
  readonly where: string;
}

/** How a statement says in which order rows are looked at, since neither database finds the one that is quick by itself. */
export interface RowOrder {
  /** SQL behind FROM: the table's rows, one after the other along an order that an index has; and what WHERE still has to ask of them. */
  readonly along: (table: Table, along: Along) => { readonly from: string; readonly where: string };
  /** SQL behind a row source: for each of its rows the table's rows that meet `on`, before anything else is asked of them. */
  readonly each: (table: Table, on: string) => string;
  /** SQL at the end of EXISTS: it is asked of one row after the other, and nothing is listed before. */
  readonly asked: string;
  /** SQL: there is such a turn `t` of the conversation `c`, which is looked for from its newest on. Absent: nothing is gained by that. */
  readonly newestFirst?: (where: string) => string;
  /** SQL behind a table's name: all of its rows are looked at, turns by conversation where that is quicker. */
  readonly all: Readonly<Record<Exclude<Table, "name">, string>>;
}

/** SQLite keeps to the order of a CROSS JOIN (sqlite.org/optoverview.html, Manual Control Of Query Plans Using CROSS JOIN). */
export const sqliteOrder: RowOrder = {
  along: (table, { where }) => ({ from: TABLES[table], where }),
  each: (table, on) => `CROSS JOIN ${TABLES[table]} ON ${on}`,
  asked: "",
  // EXISTS would drop the order. The index has it: nothing is sorted.
  newestFirst: (where) =>
    `(SELECT 1 FROM turn_facts t WHERE t.conversation = c.id AND ${where} ORDER BY t.at DESC, t.id DESC LIMIT 1) IS NOT NULL`,
  all: { turn: " INDEXED BY turn_facts_conversation", conversation: " NOT INDEXED" },
};

/**
 * PostgreSQL joins in the order that it takes for the cheapest, by what it guesses of how many rows meet a condition; where a page is asked for, one that
 * is guessed too high sends it through everything. A subquery with OFFSET is planned by itself, and no condition is moved into it
 * (`is_simple_subquery` and `subquery_is_pushdown_safe` in its sources; the page on CTEs, postgresql.org/docs/current/queries-with.html, calls
 * the same an optimization fence). A lateral one is run for each row before it.
 */
export const postgresOrder: RowOrder = {
  along: (table, { where, order }) => ({ from: fenced(table, `${where} ORDER BY ${order}`), where: "1 = 1" }),
  each: (table, on) => `CROSS JOIN LATERAL ${fenced(table, on)}`,
  asked: " OFFSET 0",
  all: { turn: "", conversation: "" },
};

const fenced = (table: Table, where: string) =>
  `(SELECT * FROM ${TABLES[table]} WHERE ${where} OFFSET 0) ${TABLES[table].split(" ")[1]}`;
