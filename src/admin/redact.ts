import { createHmac } from "node:crypto";
import { redact as withoutSecrets } from "../log.ts";
import type { Person } from "../store/of-found.ts";
import type { ListedConversation, ListedTurn } from "./admin.ts";
import type { ExportedPart } from "./export.ts";

/** Takes people's names and what identifies them out of what is exported. */
export interface Redactor {
  /** For the parts of that conversation. `people`: whoever asked something there, by whose names they may have called each other. */
  of(conversation: ListedConversation, people: readonly Person[]): (part: ExportedPart) => ExportedPart;
}

export interface RedactorDeps {
  /** Pseudonyms are made with it: the same key gives a person the same one, and without it nobody is found from theirs. */
  readonly key: Uint8Array;
  /** What else is taken out, as the operator says. */
  readonly patterns: readonly RegExp[];
}

const PATTERNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  // From the beginning of a word on: else each of its letters is looked at as if one began there.
  ["email", /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu],
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
    of: ({ platform, startedById, startedByName }, asked) => {
      const people = [...asked, { id: startedById, names: [startedByName] }];
      const aliases = new Map(people.map(({ id }) => [id, pseudonym(platform, id)]));
      const aliasOf = (id: string) => aliases.get(id) ?? pseudonym(platform, id);
      const named = namesOf(people, aliasOf);
      const anonymous = (text: string) => without(named(text));
      const by = aliasOf(startedById);
      return ({ conversation: { link: _link, excerpt: _excerpt, ...conversation }, turns, ...part }) => ({
        ...part,
        conversation: {
          ...rewritten(conversation, NAMES, anonymous),
          startedById: by,
          startedByName: by,
          formerly: conversation.formerly.map((former) => ({ ...former, name: anonymous(former.name) })),
        },
        turns: turns.map((turn) => turnWithout(turn, aliasOf(turn.userId), anonymous)),
      });
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

/** Puts each person's alias in place of their id and names, in any case, as whole words. Longer names go first, so that no part of one is left over. */
function namesOf(people: readonly Person[], aliasOf: (id: string) => string): (text: string) => string {
  const names = people
    .flatMap(({ id, names: all }) => [id, ...all].map((name) => ({ name, alias: aliasOf(id) })))
    .filter(({ name }) => name.length >= SHORTEST_NAME)
    .sort((a, b) => b.name.length - a.name.length);
  if (names.length === 0) return (text) => text;
  const alias = new Map(names.toReversed().map(({ name, alias: one }) => [name.toLowerCase(), one]));
  const any = names.map(({ name }) => RegExp.escape(name));
  const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  // Some letters are the same in any case and have another lower case: K, the sign of kelvin, is a k.
  const same = (written: string) =>
    names.find((_, at) => new RegExp(`^(?:${any[at]})$`, "iu").test(written))?.alias;
  return (text) =>
    text.replace(found, (written) => alias.get(written.toLowerCase()) ?? same(written) ?? "person");
}
