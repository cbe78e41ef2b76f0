import type { ChannelKind, Place } from "../../chat/place.ts";
import type { ConversationFacts, NameField, PlaceFacts, TurnFacts, TurnStatus } from "../archive.ts";
import type { Row } from "../dialect.ts";
import type { TurnState } from "../mailbox.ts";
import type { Usage } from "../../reply/event.ts";

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
  const facts: Growing<TurnFacts> = {
    ...placeFacts(row, urls),
    id,
    messageId: String(row["message_id"]),
    userId: String(row["user_id"]),
    userName: String(row["user_name"]),
    userNames: names.get(Number(row["person"])) ?? [],
    status: row["status"] as TurnStatus,
    state: row["state"] as TurnState,
    receivedAt: Number(row["at"]),
    tries: Number(row["tries"]),
    pages: pages.get(id) ?? [],
  };
  const { model, error, detail, cost } = row;
  if (isThere(model)) facts.model = String(model);
  if (isThere(error)) facts.error = String(error);
  if (isThere(detail)) facts.detail = String(detail);
  if (isThere(row["tokens"])) facts.usage = usage(row);
  if (isThere(cost)) facts.cost = Number(cost);
  if (isThere(row["settled_at"])) facts.settledAt = Number(row["settled_at"]);
  if (isThere(row["first_text"])) facts.firstText = Number(row["first_text"]);
  if (isThere(row["complete"])) facts.complete = Number(row["complete"]);
  return facts;
}

function usage(row: Row): Usage {
  const counts: Growing<Usage> = {};
  if (isThere(row["input_tokens"])) counts.inputTokens = Number(row["input_tokens"]);
  if (isThere(row["output_tokens"])) counts.outputTokens = Number(row["output_tokens"]);
  if (isThere(row["reasoning_tokens"])) counts.reasoningTokens = Number(row["reasoning_tokens"]);
  if (isThere(row["cached_tokens"])) counts.cachedTokens = Number(row["cached_tokens"]);
  return counts;
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
  const facts: Growing<ConversationFacts> = {
    ...placeFacts(row, urls),
    startedAt: Number(row["started_at"]),
    activeAt: Number(row["active_at"]),
    startedById: String(row["started_by"]),
    startedByName: String(row["started_by_name"]),
    turns: Number(row["turns"]),
    open: Number(row["open"]),
    failed: Number(row["failed"]),
    tokens: Number(row["tokens"]),
    formerly: formerly.get(id) ?? [],
    held: held.has(id),
  };
  const firstMessage = first.get(id);
  if (isThere(row["telnyx_id"])) facts.telnyxId = String(row["telnyx_id"]);
  if (firstMessage !== undefined) facts.firstMessageId = firstMessage;
  if (Number(row["priced"]) > 0) facts.cost = Number(row["cost"]);
  return facts;
}

function placeFacts(row: Row, urls: PlaceExtras["urls"]): PlaceFacts {
  const facts: Growing<PlaceFacts> = {
    place: row["place"] as Place,
    generation: Number(row["generation"]),
    platform: String(row["platform"]),
    workspaceId: String(row["workspace_id"]),
    channelId: String(row["channel_id"]),
    channelKind: row["kind"] as ChannelKind,
  };
  const url = urls.get(facts.place);
  if (url !== undefined) facts.workspaceUrl = url;
  if (isThere(row["workspace_name"])) facts.workspaceName = String(row["workspace_name"]);
  if (isThere(row["channel_name"])) facts.channelName = String(row["channel_name"]);
  if (isThere(row["channel_topic"])) facts.channelTopic = String(row["channel_topic"]);
  if (isThere(row["parent_channel"])) facts.parentChannel = String(row["parent_channel"]);
  if (isThere(row["thread_id"])) facts.threadId = String(row["thread_id"]);
  if (isThere(row["thread_name"])) facts.threadName = String(row["thread_name"]);
  return facts;
}

/**
 * What gets the members that not every row has one by one, each by its name. To put it together of a small object for each of them takes three times
 * as long, and an export of a million turns does so for some fifteen members of each.
 */
type Growing<Facts> = { -readonly [Member in keyof Facts]: Facts[Member] };

const isThere = (cell: Row[string] | undefined) => cell !== null && cell !== undefined;

/** A former name, as `formerNames` selects it. */
export function formerName(row: Row): ConversationFacts["formerly"][number] {
  return { field: row["field"] as NameField, name: String(row["name"]), until: Number(row["until"]) };
}
