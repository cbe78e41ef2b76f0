import type { Condition, NumberField, TimeField, TurnStatus, WordField } from "../archive.ts";
import { encoded } from "../searchable.ts";
import type { AnyOf } from "./word-index.ts";

/** PURE: what can be said of a condition before it becomes SQL. */

/** What the name is: one of the values. */
export type Names = Omit<Extract<Condition, { readonly kind: "name" }>, "value"> & {
  readonly values: readonly string[];
};
/** One of the phrases is said. */
export interface Texts {
  readonly kind: "text";
  readonly phrases: AnyOf;
}
export type Atom =
  | Exclude<Condition, { readonly kind: "all" | "any" | "not" | "name" | "text" }>
  | Names
  | Texts;
/** One thing that is said, or said not to be. */
export interface Literal {
  readonly kind: "is" | "isnt";
  readonly atom: Atom;
  /** Of what is not one of some models: all others that there are, where that was found out. */
  readonly others?: readonly string[];
}
/** A condition whose negations are all at its leaves. */
export type Plain = Literal | { readonly kind: "all" | "any"; readonly of: readonly Plain[] };

const ALWAYS: Plain = { kind: "all", of: [] };
const NEVER: Plain = { kind: "any", of: [] };

export const isAlways = (plain: Plain) => plain.kind === "all" && plain.of.length === 0;
export const isNever = (plain: Plain) => plain.kind === "any" && plain.of.length === 0;

/** The same condition with negations at its leaves, no level twice, and nothing in it that always or never holds. */
export function plain(condition: Condition, yes = true): Plain {
  if (condition.kind === "not") return plain(condition.of, !yes);
  if (!("of" in condition)) return { kind: yes ? "is" : "isnt", atom: atomOf(condition) };
  const kind = (condition.kind === "all") === yes ? "all" : "any";
  return group(
    kind,
    condition.of.map((part) => plain(part, yes)),
  );
}

function atomOf(condition: Exclude<Condition, { readonly kind: "all" | "any" | "not" }>): Atom {
  if (condition.kind === "text") {
    const { words, prefix } = condition;
    return { kind: "text", phrases: words.length === 0 ? [] : [{ words: words.map(encoded), prefix }] };
  }
  if (condition.kind !== "name") return condition;
  const { value, ...name } = condition;
  return { ...name, values: [value] };
}

export function group(kind: "all" | "any", parts: readonly Plain[]): Plain {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  const decided = kind === "all" ? isNever : isAlways;
  if (flat.some(decided)) return kind === "all" ? NEVER : ALWAYS;
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind, of: flat };
}

/** What has to hold together, as far as it can be taken apart. */
export function conjuncts(condition: Plain): readonly Plain[] {
  return condition.kind === "all" ? condition.of : [condition];
}

/** Whether it is said of conversations alone: then it is the same for all turns of one. */
export function isOfConversation(condition: Plain): boolean {
  if ("of" in condition) return condition.of.every(isOfConversation);
  const { atom } = condition;
  if (atom.kind === "text") return false;
  if (atom.kind === "name") return atom.field !== "user" && atom.tense !== "then";
  return OF_CONVERSATIONS.has(atom.field);
}

/** The fields that are said of conversations alone; all others are said of turns. */
export const OF_CONVERSATIONS: ReadonlySet<string> = new Set<WordField | NumberField | TimeField>([
  "platform",
  "workspaceId",
  "channelId",
  "kind",
  "threadId",
  "place",
  "telnyxId",
  "heardId",
  "generation",
  "started",
]);

/** What is left of it for a conversation without turns: nothing that is said of turns holds. */
export function withoutTurns(condition: Plain): Plain {
  if ("of" in condition) return group(condition.kind, condition.of.map(withoutTurns));
  return isOfConversation(condition) ? condition : NEVER;
}

/** How much is asked at once: each part and each value counts. */
export function sizeOf(condition: Condition): number {
  if (condition.kind === "not") return sizeOf(condition.of);
  if ("of" in condition) return condition.of.reduce((sum, part) => sum + sizeOf(part), 1);
  return condition.kind === "word" ? 1 + condition.values.length : 1;
}

/** What is said in a turn, if it is said that it is, and words are named. */
export function phrasesOf(condition: Plain): AnyOf | undefined {
  if (condition.kind !== "is" || condition.atom.kind !== "text") return undefined;
  return condition.atom.phrases.length === 0 ? undefined : condition.atom.phrases;
}

/** Of things that have to hold together: what is said, which is looked for at once, and the others. */
export function saidAmong(parts: readonly Plain[]): {
  readonly said: readonly AnyOf[];
  readonly others: readonly Plain[];
} {
  return {
    said: parts.flatMap((part) => {
      const phrases = phrasesOf(part);
      return phrases ? [phrases] : [];
    }),
    others: parts.filter((part) => phrasesOf(part) === undefined),
  };
}

const STATUSES: readonly TurnStatus[] = ["open", "done", "failed", "stopped", "postponed", "forgotten"];

/** Which statuses it leaves, if it speaks of nothing else: a turn always has one. */
export function statusesOf(part: Plain): readonly TurnStatus[] | undefined {
  if ("of" in part || part.atom.kind !== "word" || part.atom.field !== "status") return undefined;
  const { values } = part.atom;
  return STATUSES.filter((status) => values.includes(status) === (part.kind === "is"));
}

/** Things that have to hold together, with all that is said of the status as one. */
export function withOneStatus(parts: readonly Plain[]): readonly Plain[] {
  const said = parts.flatMap((part) => {
    const left = statusesOf(part);
    return left ? [new Set(left)] : [];
  });
  if (said.length < 2) return parts;
  const values = STATUSES.filter((status) => said.every((some) => some.has(status)));
  if (values.length === 0) return [NEVER];
  return [
    ...parts.filter((part) => statusesOf(part) === undefined),
    { kind: "is", atom: { kind: "word", field: "status", values } },
  ];
}

/** All that is said in a condition, that together which is looked for at once. */
export function allSaid(condition: Plain): readonly (readonly AnyOf[])[] {
  if (!("of" in condition)) {
    const phrases = phrasesOf({ kind: "is", atom: condition.atom });
    return phrases ? [[phrases]] : [];
  }
  if (condition.kind === "any") return condition.of.flatMap(allSaid);
  const { said, others } = saidAmong(condition.of);
  return [...(said.length > 0 ? [said] : []), ...others.flatMap(allSaid)];
}
