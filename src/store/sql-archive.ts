import type { Message } from "../chat/message.ts";
import type { Archive, Condition, Found, NameField, Search, TurnContent } from "./archive.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import { namesSql } from "./condition-sql.ts";
import { writeCursor } from "./cursor.ts";
import type { Row, Value } from "./dialect.ts";
import { conversationsOf, listed, turnsOf } from "./found-extras.ts";
import { CONVERSATION_COLUMNS, TURN_COLUMNS } from "./found-rows.ts";
import { openingsOf } from "./openings.ts";
import { givenTo } from "./sql-given.ts";
import { createIndexer } from "./indexer.ts";
import { atOnce } from "./index-pace.ts";
import {
  type Begin,
  binder,
  type Plan,
  type SearchSql,
  searchSql,
  type Sought,
  type Way,
} from "./search-sql.ts";
import { ofFound } from "./sql-of-found.ts";
import { sumOf, sumsStatement } from "./sums-sql.ts";
import { fold } from "./words.ts";
import { wordsUsed } from "./words-used.ts";

/** A part of a condition that finds this many rows is looked at first, without asking whether another finds fewer. */
const FEW = 1_000;
/** Up to here it is quicker to find the rows of a part and sort them than to walk in order until a page is full. */
const MANY = 20_000;
/** How many parts of a condition are tried. */
const TRIED = 8;

/** The archive over either dialect. */
export function createArchive(dialect: ArchiveDialect, pace = atOnce()): Archive {
  const sql = searchSql(dialect);
  const index = createIndexer(dialect);
  const reader = { dialect, sql };
  return {
    refresh: async (signal) => {
      for (let turns = 0; ;) {
        const taken = await pace.batch(index);
        turns += taken.turns;
        if (!taken.full || signal?.aborted) return turns;
        await pace.rest();
      }
    },
    ...searching(reader),
    ...reading(reader),
    ...ofFound(reader),
  };
}

interface Reader {
  readonly dialect: ArchiveDialect;
  readonly sql: SearchSql;
}

function searching(
  reader: Reader,
): Pick<Archive, "conversations" | "turns" | "sums" | "explain" | "conversation" | "turn" | "words"> {
  const { dialect, sql } = reader;
  const conversations = async (search: Search) => {
    const { rows, next } = await page(reader, "conversation", search, CONVERSATION_COLUMNS);
    return { rows: await conversationsOf(dialect, rows), ...next };
  };
  const turns = async (search: Search) => {
    const { rows, next } = await page(reader, "turn", search, TURN_COLUMNS);
    return { rows: await turnsOf(dialect, rows), ...next };
  };
  const sort = { by: "active", direction: "desc" } as const;
  const one = <Facts>(found: Found<Facts>): Facts | undefined => found.rows[0];

  return {
    conversations,
    turns,
    sums: async (where, by, limit = 1_000) => {
      const plan = sql.plan(where);
      const way = { plan, begin: await beginOf(reader, plan) };
      const rows = await dialect.read(sumsStatement(dialect, sql, way, { by, limit: within(limit) }));
      // Without a key, nothing found is still one row.
      if (by === undefined && rows.length === 0) return [NOTHING];
      return rows.map((row) => sumOf(row, by));
    },
    conversation: async ({ place, generation }) => {
      const where: Condition = {
        kind: "all",
        of: [
          { kind: "word", field: "place", values: [place] },
          { kind: "number", field: "generation", from: generation, below: generation + 1 },
        ],
      };
      return one(await conversations({ where, sort, limit: 1 }));
    },
    turn: async (id) =>
      one(await turns({ where: { kind: "word", field: "turn", values: [String(id)] }, sort, limit: 1 })),
    words: (field, within, limit) => wordsUsed(dialect, turns, { field, within, limit }),
    explain: (search) => {
      const way = { plan: sql.plan(search.where) };
      const { sql: text, values } = sql.page("conversation", search, "c.id", way);
      return [
        text.replaceAll(/\s+/g, " "),
        ...values.map((value, at) => `$${at + 1} = ${JSON.stringify(value)}`),
      ].join("\n");
    },
  };
}

const NOTHING = { turns: 0, conversations: 0, people: 0, failed: 0, tokens: 0 };

/** A limit from 1 to 1,000, whatever was asked for. */
const within = (limit: number) => Math.max(1, Math.min(1_000, Math.trunc(limit) || 1));

async function page({ dialect, sql }: Reader, sought: Sought, search: Search, columns: string) {
  const limit = within(search.limit);
  const plan = sql.plan(search.where);
  const way: Way = { plan, begin: await beginOf({ dialect, sql }, plan) };
  const found = await dialect.read(sql.page(sought, { ...search, limit }, columns, way));
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next =
    found.length > limit && last
      ? { next: writeCursor({ value: Number(last["sorted"]), id: Number(last["id"]) }, sought, search.sort) }
      : {};
  return { rows, next };
}

/** The part of the condition that finds fewest, if that is few enough to begin with. */
async function beginOf({ dialect, sql }: Reader, { sources }: Plan): Promise<Begin | undefined> {
  if (!dialect.steered) return undefined;
  let large: Begin[] = [];
  let best: { readonly begin: Begin; readonly found: number } | undefined;
  const count = async (begin: Begin, limit: number) => {
    const [row] = await dialect.read(sql.count(begin, limit));
    return Number(row?.["found"]);
  };
  for (const begin of sources.slice(0, TRIED)) {
    const found = await count(begin, FEW);
    if (found === FEW) large = [...large, begin];
    else if (!best || found < best.found) best = { begin, found };
  }
  if (best) return best.begin;
  for (const begin of large) {
    const found = await count(begin, MANY);
    if (found < MANY && (!best || found < best.found)) best = { begin, found };
  }
  return best?.begin;
}

function reading({
  dialect,
  sql,
}: Reader): Pick<Archive, "turnOf" | "given" | "message" | "openings" | "contents" | "names"> {
  const say = (text: string, values: readonly Value[]) => dialect.read({ sql: text, values: [...values] });
  return {
    turnOf: async (place, messageId) => {
      const [row] = await say(
        `SELECT t.id FROM turn_facts t WHERE t.conversation IN (SELECT id FROM conversation_facts WHERE place = $1)
           AND (t.message_id = $2 OR EXISTS (SELECT 1 FROM page p WHERE p.turn = t.id AND p.id = $2)) LIMIT 1`,
        [place, messageId],
      );
      return row && Number(row["id"]);
    },
    given: (turn) => givenTo(dialect, turn),
    message: async (turn) => {
      const [row] = await say(`SELECT message FROM turn WHERE id = $1 AND forgotten_at IS NULL`, [turn]);
      return row && messageIn(row);
    },
    openings: (conversations) => openingsOf(dialect, conversations),
    contents: async (turns) => {
      const rows = await dialect.read(
        listed(
          dialect,
          turns,
          (list) =>
            `SELECT id, message, text FROM turn WHERE id IN ${list} AND forgotten_at IS NULL ORDER BY id`,
        ),
      );
      return rows.map(contentOf);
    },
    names: async (field, prefix, within, limit) => {
      const { bind, values } = binder();
      const ids = namesSql(dialect, { field, match: "prefix", value: fold(prefix) }, bind);
      const meets = sql.meets(sql.plan(within), bind);
      const text = `SELECT n.name, n.folded FROM name_facts n WHERE n.field = ${bind(field)} AND n.id IN (${ids})
        AND EXISTS (SELECT 1 FROM ${bearers(field)} AND ${meets}) ORDER BY n.used_at DESC, n.id DESC LIMIT ${bind(limit * 4)}`;
      const rows = await dialect.read({ sql: text, values });
      // One of those that differ in case alone: the newest.
      const seen = new Set<string>();
      const newest = rows.filter(({ folded }) => !seen.has(String(folded)) && seen.add(String(folded)));
      return newest.slice(0, limit).map(({ name }) => String(name));
    },
  };
}

/** SQL: the conversations `c` in which the name `n` was borne. */
function bearers(field: NameField): string {
  if (field === "user")
    return `person_name l JOIN turn_facts b ON b.person = l.person JOIN conversation_facts c ON c.id = b.conversation WHERE l.name = n.id`;
  return `conversation_name l JOIN conversation_facts c ON c.id = l.conversation WHERE l.name = n.id`;
}

const messageIn = (row: Row) => JSON.parse(String(row["message"])) as Message;

function contentOf(row: Row): TurnContent {
  const { text: question } = messageIn(row);
  const { text } = row;
  return { turn: Number(row["id"]), question, ...(text !== null && { answer: String(text) }) };
}
