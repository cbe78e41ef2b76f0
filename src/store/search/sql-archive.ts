import type { Message } from "../../chat/message.ts";
import type { Archive, Condition, Found, Search, TurnContent } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Row, Value } from "../dialect.ts";
import { BOUNDS, findPage, type Reader } from "./find.ts";
import { conversationsOf, listed, turnsOf } from "./found-extras.ts";
import { CONVERSATION_COLUMNS, TURN_COLUMNS } from "./found-rows.ts";
import { namesUsed } from "./names-used.ts";
import { openingsOf } from "./openings.ts";
import { givenTo } from "./sql-given.ts";
import { type Batch, createIndexer } from "../index/indexer.ts";
import { atOnce, type Pace } from "../index/pace.ts";
import { createRenewal } from "../index/renewal.ts";
import { searchSql } from "./search-sql.ts";
import { ofHeard } from "./sql-heard.ts";
import { ofFound } from "./sql-of-found.ts";
import { createSums } from "./sql-sums.ts";
import { wordsUsed } from "../index/words-used.ts";

/** The archive over either dialect. */
export function createArchive(dialect: ArchiveDialect, pace: Pace = atOnce(), bounds = BOUNDS): Archive {
  const sql = searchSql(dialect);
  const reader = { dialect, sql, bounds };
  return {
    refresh: inBatches(createIndexer(dialect), pace),
    renew: inBatches(createRenewal(dialect), pace),
    ...searching(reader),
    ...reading(reader),
    ...ofFound(reader),
    ...ofHeard(dialect),
  };
}

function inBatches(batch: (limit: number) => Promise<Batch>, pace: Pace): Archive["refresh"] {
  return async (signal) => {
    for (let turns = 0; ;) {
      const taken = await pace.batch(batch);
      turns += taken.turns;
      if (!taken.full || signal?.aborted) return turns;
      await pace.rest();
    }
  };
}

function searching(
  reader: Reader,
): Pick<Archive, "conversations" | "turns" | "sums" | "explain" | "conversation" | "turn" | "words"> {
  const { dialect, sql } = reader;
  const conversations = async (search: Search) => {
    const { rows, next } = await findPage(reader, "conversation", search, CONVERSATION_COLUMNS);
    return { rows: await conversationsOf(dialect, rows), ...next };
  };
  const turns = async (search: Search) => {
    const { rows, next } = await findPage(reader, "turn", search, TURN_COLUMNS);
    return { rows: await turnsOf(dialect, rows), ...next };
  };
  const sort = { by: "active", direction: "desc" } as const;
  const one = <Facts>(found: Found<Facts>): Facts | undefined => found.rows[0];

  return {
    conversations,
    turns,
    sums: createSums(reader),
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

function reading(
  reader: Reader,
): Pick<Archive, "turnOf" | "given" | "message" | "openings" | "contents" | "names"> {
  const { dialect } = reader;
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
      return row && (JSON.parse(String(row["message"])) as Message);
    },
    openings: (conversations) => openingsOf(dialect, conversations),
    contents: async (turns) => {
      const rows = await dialect.read(
        listed(
          dialect,
          turns,
          (list) =>
            `SELECT id, ${dialect.member.sql("message", "text")} AS question, text FROM turn WHERE id IN ${list} AND forgotten_at IS NULL ORDER BY id`,
        ),
      );
      return rows.map((row) => contentOf(dialect, row));
    },
    names: (...asked) => namesUsed(reader, ...asked),
  };
}

function contentOf({ member }: ArchiveDialect, { id, question, text }: Row): TurnContent {
  const asked = member.of(question, "text") ?? "";
  return { turn: Number(id), question: asked, ...(text !== null && { answer: String(text) }) };
}
