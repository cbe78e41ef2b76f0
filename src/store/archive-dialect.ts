import type Database from "better-sqlite3";
import type { Dialect, Row, Statement } from "./dialect.ts";
import type { PostgresPool } from "./postgres/postgres.ts";
import { cleanFile } from "./sqlite/clean.ts";
import type { Attempt } from "./sqlite/sqlite.ts";
import { postgresOrder, type RowOrder, sqliteOrder } from "./search/row-order.ts";
import { sqliteWords } from "./search/sqlite-words.ts";
import { postgresWords, type WordsDialect } from "./search/word-index.ts";

/** What the index and its searches need to know of a database: the words in which the two differ. */
export interface ArchiveDialect extends Pick<Dialect, "tx"> {
  readonly read: (statement: Statement) => Promise<readonly Row[]>;
  /** SQL: a list of numbers, or of texts, that is given as JSON. */
  readonly numbers: (param: string) => string;
  readonly texts: (param: string) => string;
  /** SQL for FROM: the rows of a JSON list of objects, under the name `r`. */
  readonly records: (param: string, columns: Columns) => string;
  /** SQL: the value is one of those that a query finds, which is in brackets. They are found once. Where rows are asked one by one, no index is looked at for them. */
  readonly among: (value: string, query: string) => string;
  /** The same where an index is to find the rows that have one of them. */
  readonly havingOne: (value: string, query: string) => string;
  /** A text that is a member of an object stored as JSON, of which no more is read than it takes. */
  readonly member: Member;
  /** SQL: the text has the other in it. */
  readonly contains: (text: string, part: string) => string;
  /** SQL: the day of a time in milliseconds, as `2026-11-28`, in UTC. */
  readonly day: (at: string) => string;
  /** SQL: a column that no index is to be used for. Where the database knows better itself: the column. */
  readonly plain: (column: string) => string;
  /** SQL at the end of a SELECT of turns: locks what it finds and leaves out what others have locked. */
  readonly skip: string;
  /** SQL: shuts out other indexers until the transaction ends. Absent where transactions are one at a time. */
  readonly turnstile?: string;
  /** The same for everybody else who appends to the audit. */
  readonly inLine?: string;
  /** The same for everybody else who forgets, or puts on hold. */
  readonly erasers?: string;
  /** Has the database's files let go of what was deleted, where they keep it until something is written there. */
  readonly clean: () => Promise<void>;
  readonly order: RowOrder;
  readonly words: WordsDialect;
}

export interface Member {
  /** SQL: what is read of the text that is the object. */
  readonly sql: (json: string, name: string) => string;
  /** The member in what was read. Undefined: there is none. */
  readonly of: (read: Row[string] | undefined, name: string) => string | undefined;
}

/** Notes a value, and returns the SQL that stands for it. */
export type Bind = (value: string | number | null) => string;
export type Columns = Readonly<Record<string, "number" | "text">>;

/** So many statements are kept prepared: to prepare one takes longer than many of them run. */
const PREPARED = 100;

export function sqliteArchive(db: Database.Database, dialect: Dialect, attempt: Attempt): ArchiveDialect {
  // By their text, the one that was used last behind all others.
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string) => {
    const found = prepared.get(sql) ?? db.prepare(sql);
    prepared.delete(sql);
    prepared.set(sql, found);
    for (const oldest of prepared.keys()) if (prepared.size > PREPARED) prepared.delete(oldest);
    return found;
  };
  const named = (values: Statement["values"]) =>
    Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
  return {
    tx: dialect.tx,
    read: ({ sql, values }) => attempt(() => statement(sql).all(named(values)) as Row[]),
    numbers: (param) => `(SELECT value FROM json_each(${param}))`,
    texts: (param) => `(SELECT value FROM json_each(${param}))`,
    records: (param, columns) => {
      const fields = Object.keys(columns).map((column) => `value ->> '$.${column}' AS "${column}"`);
      return `(SELECT ${fields.join(", ")} FROM json_each(${param})) r`;
    },
    among: isIn,
    havingOne: isIn,
    member: {
      sql: (json, name) => `(${json} -> '$.${name}')`,
      of: (read) => (read === null ? undefined : (JSON.parse(String(read)) as string)),
    },
    contains: (text, part) => `instr(${text}, ${part}) > 0`,
    day: (at) => `strftime('%Y-%m-%d', (${at}) / 1000, 'unixepoch')`,
    plain: (column) => `+${column}`,
    skip: "",
    clean: () => cleanFile(db, attempt),
    order: sqliteOrder,
    words: sqliteWords,
  };
}

const isIn = (value: string, query: string) => `${value} IN ${query}`;

export function postgresArchive(pool: PostgresPool): ArchiveDialect {
  const types = { number: "bigint", text: "text" };
  return {
    tx: pool.tx,
    read: async ({ sql, values }) => (await pool.one(sql, values)) as Row[],
    numbers: (param) => `(SELECT value::bigint FROM jsonb_array_elements_text(${param}::jsonb))`,
    texts: (param) => `(SELECT value FROM jsonb_array_elements_text(${param}::jsonb))`,
    records: (param, columns) => {
      const fields = Object.entries(columns).map(([column, type]) => `"${column}" ${types[type]}`);
      return `jsonb_to_recordset(${param}::jsonb) AS r(${fields.join(", ")})`;
    },
    // Of something that is no condition but a value no join is made, of which the server would have to guess how many rows it has.
    among: (value, query) => `(${isIn(value, query)}) IS TRUE`,
    // An array is looked for in an index, and is guessed to be short.
    havingOne: (value, query) => `${value} = ANY (ARRAY${query})`,
    // Its operators for JSON refuse an object that has an escaped NUL anywhere.
    member: {
      sql: (json) => json,
      of: (read, name) => (JSON.parse(String(read)) as Readonly<Record<string, string>>)[name],
    },
    contains: (text, part) => `strpos(${text}, ${part}) > 0`,
    day: (at) => `to_char(to_timestamp((${at}) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
    plain: (column) => column,
    skip: "FOR UPDATE OF t SKIP LOCKED",
    turnstile: `SELECT pg_advisory_xact_lock(${INDEXER})`,
    inLine: `SELECT pg_advisory_xact_lock(${AUDIT})`,
    erasers: `SELECT pg_advisory_xact_lock(${ERASERS})`,
    // What VACUUM comes by is gone from its files; when that is, is the server's business.
    clean: async () => {},
    order: postgresOrder,
    words: postgresWords,
  };
}

/** Any numbers, the same for ever. */
const INDEXER = 1_885_434_980;
const AUDIT = 1_885_434_981;
const ERASERS = 1_885_434_982;
