import type {
  Condition,
  ConversationFacts,
  NameField,
  NumberField,
  TimeField,
  TurnContent,
  TurnFacts,
  WordField,
} from "../../store/archive.ts";
import { OF_CONVERSATIONS } from "../../store/search/condition.ts";
import { fold, wordsOf } from "../../store/words.ts";

/** What a condition is asked of. */
export interface Subject {
  readonly conversation: ConversationFacts;
  /** Absent: the conversation has none. */
  readonly turn?: TurnFacts;
  /** Absent: nothing of it can be read. */
  readonly content?: TurnContent;
  /** Of whom the conversation was given messages without being asked by them. Absent: of nobody. */
  readonly heard?: readonly string[];
}

/**
 * Whether the condition holds, by going through it: what `Condition` says, without an index. A search must find exactly these. Of a conversation
 * without turns nothing can be said that is said of turns, so that neither such a condition nor its negation holds.
 */
export function holds(condition: Condition, subject: Subject): boolean {
  return truth(condition, subject) === true;
}

/** Undefined: it cannot be said. */
export type Truth = boolean | undefined;

/** Three-valued logic (Kleene's): what cannot be said stays so, unless the rest decides. */
export function judged(condition: Condition, leaf: (leaf: Leaf) => Truth): Truth {
  switch (condition.kind) {
    case "all": {
      const parts = condition.of.map((part) => judged(part, leaf));
      return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
    }
    case "any": {
      const parts = condition.of.map((part) => judged(part, leaf));
      return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
    }
    case "not": {
      const part = judged(condition.of, leaf);
      return part === undefined ? undefined : !part;
    }
    default:
      return leaf(condition);
  }
}

export type Leaf = Exclude<Condition, { kind: "all" | "any" | "not" }>;

function truth(condition: Condition, subject: Subject): Truth {
  return judged(condition, (leaf) => {
    if (!subject.turn && ofTurns(leaf)) return undefined;
    if (leaf.kind === "text") return isSaid(leaf, subject);
    if (leaf.kind === "name") return namesIn(leaf, subject).some((name) => matches(fold(name), leaf));
    if (leaf.kind === "number") return isWithin(numberIn(leaf.field, subject), leaf);
    if (leaf.field === "heardId") return leaf.values.some((id) => subject.heard?.includes(id));
    const word = wordIn(leaf.field, subject);
    if (word === undefined) return false;
    return leaf.kind === "word" ? leaf.values.includes(word) : matches(word.toLowerCase(), leaf);
  });
}

function ofTurns(leaf: Leaf): boolean {
  if (leaf.kind === "text") return true;
  return leaf.kind === "name"
    ? leaf.field === "user" || leaf.tense === "then"
    : !OF_CONVERSATIONS.has(leaf.field);
}

export function matches(
  name: string,
  { match, value }: { match: "equals" | "prefix" | "contains"; value: string },
): boolean {
  if (match === "equals") return name === value;
  return match === "prefix" ? name.startsWith(value) : name.includes(value);
}

export function isWithin(
  value: number | undefined,
  { from = -Infinity, below = Infinity }: { from?: number; below?: number },
): boolean {
  return value !== undefined && value >= from && value < below;
}

const NAMES = {
  workspace: "workspaceName",
  channel: "channelName",
  topic: "channelTopic",
  parent: "parentChannel",
  thread: "threadName",
} as const satisfies Record<Exclude<NameField, "user">, keyof ConversationFacts>;

function namesIn(
  { field, tense }: Extract<Leaf, { kind: "name" }>,
  { conversation, turn }: Subject,
): readonly string[] {
  if (field === "user") {
    if (!turn) return [];
    if (tense === "then") return [turn.userName];
    return tense === "now" ? turn.userNames.slice(0, 1) : [turn.userName, ...turn.userNames];
  }
  const [now, then] = [conversation[NAMES[field]], turn?.[NAMES[field]]];
  const before = conversation.formerly.flatMap((former) => (former.field === field ? [former.name] : []));
  const names = tense === "then" ? [then] : tense === "now" ? [now] : [now, then, ...before];
  return names.flatMap((name) => (name === undefined ? [] : [name]));
}

function wordIn(field: Exclude<WordField, "heardId">, { conversation, turn }: Subject): string | undefined {
  switch (field) {
    case "kind":
      return conversation.channelKind;
    case "userId":
    case "model":
    case "status":
    case "error":
      return turn?.[field];
    case "turn":
      return turn && String(turn.id);
    default:
      return conversation[field];
  }
}

function numberIn(field: NumberField | TimeField, { conversation, turn }: Subject): number | undefined {
  switch (field) {
    case "generation":
      return conversation.generation;
    case "started":
      return conversation.startedAt;
    case "at":
      return turn?.receivedAt;
    case "tokens":
      return turn?.usage && (turn.usage.inputTokens ?? 0) + (turn.usage.outputTokens ?? 0);
    case "inputTokens":
    case "outputTokens":
      return turn?.usage?.[field];
    default:
      return turn?.[field];
  }
}

/** A turn's text counts once it is settled. */
function isSaid({ words, prefix }: Extract<Leaf, { kind: "text" }>, { turn, content }: Subject): boolean {
  if (words.length === 0 || !content || turn?.settledAt === undefined) return false;
  return [content.question, content.answer ?? ""].some((text) => inARow(wordsOf(text), words, prefix));
}

function inARow(text: readonly string[], words: readonly string[], prefix: boolean): boolean {
  return text.some((_, start) =>
    words.every((word, index) => {
      const here = text[start + index];
      return prefix && index === words.length - 1 ? here?.startsWith(word) : here === word;
    }),
  );
}
