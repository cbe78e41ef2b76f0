import type { Archive, NameField } from "../archive.ts";
import type { Bind } from "../archive-dialect.ts";
import { fold } from "../words.ts";
import { isAlways, plain } from "./condition.ts";
import { namesSql } from "./condition-sql.ts";
import { beginOfWhole, type Reader } from "./find.ts";
import { binder, type Plan } from "./search-sql.ts";

/** See `Archive.names`. */
export async function namesUsed(
  reader: Reader,
  ...[field, prefix, within, limit]: Parameters<Archive["names"]>
): Promise<readonly string[]> {
  const { dialect, sql } = reader;
  const plan = sql.plan(within);
  const begin = await beginOfWhole(reader, plan);
  const { bind, statement } = binder();
  const ids = namesSql(dialect, { field, match: "prefix", values: [fold(prefix)] }, bind);
  const such = `n.field = ${bind(field)} AND n.id IN (${ids})`;
  // When a name was used is known of everything together: else its order would tell what happens elsewhere.
  const order = isAlways(plain(within)) ? "n.used_at DESC, n.id DESC" : "n.folded, n.name";
  const from = begin
    ? `FROM name_facts n WHERE ${such} AND n.id IN (${namesIn(reader, { field, met: sql.conversations({ plan, begin }, bind) })})`
    : walked(reader, { field, plan, such, order }, bind);
  const rows = await dialect.read(
    statement(`SELECT n.name, n.folded ${from} ORDER BY ${order} LIMIT ${bind(limit * 4)}`),
  );
  // One of those that differ in case alone.
  const seen = new Set<string>();
  const names = rows.filter(({ folded }) => !seen.has(String(folded)) && seen.add(String(folded)));
  return names.slice(0, limit).map(({ name }) => String(name));
}

interface Met {
  readonly field: NameField;
  /** FROM and WHERE of the conversations `c` that meet the condition. */
  readonly met: string;
}

/** A query for all names that were borne in these conversations: for there are few. */
function namesIn({ dialect: { order } }: Reader, { field, met }: Met): string {
  const those = `(SELECT c.id ${met}) m`;
  return field === "user"
    ? `SELECT l.name FROM ${those} ${order.each("turn", "t.conversation = m.id")} CROSS JOIN person_name l WHERE l.person = t.person`
    : `SELECT l.name FROM ${those} CROSS JOIN conversation_name l WHERE l.conversation = m.id`;
}

interface Walk {
  readonly field: NameField;
  readonly plan: Plan;
  /** SQL: it is one of the names `n` that are asked for. */
  readonly such: string;
  readonly order: string;
}

/** FROM and WHERE of one name `n` after the other in that order, each asked whether it was borne in a conversation `c` that meets the condition. */
function walked({ dialect, sql }: Reader, { field, plan, such, order }: Walk, bind: Bind): string {
  const { along, asked } = dialect.order;
  const names = along("name", { order, where: such });
  const bearers =
    field === "user"
      ? "person_name l JOIN turn_facts b ON b.person = l.person JOIN conversation_facts c ON c.id = b.conversation"
      : "conversation_name l JOIN conversation_facts c ON c.id = l.conversation";
  return `FROM ${names.from} WHERE ${names.where}
    AND EXISTS (SELECT 1 FROM ${bearers} WHERE l.name = n.id AND ${sql.meets(plan, bind)}${asked})`;
}
