import { setImmediate } from "node:timers/promises";
import type { Place } from "../../chat/place.ts";
import type { Condition, ConversationKey } from "../archive.ts";
import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import type { Row } from "../dialect.ts";
import { listed, turnsOf } from "./found-extras.ts";
import { heardAmong } from "./sql-heard.ts";
import { TURN_COLUMNS } from "./found-rows.ts";
import type { OfFound, Person } from "../of-found.ts";
import { binder, type SearchSql } from "./search-sql.ts";

interface Reader {
  readonly dialect: ArchiveDialect;
  readonly sql: SearchSql;
}

/** Rows of two numbers: so many are read in a few milliseconds. */
const PEOPLE_PAGE = 5_000;
const ALL: Condition = { kind: "all", of: [] };

export function ofFound(reader: Reader): OfFound {
  const { dialect, sql } = reader;
  return {
    meeting: async (conversations, where) => {
      const { bind, values } = binder();
      const from = theseSql(dialect, conversations, bind);
      const meets = sql.meets(sql.plan(where), bind);
      const rows = await dialect.read({ sql: `SELECT c.place, c.generation ${from} AND ${meets}`, values });
      return rows.map((row) => ({ place: row["place"] as Place, generation: Number(row["generation"]) }));
    },
    turnsIn: async function* (conversations, { where, limit }) {
      const sized = await sizedOf(dialect, conversations);
      for await (const rows of walk(reader, sized, { where, limit, columns: TURN_COLUMNS }))
        yield await turnsOf(dialect, rows);
    },
    peopleIn: async (conversations) => {
      const sized = await sizedOf(dialect, conversations);
      const askers = new Map(sized.map(({ id }) => [id, new Set<number>()]));
      const columns = "t.id, t.at, t.person";
      for await (const rows of walk(reader, sized, { where: ALL, limit: PEOPLE_PAGE, columns }))
        for (const row of rows) askers.get(Number(row["conversation"]))?.add(Number(row["person"]));
      const named = await peopleOf(dialect, [...new Set([...askers.values()].flatMap((ids) => [...ids]))]);
      const byPosition = new Map(sized.map(({ id, position }) => [position, askers.get(id)]));
      const heard = await heardAmong(dialect, conversations);
      return conversations.map((_, position) => {
        const asked = [...(byPosition.get(position) ?? [])].flatMap((person) => named.get(person) ?? []);
        return eachOnce([...asked, ...(heard.get(position) ?? [])]);
      });
    },
  };
}

function eachOnce(people: readonly Person[]): readonly Person[] {
  return [...Map.groupBy(people, ({ id }) => id)].map(([id, same]) => ({
    id,
    names: [...new Set(same.flatMap(({ names }) => names))],
  }));
}

/** SQL: FROM and WHERE of these conversations `c`, as the rows `r`. */
function theseSql(dialect: ArchiveDialect, conversations: readonly ConversationKey[], bind: Bind): string {
  const keys = conversations.map(({ place, generation }, position) => ({ place, generation, position }));
  const columns = { place: "text", generation: "number", position: "number" } as const;
  return `FROM ${dialect.records(bind(JSON.stringify(keys)), columns)} CROSS JOIN conversation_facts c
    WHERE c.place = r.place AND c.generation = r.generation`;
}

interface Sized {
  /** Its row's number. */
  readonly id: number;
  readonly position: number;
  readonly turns: number;
}

/** The conversations in the order given, with how many turns each has. */
async function sizedOf(
  dialect: ArchiveDialect,
  conversations: readonly ConversationKey[],
): Promise<readonly Sized[]> {
  const { bind, values } = binder();
  const from = theseSql(dialect, conversations, bind);
  const rows = await dialect.read({ sql: `SELECT c.id, c.turns, r.position ${from}`, values });
  return rows
    .map((row) => ({
      id: Number(row["id"]),
      position: Number(row["position"]),
      turns: Number(row["turns"]),
    }))
    .sort((a, b) => a.position - b.position);
}

interface Walk {
  readonly where: Condition;
  readonly limit: number;
  /** With `t.id` and `t.at`. */
  readonly columns: string;
}

/**
 * The turns of the conversations in order, in pages: of as many conversations as one page can hold, or of a part of a long one. So each page is found by its
 * conversations' index from where the page before ended, and none is sorted or read twice.
 */
async function* walk(
  { dialect, sql }: Reader,
  conversations: readonly Sized[],
  { where, limit, columns }: Walk,
): AsyncGenerator<readonly Row[]> {
  const plan = sql.plan(where);
  const read = async (narrowed: (bind: Bind) => string, end: (bind: Bind) => string) => {
    // Whatever else waits for this process goes first.
    await setImmediate();
    const { bind, values } = binder();
    const turns = `${sql.turns({ plan }, bind)} AND ${narrowed(bind)}`;
    const order = `ORDER BY t.at, t.id ${end(bind)}`;
    return dialect.read({ sql: `SELECT t.conversation, ${columns} ${turns} ${order}`, values });
  };

  for (const [first, ...more] of batchesOf(conversations, limit)) {
    if (more.length > 0) {
      const position = new Map([first, ...more].map((one) => [one.id, one.position]));
      const ids = JSON.stringify([...position.keys()]);
      const rows = await read(
        (bind) => `t.conversation IN ${dialect.numbers(bind(ids))}`,
        () => "",
      );
      const at = (row: Row) => position.get(Number(row["conversation"])) ?? 0;
      if (rows.length > 0) yield rows.toSorted((a, b) => at(a) - at(b));
      continue;
    }
    for (let behind = { at: Number.MIN_SAFE_INTEGER, id: 0 }; ;) {
      const from = behind;
      const rows = await read(
        (bind) =>
          `t.conversation = ${bind(first.id)} AND (t.at, t.id) > (${bind(from.at)}, ${bind(from.id)})`,
        (bind) => `LIMIT ${bind(limit)}`,
      );
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < limit) break;
      behind = { at: Number(last["at"]), id: Number(last["id"]) };
    }
  }
}

/** The conversations in their order, as many together as have no more than so many turns. */
function* batchesOf(conversations: readonly Sized[], limit: number): Generator<[Sized, ...Sized[]]> {
  let batch: [Sized, ...Sized[]] | undefined;
  let turns = 0;
  for (const one of conversations) {
    if (batch && turns + one.turns <= limit) batch.push(one);
    else {
      if (batch) yield batch;
      batch = [one];
      turns = 0;
    }
    turns += one.turns;
  }
  if (batch) yield batch;
}

/** People by their rows' numbers. */
async function peopleOf(
  dialect: ArchiveDialect,
  persons: readonly number[],
): Promise<ReadonlyMap<number, Person>> {
  const rows = await dialect.read(
    listed(
      dialect,
      persons,
      (list) => `SELECT p.id, p.user_id, n.name FROM person_facts p JOIN person_name l ON l.person = p.id
        JOIN name_facts n ON n.id = l.name WHERE p.id IN ${list} ORDER BY p.id, l.at DESC, l.name DESC`,
    ),
  );
  return new Map(
    [...Map.groupBy(rows, ({ id }) => Number(id))].map(([id, all]) => [
      id,
      { id: String(all[0]?.["user_id"]), names: all.map(({ name }) => String(name)) },
    ]),
  );
}
