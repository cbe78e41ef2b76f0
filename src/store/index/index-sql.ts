import type { ArchiveDialect, Columns } from "../archive-dialect.ts";
import type { Statement, Value } from "../dialect.ts";
import { storableJson } from "../json.ts";

/** Every statement of the indexer. Those that take rows take them all at once, as JSON: a round trip for each would cost more than the work. */
export type IndexStatements = ReturnType<typeof indexStatements>;

const PLACE_NAMES = {
  workspace: "number",
  channel: "number",
  topic: "number",
  parent: "number",
  thread: "number",
} as const;
const NAME = { field: "text", name: "text", folded: "text", used_at: "number" } as const;
const PERSON = {
  platform: "text",
  workspace_id: "text",
  user_id: "text",
  name: "number",
  named_at: "number",
} as const;
const PERSON_NAME = { person: "number", name: "number", at: "number" } as const;
/** What of a conversation follows what its place is called now. */
const NOW = {
  workspace_id: "text",
  channel_id: "text",
  kind: "text",
  thread_id: "text",
  telnyx_id: "text",
  ...PLACE_NAMES,
} as const;
const NEW = {
  place: "text",
  generation: "number",
  platform: "text",
  started_by: "text",
  started_by_name: "text",
  started_at: "number",
  active_at: "number",
  ...NOW,
} as const;
const CONVERSATION_NAME = { conversation: "number", name: "number", until: "number" } as const;
const TURN = {
  id: "number",
  conversation: "number",
  message_id: "text",
  person: "number",
  user_name: "number",
  ...PLACE_NAMES,
  state: "text",
  status: "text",
  model: "text",
  error: "text",
  detail: "text",
  input_tokens: "number",
  output_tokens: "number",
  reasoning_tokens: "number",
  cached_tokens: "number",
  tokens: "number",
  cost: "number",
  at: "number",
  settled_at: "number",
  first_text: "number",
  complete: "number",
  tries: "number",
  scope: "number",
} as const;
const SUMS = {
  turns: "number",
  open: "number",
  failed: "number",
  tokens: "number",
  cost: "number",
  priced: "number",
  complete: "number",
} as const;

export type NowRow = Record<keyof typeof NOW, Value>;
export type SumsRow = Record<keyof typeof SUMS, number> & { readonly id: number };

export const say =
  (sql: string) =>
  (...values: Value[]): Statement => ({ sql, values });
export const given =
  (sql: string) =>
  (list: readonly unknown[]): Statement => ({ sql, values: [storableJson(list)] });
export const list = (columns: Columns, of = "") =>
  Object.keys(columns)
    .map((column) => `${of}${column}`)
    .join(", ");
export const set = (columns: Columns, from: string) =>
  Object.keys(columns)
    .map((column) => `${column} = ${from}.${column}`)
    .join(", ");
// "WHERE true" keeps SQLite's parser from taking ON CONFLICT for a join's (sqlite.org, UPSERT, Parsing Ambiguity).
export const insertInto =
  ({ records }: ArchiveDialect) =>
  (table: string, columns: Columns) =>
    `INSERT INTO ${table} (${list(columns)}) SELECT ${list(columns, "r.")} FROM ${records("$1", columns)} WHERE true`;

/** Every statement of the indexer, for one dialect. */
export function indexStatements(dialect: ArchiveDialect) {
  return {
    ...reading(dialect),
    ...places(dialect),
    ...turns(dialect),
    ...done(dialect),
  };
}

/** What has changed, and what has to be known of it. */
function reading(dialect: ArchiveDialect) {
  const { texts } = dialect;
  return {
    turnstile: dialect.turnstile === undefined ? [] : [say(dialect.turnstile)()],
    dirtyTurns: say(
      `SELECT t.id, t.place, coalesce(t.generation, (SELECT max(c.generation) FROM conversation c WHERE c.place = t.place
           AND (t.settled_at IS NULL OR c.created_at <= t.settled_at)), 1) AS generation,
         t.message, t.state, t.tries, t.model, t.price, t.usage, t.error, t.text, t.received_at, t.first_text_at, t.settled_at, t.forgotten_at
       FROM turn t WHERE t.indexed = false ORDER BY t.id LIMIT $1 ${dialect.skip}`,
    ),
    dirtyConversations: say(
      `SELECT t.place, t.generation FROM conversation t WHERE t.indexed = false LIMIT $1 ${dialect.skip}`,
    ),
    dirtyWhereabouts: say(
      `SELECT t.place, t.since FROM whereabouts t WHERE t.indexed = false LIMIT $1 ${dialect.skip}`,
    ),
    whereabouts: given(
      `SELECT place, since, facts FROM whereabouts WHERE place IN ${texts("$1")} ORDER BY place, since`,
    ),
    conversations: given(
      `SELECT place, generation, telnyx_id, metadata, created_at FROM conversation WHERE place IN ${texts("$1")}`,
    ),
    known: given(
      `SELECT id, place, generation, started_at FROM conversation_facts WHERE place IN ${texts("$1")}`,
    ),
  };
}

function places(dialect: ArchiveDialect) {
  const { records } = dialect;
  const insert = insertInto(dialect);
  return {
    putNames: given(
      `${insert("name_facts", NAME)} ON CONFLICT (field, name) DO UPDATE
       SET used_at = CASE WHEN excluded.used_at > name_facts.used_at THEN excluded.used_at ELSE name_facts.used_at END
       RETURNING id, field, name`,
    ),
    putPersons: given(
      `${insert("person_facts", PERSON)} ON CONFLICT (platform, workspace_id, user_id) DO UPDATE
       SET name = CASE WHEN excluded.named_at >= person_facts.named_at THEN excluded.name ELSE person_facts.name END,
         named_at = CASE WHEN excluded.named_at >= person_facts.named_at THEN excluded.named_at ELSE person_facts.named_at END
       RETURNING id, platform, workspace_id, user_id`,
    ),
    putPersonNames: given(
      `${insert("person_name", PERSON_NAME)} ON CONFLICT (person, name) DO UPDATE SET at = excluded.at WHERE excluded.at > person_name.at`,
    ),
    putNew: given(`${insert("conversation_facts", NEW)} RETURNING id, place, generation, started_at`),
    putNow: given(
      `UPDATE conversation_facts SET ${set(NOW, "r")} FROM ${records("$1", { id: "number", ...NOW })} WHERE conversation_facts.id = r.id`,
    ),
    /** The names of these conversations were all given up by `until`, but for those that are put next. */
    closeNames: given(
      `UPDATE conversation_name SET until = r.until FROM ${records("$1", { id: "number", until: "number" })}
       WHERE conversation_name.conversation = r.id AND conversation_name.until IS NULL`,
    ),
    putHistory: given(
      `${insert("conversation_name", CONVERSATION_NAME)} ON CONFLICT (conversation, name) DO UPDATE SET until = excluded.until`,
    ),
    putThen: given(
      `${insert("conversation_name", CONVERSATION_NAME)} ON CONFLICT (conversation, name) DO NOTHING`,
    ),
  };
}

function turns(dialect: ArchiveDialect) {
  const { numbers, records } = dialect;
  const insert = insertInto(dialect);
  return {
    before: given(
      `SELECT id, conversation, person, status, model, tokens, cost, first_text, complete, at, scope FROM turn_facts WHERE id IN ${numbers("$1")}`,
    ),
    putTurns: given(`${insert("turn_facts", TURN)} ON CONFLICT (id) DO UPDATE SET ${set(TURN, "excluded")}`),
    dropWords: dialect.words.drop.map(given),
    putWords: dialect.words.put.map(given),
    /** Adds to the sums, and finds the first and the newest turn: both are at the end of an index. */
    addSums: given(
      `UPDATE conversation_facts SET ${Object.keys(SUMS)
        .map((sum) => `${sum} = conversation_facts.${sum} + r.${sum}`)
        .join(", ")},
         started_at = coalesce((SELECT min(t.at) FROM turn_facts t WHERE t.conversation = r.id), started_at),
         active_at = coalesce((SELECT max(t.at) FROM turn_facts t WHERE t.conversation = r.id), active_at)
       FROM ${records("$1", { id: "number", ...SUMS })} WHERE conversation_facts.id = r.id`,
    ),
  };
}

/** What was taken in is marked so. */
function done({ numbers, records }: ArchiveDialect) {
  return {
    doneTurns: given(`UPDATE turn SET indexed = true WHERE id IN ${numbers("$1")}`),
    doneConversations: given(
      `UPDATE conversation SET indexed = true FROM ${records("$1", { place: "text", generation: "number" })}
       WHERE conversation.place = r.place AND conversation.generation = r.generation`,
    ),
    doneWhereabouts: given(
      `UPDATE whereabouts SET indexed = true FROM ${records("$1", { place: "text", since: "number" })}
       WHERE whereabouts.place = r.place AND whereabouts.since = r.since`,
    ),
  };
}
