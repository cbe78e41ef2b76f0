import Database from "better-sqlite3";
import type { PageRow, TurnRow } from "./evidence.ts";
import { type FastTime, realTime } from "./clock.ts";
import type { Proxy } from "./proxy.ts";

/** The bot's database, as its operator could look at it and trouble it. */
export interface Ledger {
  /** The bot's `DATABASE_URL`. */
  readonly url: string;
  turns(): Promise<readonly TurnRow[]>;
  pages(): Promise<readonly PageRow[]>;
  /** How many turns are stored, and how many of them are not settled. */
  progress(): Promise<{ readonly stored: number; readonly open: number }>;
  /** Until when every part of every platform was heard is noted: how many parts. */
  parts(): Promise<number>;
  /** Another program locks the database. Returns what unlocks it. */
  lock(): Promise<() => Promise<void>>;
  /** A server can be ended and started again, and is at the end of a wire. */
  readonly server?: {
    readonly wire: Proxy;
    halt(): Promise<void>;
    start(): Promise<void>;
  };
  close(): Promise<void>;
}

export type Row = Readonly<Record<string, unknown>>;

const TURNS = "SELECT id, place, message, state, error, received_at, settled_at FROM turn";
const PAGES = `SELECT turn, "index", id FROM page`;
const PROGRESS = "SELECT count(*) AS stored, count(*) - count(settled_at) AS open FROM turn";

/** What is read is the same on both engines: it is one schema. */
export function readings(query: (sql: string) => Promise<readonly Row[]>, time: FastTime) {
  return {
    turns: async () => (await query(TURNS)).map((row) => toTurn(row, time)),
    pages: async () => (await query(PAGES)).map(toPage),
    parts: async () => Number((await query("SELECT count(*) AS parts FROM listened"))[0]?.["parts"]),
    progress: async () => {
      const [row = {}] = await query(PROGRESS);
      return { stored: Number(row["stored"]), open: Number(row["open"]) };
    },
  };
}

function toTurn(row: Row, time: FastTime): TurnRow {
  const { platform, id } = JSON.parse(String(row["message"])) as { platform: string; id: string };
  const at = (column: string) => (row[column] === null ? undefined : realTime(time, Number(row[column])));
  const settledAt = at("settled_at");
  return {
    id: Number(row["id"]),
    place: String(row["place"]),
    platform,
    messageId: id,
    state: String(row["state"]),
    receivedAt: at("received_at") ?? 0,
    ...(row["error"] !== null && { error: row["error"] as string }),
    ...(settledAt !== undefined && { settledAt }),
  };
}

function toPage(row: Row): PageRow {
  return {
    turn: Number(row["turn"]),
    index: Number(row["index"]),
    ...(row["id"] !== null && { id: row["id"] as string }),
  };
}

/** A file that the bot makes. It is looked at by a connection of its own. */
export function sqliteLedger(path: string, time: FastTime): Ledger {
  let reader: Database.Database | undefined;
  const query = async (sql: string) => {
    reader ??= new Database(path, { readonly: true, fileMustExist: true });
    return reader.prepare(sql).all() as Row[];
  };
  return {
    url: path,
    ...readings(query, time),
    lock: async () => {
      // Waiting holds up all of the run, also the lock of another fault that would be let go.
      const other = new Database(path, { timeout: 200 });
      try {
        other.exec("BEGIN IMMEDIATE");
      } catch (caught) {
        // It is locked already, by the bot that is frozen in a transaction or by another fault: that is what was wanted.
        if (!(caught instanceof Database.SqliteError) || caught.code !== "SQLITE_BUSY") throw caught;
      }
      return async () => void other.close();
    },
    close: async () => void reader?.close(),
  };
}
