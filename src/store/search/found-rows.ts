import type { ChannelKind, Place } from "../../chat/place.ts";
import type { ConversationFacts, NameField, PlaceFacts, TurnFacts, TurnStatus } from "../archive.ts";
import type { Row } from "../dialect.ts";
import type { TurnState } from "../mailbox.ts";

/* What a search selects, and what is made of its rows. The casts hold for what the indexer wrote. */

const name = (number: string) => `(SELECT n.name FROM name_facts n WHERE n.id = ${number})`;

/** `names`: the row that has them. */
const placeColumns = (
  names: "t" | "c",
) => `c.place, c.generation, c.platform, c.workspace_id, c.channel_id, c.kind, c.thread_id,
  ${name(`${names}.workspace`)} AS workspace_name, ${name(`${names}.channel`)} AS channel_name,
  ${name(`${names}.topic`)} AS channel_topic, ${name(`${names}.parent`)} AS parent_channel, ${name(`${names}.thread`)} AS thread_name`;

export const TURN_COLUMNS = `t.id, t.message_id, t.person, (SELECT p.user_id FROM person_facts p WHERE p.id = t.person) AS user_id,
  ${name("t.user_name")} AS user_name, t.state, t.status, t.model, t.error, t.detail, t.input_tokens, t.output_tokens, t.reasoning_tokens,
  t.cached_tokens, t.tokens, t.cost, t.at, t.settled_at, t.first_text, t.complete, t.tries, ${placeColumns("t")}`;

export const CONVERSATION_COLUMNS = `c.id, c.telnyx_id, c.started_by, c.started_by_name, c.started_at, c.active_at, c.turns, c.open, c.failed,
  c.tokens, c.cost, c.priced, ${placeColumns("c")}`;

/** What is known besides the row, for a page of rows at once. */
export interface PlaceExtras {
  /** By place. */
  readonly urls: ReadonlyMap<string, string>;
}

export interface TurnExtras extends PlaceExtras {
  readonly pages: ReadonlyMap<number, readonly string[]>;
  /** By person. */
  readonly names: ReadonlyMap<number, readonly string[]>;
}

export function turnFacts(row: Row, { pages, names, urls }: TurnExtras): TurnFacts {
  const id = Number(row["id"]);
  const counts = {
    ...number("inputTokens", row["input_tokens"]),
    ...number("outputTokens", row["output_tokens"]),
    ...number("reasoningTokens", row["reasoning_tokens"]),
    ...number("cachedTokens", row["cached_tokens"]),
  };
  return {
    ...placeFacts(row, urls),
    id,
    messageId: String(row["message_id"]),
    userId: String(row["user_id"]),
    userName: String(row["user_name"]),
    userNames: names.get(Number(row["person"])) ?? [],
    status: row["status"] as TurnStatus,
    state: row["state"] as TurnState,
    ...text("model", row["model"]),
    ...text("error", row["error"]),
    ...text("detail", row["detail"]),
    ...(row["tokens"] !== null && { usage: counts }),
    ...number("cost", row["cost"]),
    receivedAt: Number(row["at"]),
    ...number("settledAt", row["settled_at"]),
    ...number("firstText", row["first_text"]),
    ...number("complete", row["complete"]),
    tries: Number(row["tries"]),
    pages: pages.get(id) ?? [],
  };
}

export interface ConversationExtras extends PlaceExtras {
  /** By conversation, oldest first. */
  readonly formerly: ReadonlyMap<number, ConversationFacts["formerly"]>;
  readonly held: ReadonlySet<number>;
  /** By conversation: the first message. */
  readonly first: ReadonlyMap<number, string>;
}

export function conversationFacts(
  row: Row,
  { formerly, held, first, urls }: ConversationExtras,
): ConversationFacts {
  const id = Number(row["id"]);
  return {
    ...placeFacts(row, urls),
    ...text("telnyxId", row["telnyx_id"]),
    startedAt: Number(row["started_at"]),
    activeAt: Number(row["active_at"]),
    startedById: String(row["started_by"]),
    startedByName: String(row["started_by_name"]),
    ...text("firstMessageId", first.get(id)),
    turns: Number(row["turns"]),
    open: Number(row["open"]),
    failed: Number(row["failed"]),
    tokens: Number(row["tokens"]),
    ...(Number(row["priced"]) > 0 && { cost: Number(row["cost"]) }),
    formerly: formerly.get(id) ?? [],
    held: held.has(id),
  };
}

function placeFacts(row: Row, urls: PlaceExtras["urls"]): PlaceFacts {
  return {
    place: row["place"] as Place,
    ...text("workspaceUrl", urls.get(String(row["place"]))),
    generation: Number(row["generation"]),
    platform: String(row["platform"]),
    workspaceId: String(row["workspace_id"]),
    ...text("workspaceName", row["workspace_name"]),
    channelId: String(row["channel_id"]),
    ...text("channelName", row["channel_name"]),
    channelKind: row["kind"] as ChannelKind,
    ...text("channelTopic", row["channel_topic"]),
    ...text("parentChannel", row["parent_channel"]),
    ...text("threadId", row["thread_id"]),
    ...text("threadName", row["thread_name"]),
  };
}

type Cell = Row[string] | undefined;

function text<Key extends string>(key: Key, value: Cell): { [K in Key]?: string } {
  const known: { [K in Key]?: string } = {};
  if (value !== null && value !== undefined) known[key] = String(value);
  return known;
}

function number<Key extends string>(key: Key, value: Cell): { [K in Key]?: number } {
  const known: { [K in Key]?: number } = {};
  if (value !== null && value !== undefined) known[key] = Number(value);
  return known;
}

/** A former name, as `formerNames` selects it. */
export function formerName(row: Row): ConversationFacts["formerly"][number] {
  return { field: row["field"] as NameField, name: String(row["name"]), until: Number(row["until"]) };
}
