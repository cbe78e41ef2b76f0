import { createHmac } from "node:crypto";
import { redact as withoutSecrets } from "../log.ts";
import type { ListedTurn } from "./admin.ts";
import type { ExportedConversation } from "./export.ts";

/** Takes people's names and what identifies them out of what is exported. */
export interface Redactor {
  conversation(exported: ExportedConversation): ExportedConversation;
}

export interface RedactorDeps {
  /** Pseudonyms are made with it: the same key gives a person the same one, and without it nobody is found from theirs. */
  readonly key: Uint8Array;
  /** What else is taken out, as the operator says. */
  readonly patterns: readonly RegExp[];
}

const PATTERNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["email", /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu],
  ["iban", /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b/g],
  ["card", /\b\d(?:[ -]?\d){12,18}\b/g],
  ["ip", /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b/gi],
  ["phone", /(?<![\p{L}\p{N}])(?:\+|00)?\d(?:[ ()./-]{0,2}\d){7,14}(?![\p{L}\p{N}])/gu],
];

/** A name this short is found in too many words. */
const SHORTEST_NAME = 3;

export function createRedactor({ key, patterns }: RedactorDeps): Redactor {
  const pseudonym = (platform: string, id: string) =>
    `person-${createHmac("sha256", key).update(`${platform}:${id}`).digest("hex").slice(0, 8)}`;
  const without = (text: string) => {
    const plain = withoutSecrets(text);
    const known = PATTERNS.reduce((rest, [name, found]) => rest.replace(found, `[${name}]`), plain);
    return patterns.reduce((rest, found) => rest.replace(found, "[redacted]"), known);
  };

  return {
    conversation(exported) {
      const { platform } = exported.conversation;
      const people = peopleIn(exported).map((person) => ({
        ...person,
        alias: pseudonym(platform, person.id),
      }));
      const anonymous = (text: string) => without(withoutNames(text, people));
      const by = pseudonym(platform, exported.conversation.startedById);
      const { link: _link, excerpt: _excerpt, ...conversation } = exported.conversation;
      return {
        conversation: {
          ...rewritten(conversation, NAMES, anonymous),
          startedById: by,
          startedByName: by,
          formerly: conversation.formerly.map((former) => ({ ...former, name: anonymous(former.name) })),
        },
        turns: exported.turns.map((turn) => turnWithout(turn, pseudonym(platform, turn.userId), anonymous)),
      };
    },
  };
}

/** What is written by people of a place, and may hold their names. */
const NAMES = ["channelName", "channelTopic", "threadName"] as const;

function turnWithout(
  { link: _link, detail: _detail, content, ...turn }: ListedTurn,
  alias: string,
  anonymous: (text: string) => string,
): ListedTurn {
  return {
    ...rewritten(turn, NAMES, anonymous),
    userId: alias,
    userName: alias,
    userNames: [],
    ...(content && { content: rewritten(content, ["question", "answer"], anonymous) }),
  };
}

/** The row with these members rewritten, where it has them. */
function rewritten<Row extends object>(
  row: Row,
  members: readonly (keyof Row)[],
  rewrite: (text: string) => string,
): Row {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === "string" && members.includes(name as keyof Row) ? rewrite(value) : value,
  ]);
  return Object.fromEntries(entries) as Row;
}

interface Person {
  readonly id: string;
  readonly names: readonly string[];
}

/** Whoever asked something there. Longer names come first, so that no part of one is left over. */
function peopleIn({ conversation, turns }: ExportedConversation): Person[] {
  const names = new Map<string, Set<string>>();
  const add = (id: string, ...found: readonly string[]) => {
    const known = names.get(id) ?? new Set();
    for (const name of found) known.add(name);
    names.set(id, known);
  };
  add(conversation.startedById, conversation.startedByName);
  for (const { userId, userName, userNames } of turns) add(userId, userName, ...userNames);
  return Array.from(names, ([id, known]) => ({ id, names: [...known] }));
}

function withoutNames(text: string, people: readonly (Person & { readonly alias: string })[]): string {
  const aliases = people
    .flatMap(({ id, names, alias }) => [id, ...names].map((name) => ({ name, alias })))
    .filter(({ name }) => name.length >= SHORTEST_NAME)
    .sort((a, b) => b.name.length - a.name.length);
  return aliases.reduce(
    (rest, { name, alias }) =>
      rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, "giu"), alias),
    text,
  );
}
