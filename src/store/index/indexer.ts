import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Steps } from "../dialect.ts";
import { type Flat, flatten, type Named, namesOf } from "./facts.ts";
import { type Counting, createCounting } from "./cells.ts";
import { draftsOf, keyOf, type PlaceDraft } from "./places.ts";
import { type IndexStatements, indexStatements, type NowRow } from "./index-sql.ts";
import { type Ids, nameKey, namesIn, personKey, personOf, putTurns } from "./turns.ts";
import { fold } from "../words.ts";

/** What a batch took in. */
export interface Batch {
  readonly turns: number;
  /** There may be more. */
  readonly full: boolean;
}

/**
 * Takes what has changed into the index: up to `limit` turns, conversations and names of places, in one transaction. What it has taken is
 * marked so in the same transaction, and whoever changes it takes the mark away: nothing is lost, and a repeat does no harm.
 */
export function createIndexer(dialect: ArchiveDialect): (limit: number) => Promise<Batch> {
  const indexing = indexingIn(dialect);
  return (limit) =>
    dialect.tx(function* () {
      const taken = yield* indexBatch(indexing, limit);
      const left = limit - taken.turns;
      const counted = taken.full || left <= 0 ? 0 : yield* indexing.counting.catchUp(left);
      return { ...taken, full: taken.full || (counted > 0 && counted >= left) };
    });
}

/** What a batch is done with. */
export interface Indexing {
  readonly dialect: ArchiveDialect;
  readonly sql: IndexStatements;
  readonly counting: Counting;
}

export const indexingIn = (dialect: ArchiveDialect): Indexing => ({
  dialect,
  sql: indexStatements(dialect),
  counting: createCounting(dialect),
});

/** One batch, as a part of a transaction. */
export function* indexBatch(indexing: Indexing, limit: number): Steps<Batch> {
  const { sql } = indexing;
  for (const statement of sql.turnstile) yield statement;
  const turns = (yield sql.dirtyTurns(limit)).map(flatten);
  const linked = yield sql.dirtyConversations(limit);
  const renamed = yield sql.dirtyWhereabouts(limit);
  const dirty = [turns, linked, renamed];
  if (dirty.every(({ length }) => length === 0)) return { turns: 0, full: false };

  const places = [...new Set([...turns, ...linked, ...renamed].map(({ place }) => String(place)))];
  const rows = {
    turns,
    whereabouts: yield sql.whereabouts(places),
    conversations: yield sql.conversations(places),
    known: yield sql.known(places),
  };
  const changed = new Set([...linked, ...renamed].map((row) => String(row["place"])));
  // What is known and was not renamed stays as it is.
  const drafts = draftsOf(rows).filter(({ id, place }) => id === undefined || changed.has(place));
  const names = yield* putNames(sql, turns, drafts);
  const ids = yield* putConversations(sql, drafts, names);
  for (const row of rows.known)
    ids.set(keyOf(String(row["place"]), Number(row["generation"])), Number(row["id"]));
  const persons = yield* putPersons(sql, turns, names);
  const moved = drafts.flatMap(({ id }) => id ?? []);
  yield* putTurns(indexing, turns, { names, ids, persons, moved });

  yield sql.doneTurns(turns.map(({ id }) => id));
  yield sql.doneConversations(linked.map(({ place, generation }) => ({ place, generation })));
  yield sql.doneWhereabouts(renamed.map(({ place, since }) => ({ place, since })));
  return { turns: turns.length, full: dirty.some(({ length }) => length >= limit) };
}

function* putNames(sql: IndexStatements, turns: readonly Flat[], drafts: readonly PlaceDraft[]): Steps<Ids> {
  const used = new Map<string, Named & { at: number }>();
  const use = (named: Named, at: number) => {
    const before = used.get(nameKey(named));
    if (!before || before.at < at) used.set(nameKey(named), { field: named.field, name: named.name, at });
  };
  for (const { names } of drafts) for (const name of names) use(name, name.since);
  for (const turn of turns) {
    for (const name of namesOf(turn.where)) use(name, turn.at);
    use({ field: "user", name: turn.userName }, turn.at);
  }
  const rows = [...used.values()].map(({ field, name, at }) => ({
    field,
    name,
    folded: fold(name),
    used_at: at,
  }));
  const put = rows.length === 0 ? [] : yield sql.putNames(rows);
  return new Map(put.map((row) => [`${String(row["field"])} ${String(row["name"])}`, Number(row["id"])]));
}

function* putPersons(sql: IndexStatements, turns: readonly Flat[], names: Ids): Steps<Ids> {
  const persons = new Map<
    string,
    { platform: string; workspace_id: string; user_id: string; name: number; named_at: number }
  >();
  const called = new Map<string, { who: string; name: number; at: number }>();
  for (const turn of turns.toSorted((x, y) => x.at - y.at || x.id - y.id)) {
    const who = personOf(turn);
    const name = names.get(nameKey({ field: "user", name: turn.userName })) ?? 0;
    persons.set(who, {
      platform: turn.platform,
      workspace_id: turn.where.workspaceId,
      user_id: turn.userId,
      name,
      named_at: turn.at,
    });
    called.set(`${name} ${who}`, { who, name, at: turn.at });
  }
  if (persons.size === 0) return new Map();
  const put = yield sql.putPersons([...persons.values()]);
  const ids = new Map(
    put.map((row) => [personKey(row["platform"], row["workspace_id"], row["user_id"]), Number(row["id"])]),
  );
  yield sql.putPersonNames(
    [...called.values()].map(({ who, name, at }) => ({ person: ids.get(who) ?? 0, name, at })),
  );
  return ids;
}

/** Returns the numbers of the conversations that are new. */
function* putConversations(
  sql: IndexStatements,
  drafts: readonly PlaceDraft[],
  names: Ids,
): Steps<Map<string, number>> {
  const fresh = drafts.filter(({ id }) => id === undefined);
  const known = drafts.flatMap((draft) => (draft.id === undefined ? [] : [{ ...draft, id: draft.id }]));
  const put =
    fresh.length === 0
      ? []
      : yield sql.putNew(fresh.map((draft) => ({ ...startOf(draft), ...nowOf(draft, names) })));
  const ids = new Map(
    put.map((row) => [keyOf(String(row["place"]), Number(row["generation"])), Number(row["id"])]),
  );
  if (known.length > 0) {
    yield sql.putNow(known.map((draft) => ({ id: draft.id, ...nowOf(draft, names) })));
    yield sql.closeNames(known.map(({ id, since }) => ({ id, until: since })));
  }
  const history = drafts.flatMap(({ id, place, generation, names: all }) =>
    all.map((named) => ({
      conversation: id ?? ids.get(keyOf(place, generation)) ?? 0,
      name: names.get(nameKey(named)) ?? 0,
      until: named.until,
    })),
  );
  if (history.length > 0) yield sql.putHistory(history);
  return ids;
}

const startOf = ({ place, generation, platform, startedById, startedByName, startedAt }: PlaceDraft) => ({
  place,
  generation,
  platform,
  started_by: startedById,
  started_by_name: startedByName,
  started_at: startedAt,
  active_at: startedAt,
});

function nowOf({ where, telnyxId }: PlaceDraft, names: Ids): NowRow {
  return {
    workspace_id: where.workspaceId,
    channel_id: where.channelId,
    kind: where.channelKind,
    thread_id: where.threadId ?? null,
    telnyx_id: telnyxId,
    ...namesIn(where, names),
  };
}
