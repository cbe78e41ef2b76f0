import type { Message } from "../../chat/message.ts";
import type { Place, Whereabouts } from "../../chat/place.ts";
import type { Price, Usage } from "../../reply/event.ts";
import type { NameField, TurnStatus } from "../archive.ts";
import type { Row } from "../dialect.ts";
import type { TurnState } from "../mailbox.ts";
import { storableText } from "../json.ts";
import { fold } from "../words.ts";

/** PURE: what the index keeps of a turn, from its row. */
export interface Flat {
  readonly id: number;
  readonly place: Place;
  readonly generation: number;
  readonly platform: string;
  readonly messageId: string;
  readonly where: Whereabouts;
  readonly userId: string;
  readonly userName: string;
  readonly state: TurnState;
  readonly status: TurnStatus;
  readonly model: string | null;
  readonly error: string | null;
  readonly detail: string | null;
  readonly usage: Usage;
  readonly tokens: number | null;
  readonly cost: number | null;
  readonly at: number;
  readonly settledAt: number | null;
  readonly firstText: number | null;
  readonly complete: number | null;
  readonly tries: number;
  /** What was said, once it is settled. */
  readonly said?: { readonly question: string; readonly answer: string };
}

/** A name and what it is the name of. */
export interface Named {
  readonly field: NameField;
  readonly name: string;
}

const NAMES = {
  workspace: "workspaceName",
  channel: "channelName",
  topic: "channelTopic",
  parent: "parentChannel",
  thread: "threadName",
} as const satisfies Partial<Record<NameField, keyof Whereabouts>>;

export const PLACE_FIELDS = ["workspace", "channel", "topic", "parent", "thread"] as const;

/** The place's names that are known. */
export function namesOf(where: Whereabouts): Named[] {
  return PLACE_FIELDS.flatMap((field) => {
    const name = keptName(where[NAMES[field]] ?? "");
    return name === "" ? [] : [{ field, name }];
  });
}

/**
 * In code points. PostgreSQL indexes no value over 2,704 bytes (postgresql.org, B-Tree Implementation), and Discord's topics may have 4,096
 * characters.
 */
const LONGEST = 500;
const LONGEST_FOLDED = 650;

/** As much of a name as is kept. */
export function keptName(name: string): string {
  let kept = Array.from(storableText(name)).slice(0, LONGEST);
  // Some characters fold to many.
  while (Array.from(fold(kept.join(""))).length > LONGEST_FOLDED) kept = kept.slice(0, kept.length / 2);
  return kept.join("");
}

/** Reads what `dirtyTurns` selects. The casts hold for what the mailbox and the store wrote. */
export function flatten(row: Row): Flat {
  const message = JSON.parse(String(row["message"])) as Message;
  const usage = row["usage"] === null ? undefined : (JSON.parse(String(row["usage"])) as Usage);
  const price = row["price"] === null ? undefined : (JSON.parse(String(row["price"])) as Price);
  const at = Number(row["received_at"]);
  const settledAt = numberIn(row, "settled_at");
  const firstTextAt = numberIn(row, "first_text_at");
  const forgotten = row["forgotten_at"] !== null;
  const state = row["state"] as TurnState;
  return {
    id: Number(row["id"]),
    place: row["place"] as Place,
    generation: Number(row["generation"]),
    platform: message.platform,
    messageId: message.id,
    where: message.where,
    userId: message.author.id,
    userName: keptName(message.author.name),
    state,
    status: forgotten ? "forgotten" : statusOf(state, settledAt),
    model: textIn(row, "model"),
    ...errorOf(textIn(row, "error")),
    usage: usage ?? {},
    tokens: usage ? (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) : null,
    cost: usage && price ? costOf(usage, price) : null,
    at,
    settledAt,
    firstText: firstTextAt === null ? null : Math.max(0, firstTextAt - at),
    complete: settledAt === null ? null : Math.max(0, settledAt - at),
    tries: Number(row["tries"]),
    ...(settledAt !== null && !forgotten && { said: saidIn(row, message) }),
  };
}

/** What was said in a turn that is settled, and not forgotten. */
export const saidIn = (row: Row, message: Message) => ({
  question: message.text,
  answer: textIn(row, "text") ?? "",
});

function statusOf(state: TurnState, settledAt: number | null): TurnStatus {
  const settled = state === "done" || state === "failed" || state === "stopped" || state === "postponed";
  return settled && settledAt !== null ? state : "open";
}

/** Millionths of a US dollar, which is dollars for a million tokens times tokens. Reasoning is counted in what goes out. */
export function costOf(
  { inputTokens = 0, outputTokens = 0, cachedTokens = 0 }: Usage,
  { prompt, cachedPrompt = prompt, completion }: Price,
): number {
  const cached = Math.min(cachedTokens, inputTokens);
  return Math.round((inputTokens - cached) * prompt + cached * cachedPrompt + outputTokens * completion);
}

/** `timeout: no headers in 60 s` is a word and what else is known; what has no word before it is known alone. */
function errorOf(error: string | null): Pick<Flat, "error" | "detail"> {
  if (error === null) return { error: null, detail: null };
  const [, word, detail = ""] = /^(\w{1,60})(?:: (.*))?$/s.exec(error) ?? [];
  return word === undefined ? { error: "other", detail: error } : { error: word, detail: detail || null };
}

function textIn(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

function numberIn(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}

/** What was written as a conversation's metadata says where it is, if nothing else does. */
export function whereaboutsIn(metadata: Readonly<Record<string, string>>): Whereabouts | undefined {
  const { workspace_id: workspaceId, channel_id: channelId, channel_kind: kind } = metadata;
  if (workspaceId === undefined || channelId === undefined) return undefined;
  const optional = {
    workspaceName: metadata["workspace_name"],
    channelName: metadata["channel_name"],
    channelTopic: metadata["channel_topic"],
    parentChannel: metadata["parent_channel"],
    threadId: metadata["thread_id"],
    threadName: metadata["thread_name"],
  };
  // What is not known to be public is not taken to be.
  const channelKind = kind === "public" || kind === "dm" || kind === "group_dm" ? kind : "private";
  return { workspaceId, channelId, channelKind, ...present(optional) };
}

function present<T extends object>(parts: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const known = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
