import type { Row, Steps } from "../dialect.ts";
import { type Flat, type Named, namesOf, PLACE_FIELDS } from "./facts.ts";
import { NOWHERE } from "./cells.ts";
import { keyOf } from "./places.ts";
import type { SumsRow } from "./index-sql.ts";
import type { Indexing } from "./indexer.ts";
import { searchable } from "../searchable.ts";

/** The numbers of things, by what they are. */
export type Ids = ReadonlyMap<string, number>;
export const nameKey = ({ field, name }: Named) => `${field} ${name}`;
export const personKey = (platform: unknown, workspaceId: unknown, userId: unknown) =>
  JSON.stringify([platform, workspaceId, userId]);

export const personOf = ({ platform, where, userId }: Flat) => personKey(platform, where.workspaceId, userId);

type PlaceNames = Record<(typeof PLACE_FIELDS)[number], number | null>;

export function namesIn(where: Flat["where"], names: Ids): PlaceNames {
  const known = new Map(namesOf(where).map((named) => [named.field, names.get(nameKey(named)) ?? null]));
  const [workspace = null, channel = null, topic = null, parent = null, thread = null] = PLACE_FIELDS.map(
    (field) => known.get(field) ?? null,
  );
  return { workspace, channel, topic, parent, thread };
}

interface Known {
  readonly names: Ids;
  readonly ids: Ids;
  readonly persons: Ids;
  /** Conversations whose place may be another now. */
  readonly moved: readonly number[];
}

/** Puts the turns, their words, and what they add to the sums of their conversations, and to the cells. */
export function* putTurns(
  { sql, counting, dialect: { words } }: Indexing,
  turns: readonly Flat[],
  known: Known,
): Steps<void> {
  const before = turns.length === 0 ? [] : yield sql.before(turns.map(({ id }) => id));
  const flat = turns.map((turn) => turnRow(turn, known));
  const count = yield* counting.begin(before, [
    ...known.moved,
    ...flat.map(({ conversation }) => conversation),
  ]);
  const rows = flat.map((row) => ({ ...row, scope: count.scopes.get(row.conversation) ?? NOWHERE }));
  yield* counting.end(count, rows);
  if (turns.length === 0) return;
  yield sql.putTurns(rows);
  const then = turns.flatMap((turn, index) =>
    Object.values(namesIn(turn.where, known.names)).flatMap((name) =>
      name === null ? [] : [{ conversation: rows[index]?.conversation ?? 0, name, until: turn.at }],
    ),
  );
  if (then.length > 0) yield sql.putThen(then);
  const sums = new Map<number, SumsRow>();
  for (const row of before) add(sums, row, -1);
  for (const row of rows) add(sums, row, 1);
  yield sql.addSums([...sums.values()]);

  const dropped = before.map((row) => Number(row["id"]));
  if (dropped.length > 0) for (const drop of sql.dropWords) yield drop(dropped);
  const said = turns.flatMap(({ id, said }) =>
    said ? [words.row(id, searchable(said.question), searchable(said.answer))] : [],
  );
  if (said.length > 0) for (const put of sql.putWords) yield put(said);
}

function add(sums: Map<number, SumsRow>, row: Row, sign: 1 | -1): void {
  const id = Number(row["conversation"]);
  const sum = sums.get(id) ?? {
    id,
    turns: 0,
    open: 0,
    failed: 0,
    tokens: 0,
    cost: 0,
    priced: 0,
    complete: 0,
  };
  const { status, tokens, cost, complete } = row as Readonly<Record<string, string | number | null>>;
  sums.set(id, {
    id,
    turns: sum.turns + sign,
    open: sum.open + sign * Number(status === "open"),
    failed: sum.failed + sign * Number(status === "failed"),
    tokens: sum.tokens + sign * Number(tokens ?? 0),
    cost: sum.cost + sign * Number(cost ?? 0),
    priced: sum.priced + sign * Number(cost !== null),
    complete: sum.complete + sign * Number(complete ?? 0),
  });
}

function turnRow(turn: Flat, { names, ids, persons }: Known) {
  return {
    id: turn.id,
    conversation: ids.get(keyOf(turn.place, turn.generation)) ?? 0,
    message_id: turn.messageId,
    person: persons.get(personOf(turn)) ?? 0,
    user_name: names.get(nameKey({ field: "user", name: turn.userName })) ?? 0,
    ...namesIn(turn.where, names),
    state: turn.state,
    status: turn.status,
    model: turn.model,
    error: turn.error,
    detail: turn.detail,
    input_tokens: turn.usage.inputTokens ?? null,
    output_tokens: turn.usage.outputTokens ?? null,
    reasoning_tokens: turn.usage.reasoningTokens ?? null,
    cached_tokens: turn.usage.cachedTokens ?? null,
    tokens: turn.tokens,
    cost: turn.cost,
    at: turn.at,
    settled_at: turn.settledAt,
    first_text: turn.firstText,
    complete: turn.complete,
    tries: turn.tries,
  };
}
