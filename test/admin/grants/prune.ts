import type { ConversationFacts, ConversationKey, TurnFacts } from "../../../src/store/archive.ts";
import type { StoreBench } from "../../contracts/store-bench.ts";
import type { Looker } from "./viewers.ts";

/** What of a world is kept from somebody, as whoever runs the bot sees it. */
export interface Hidden {
  readonly turns: ReadonlySet<number>;
  /** What was said in these, though they are seen. */
  readonly unread: ReadonlySet<number>;
  readonly conversations: ReadonlySet<string>;
  /** Where nothing is seen. */
  readonly places: ReadonlySet<string>;
}

export interface Everything {
  readonly conversations: readonly ConversationFacts[];
  readonly turns: readonly TurnFacts[];
}

export const keyText = ({ place, generation }: ConversationKey) => `${generation} ${place}`;

/** Asked of the archive, which does not know of grants. */
export async function everythingIn({ archive }: StoreBench): Promise<Everything> {
  await archive.refresh();
  const search = {
    where: { kind: "all", of: [] },
    sort: { by: "started", direction: "asc" },
    limit: 1_000,
  } as const;
  const conversations = (await archive.conversations(search)).rows;
  return { conversations, turns: (await archive.turns(search)).rows };
}

export function hiddenFrom({ conversations, turns }: Everything, { sees, reads }: Looker): Hidden {
  const of = (turn: TurnFacts) => {
    const found = conversations.find((one) => keyText(one) === keyText(turn));
    if (!found) throw new Error("a turn of no conversation");
    return found;
  };
  const seen = turns.filter((turn) => sees(of(turn), turn));
  const kept = new Set([
    ...conversations.filter((one) => sees(one)).map(keyText),
    ...seen.map((turn) => keyText(turn)),
  ]);
  const open = new Set(conversations.filter((one) => kept.has(keyText(one))).map(({ place }) => place));
  return {
    turns: idsOf(turns.filter((turn) => !seen.includes(turn))),
    unread: idsOf(seen.filter((turn) => !reads(of(turn)))),
    conversations: new Set(conversations.map(keyText).filter((key) => !kept.has(key))),
    places: new Set(conversations.map(({ place }) => place).filter((place) => !open.has(place))),
  };
}

const idsOf = (turns: readonly TurnFacts[]) => new Set(turns.map(({ id }) => id));

/** Makes the database as if what is hidden had never been there, and as if other words had been said where nothing may be read. */
export async function prune({ query }: StoreBench, hidden: Hidden): Promise<void> {
  const list = (values: Iterable<number | string>) =>
    [...values].map((value) => (typeof value === "number" ? value : `'${value}'`)).join(", ");
  const turns = `IN (${list(hidden.turns)})`;
  await query(`DELETE FROM page WHERE turn ${turns}`);
  await query(`DELETE FROM turn WHERE id ${turns}`);
  const key = `generation || ' ' || place IN (${list(hidden.conversations)})`;
  for (const table of ["heard", "legal_hold", "forgetting", "conversation"])
    await query(`DELETE FROM ${table} WHERE ${key}`);
  for (const table of ["whereabouts", "mailbox"])
    await query(`DELETE FROM ${table} WHERE place IN (${list(hidden.places)})`);
  const other = (column: string, words: string) =>
    `${column} = CASE WHEN ${column} IS NULL THEN NULL ELSE '${words}' END`;
  await query(
    `UPDATE turn SET message = json_set(message, '$.text', 'other words'), ${other("text", "other answer")}, ${other("input", "other input")}
     WHERE id IN (${list(hidden.unread)}) AND forgotten_at IS NULL`,
  );
}

/** Has the index made anew: what was forgotten was in it before, and left its time behind. */
export async function reindex({ query, tables }: StoreBench): Promise<void> {
  const there = await tables();
  for (const table of [
    "turn_words",
    ...there.filter((table) => table === "turn_beginnings"),
    "turn_facts",
    "conversation_name",
    "conversation_facts",
    "person_name",
    "person_facts",
    "name_facts",
    "sum_cell",
    "outcome_scope",
    "place_scope",
  ])
    await query(`DELETE FROM ${table}`);
  for (const table of ["turn", "conversation", "whereabouts"])
    await query(`UPDATE ${table} SET indexed = false`);
}
