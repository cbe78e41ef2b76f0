import type { Condition, NameField, WordField } from "../../store/archive.ts";
import type { ConversationQuery, Filter, TelnyxConversation } from "../../telnyx/telnyx.ts";
import { fold } from "../../store/words.ts";
import type { Field } from "./field.ts";
import { FIELDS } from "./fields.ts";
import { isWithin, judged, type Leaf, matches, type Truth } from "./holds.ts";

/** How Telnyx is asked for what meets a condition. */
export interface TelnyxPlan {
  readonly where: NonNullable<ConversationQuery["where"]>;
  readonly or: NonNullable<ConversationQuery["or"]>;
  /** What has to be looked at with `atTelnyx` when the list has come. Empty: the filters say it all. */
  readonly after: readonly Condition[];
  /** What Telnyx knows nothing of, by the query's fields: whatever depends on it is not decided there. */
  readonly unknown: readonly string[];
}

/** Our metadata, ARCHITECTURE.md. */
const KEYS: Readonly<Partial<Record<WordField, string>>> = {
  platform: "platform",
  workspaceId: "workspace_id",
  channelId: "channel_id",
  kind: "channel_kind",
  threadId: "thread_id",
};
const NAME_KEYS: Readonly<Partial<Record<NameField, string>>> = {
  workspace: "workspace_name",
  channel: "channel_name",
  topic: "channel_topic",
  parent: "parent_channel",
  thread: "thread_name",
};

/**
 * Condition → filters of `GET /ai/conversations`. The filters let through all that meets the condition; `after` says what else there is to check. Only
 * what is the same letter by letter becomes a filter: Telnyx compares names as they are spelled, and `Süpport` would be lost to `support`.
 */
export function toTelnyx(condition: Condition): TelnyxPlan {
  const parts = condition.kind === "all" ? condition.of : [condition];
  const [where, after]: [Filter[], Condition[]] = [[], []];
  let or: readonly Filter[] = [];
  for (const part of parts) {
    const filters = filtersOf(part);
    const alternatives = filters || or.length > 0 ? undefined : alternativesOf(part);
    if (filters) where.push(...filters);
    else if (alternatives) or = alternatives;
    else after.push(part);
  }
  return { where, or, after, unknown: [...new Set(unknownIn(condition))] };
}

/** All of them together say what the condition says. Undefined: none do. */
function filtersOf(condition: Condition): readonly Filter[] | undefined {
  if (condition.kind === "number") return boundsOf(condition);
  if (condition.kind !== "word") return undefined;
  const column = columnOf(condition.field);
  const [value] = condition.values;
  if (!column || value === undefined || condition.values.length > 1) return undefined;
  return [{ column, operator: "eq", value }];
}

/** At least one of them says what the condition says. */
function alternativesOf(condition: Condition): readonly Filter[] | undefined {
  if (condition.kind === "word") {
    const column = columnOf(condition.field);
    if (!column || condition.values.length === 0) return undefined;
    return condition.values.map((value) => ({ column, operator: "eq", value }));
  }
  if (condition.kind !== "any" || condition.of.length === 0) return undefined;
  const parts = condition.of
    .filter((part) => !isNameOfId(part, condition.of))
    .map((part) => {
      const filters = filtersOf(part);
      return filters?.length === 1 ? filters : alternativesOf(part);
    });
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** What ids look like on the platforms, and names do not: nobody spells a channel so. */
const ID = /^(?:[A-Z](?=[A-Z\d]*\d)[A-Z\d]{7,}|\d{15,})$/;

/** `channel:C0123ABCD` asks for a name, too: it is not looked for at Telnyx, so that the id can be a filter. */
function isNameOfId(condition: Condition, beside: readonly Condition[]): boolean {
  if (condition.kind !== "name" || condition.match !== "equals") return false;
  return beside.some(
    (other) =>
      other.kind === "word" &&
      other.field === `${condition.field}Id` &&
      other.values.some((value) => ID.test(value) && fold(value) === condition.value),
  );
}

/** A turn at a time means that the conversation lasted from before until after it: that is all that Telnyx knows. */
function boundsOf({ field, from, below }: Extract<Leaf, { kind: "number" }>): readonly Filter[] | undefined {
  if (field === "generation") {
    return from !== undefined && below === from + 1
      ? [{ column: "metadata->generation", operator: "eq", value: String(from) }]
      : undefined;
  }
  if (field !== "at" && field !== "started") return undefined;
  const begin = field === "at" ? "last_message_at" : "created_at";
  return [
    ...(from === undefined ? [] : [{ column: begin, operator: "gte", value: iso(from) } as const]),
    ...(below === undefined ? [] : [{ column: "created_at", operator: "lt", value: iso(below) } as const]),
  ];
}

/** The last moment that JavaScript can write (ECMA-262, Time Values) bounds what is asked. */
const iso = (ms: number) => new Date(Math.min(ms, 8.64e15)).toISOString();

function columnOf(field: WordField): Filter["column"] | undefined {
  if (field === "telnyxId") return "id";
  const key = KEYS[field];
  return key === undefined ? undefined : `metadata->${key}`;
}

/** Whether the condition holds for a conversation as Telnyx knows it. Undefined: that depends on what Telnyx does not know. */
export function atTelnyx(condition: Condition, conversation: TelnyxConversation): Truth {
  return judged(condition, (leaf) => (isKnown(leaf) ? knownAt(leaf, conversation) : undefined));
}

function knownAt(leaf: Leaf, { id, createdAt, lastMessageAt, metadata }: TelnyxConversation): Truth {
  const text = (key: string | undefined) => {
    const value = key === undefined ? undefined : metadata[key];
    return typeof value === "string" ? value : undefined;
  };
  if (leaf.kind === "name") {
    const name = text(NAME_KEYS[leaf.field]);
    return name !== undefined && matches(fold(name), leaf);
  }
  if (leaf.kind === "word") {
    const word = leaf.field === "telnyxId" ? id : text(KEYS[leaf.field]);
    return word !== undefined && leaf.values.includes(word);
  }
  if (leaf.kind !== "number") return undefined;
  const time = (when: string | undefined) => (when === undefined ? undefined : Date.parse(when));
  if (leaf.field === "started") return isWithin(time(createdAt), leaf);
  if (leaf.field === "at") {
    const { from = -Infinity, below = Infinity } = leaf;
    return isWithin(time(lastMessageAt), { from }) && isWithin(time(createdAt), { below });
  }
  const generation = text("generation");
  return isWithin(generation === undefined ? undefined : Number(generation), leaf);
}

function isKnown(leaf: Leaf): boolean {
  if (leaf.kind === "name") return leaf.tense !== "then" && NAME_KEYS[leaf.field] !== undefined;
  if (leaf.kind === "word") return columnOf(leaf.field) !== undefined;
  return leaf.kind === "number" && ["generation", "at", "started"].includes(leaf.field);
}

function unknownIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap(unknownIn);
    case "not":
      return unknownIn(condition.of);
    default:
      return isKnown(condition) ? [] : [nameOf(condition)];
  }
}

/** As a query has it: somebody is asked for by `user`, whether that is a name or an id. */
function nameOf(leaf: Leaf): string {
  if (leaf.kind === "text") return "text";
  const asks = (field: Field) =>
    (field.kind === "name" && (field.names === leaf.field || field.id === leaf.field)) ||
    (field.kind === "word" && field.word === leaf.field) ||
    (field.kind === "part" && field.part === leaf.field) ||
    (field.kind === "number" && field.number === leaf.field);
  const name = FIELDS.find(asks)?.name ?? leaf.field;
  return leaf.kind === "name" && leaf.tense === "then" ? `${name}@then` : name;
}
