import { createHmac, createSecretKey } from "node:crypto";
import { redact as withoutSecrets } from "../log.ts";
import type { Person } from "../store/of-found.ts";
import type { ListedConversation, ListedTurn } from "./admin.ts";
import type { ExportedPart } from "./export.ts";
import { withoutNames } from "./without-names.ts";

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

interface Pattern {
  readonly name: string;
  /** Part of whatever is found, and looked for much faster: most texts have none of it. */
  readonly hint: RegExp;
  readonly found: RegExp;
}

const PATTERNS: readonly Pattern[] = [
  {
    name: "email",
    hint: /@/,
    // From the beginning of a word on: else each of its letters is looked at as if one began there.
    found: /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu,
  },
  {
    name: "iban",
    hint: /[A-Z]{2}\d{2}/,
    found: /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b/g,
  },
  { name: "card", hint: /\d[ -]?\d[ -]?\d/, found: /\b\d(?:[ -]?\d){12,18}\b/g },
  {
    name: "ip",
    hint: /\d\.\d|:[0-9a-f]{1,4}:/i,
    found: /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b/gi,
  },
  {
    name: "phone",
    hint: /\d[ ()./-]{0,2}\d[ ()./-]{0,2}\d/,
    found: /(?<![\p{L}\p{N}])(?:\+|00)?\d(?:[ ()./-]{0,2}\d){7,14}(?![\p{L}\p{N}])/gu,
  },
];

/** So many people's pseudonyms are remembered: to make one takes longer than all else that is done to a turn. */
const REMEMBERED = 10_000;

export function createRedactor({ key, patterns }: RedactorDeps): Redactor {
  const made = new Map<string, string>();
  // A key as bytes is made one of the library's for each pseudonym anew, which takes four times as long as the pseudonym.
  const secret = createSecretKey(key);
  const pseudonym = (platform: string, id: string) => {
    const of = `${platform}:${id}`;
    const alias =
      made.get(of) ?? `person-${createHmac("sha256", secret).update(of).digest("hex").slice(0, 8)}`;
    if (made.size >= REMEMBERED) made.clear();
    made.set(of, alias);
    return alias;
  };
  const without = (text: string) => {
    let rest = withoutSecrets(text);
    for (const { name, hint, found } of PATTERNS)
      if (hint.test(rest)) rest = rest.replace(found, `[${name}]`);
    return patterns.reduce((left, found) => left.replace(found, "[redacted]"), rest);
  };

  return {
    of: ({ platform, startedById, startedByName }, asked) => {
      const people = [...asked, { id: startedById, names: [startedByName] }];
      const aliasOf = (id: string) => pseudonym(platform, id);
      const named = withoutNames(people, aliasOf);
      const anonymous = (text: string) => without(named(text));
      const calledAnonymously = remembering(anonymous);
      const by = aliasOf(startedById);
      return ({ conversation: { link: _link, excerpt: _excerpt, ...conversation }, turns, ...part }) => ({
        ...part,
        conversation: {
          ...conversation,
          ...rewritten(conversation, NAMES, calledAnonymously),
          startedById: by,
          startedByName: by,
          formerly: conversation.formerly.map((former) => ({
            ...former,
            name: calledAnonymously(former.name),
          })),
        },
        turns: turns.map((turn) =>
          turnWithout(turn, { alias: aliasOf(turn.userId), anonymous, calledAnonymously }),
        ),
      });
    },
  };
}

/** What is written by people of a place, and may hold their names. */
const NAMES = ["channelName", "channelTopic", "threadName"] as const;

interface Rewriting {
  /** Of who asked. */
  readonly alias: string;
  readonly anonymous: (text: string) => string;
  readonly calledAnonymously: (name: string) => string;
}

function turnWithout(
  { link: _link, detail: _detail, content, ...turn }: ListedTurn,
  { alias, anonymous, calledAnonymously }: Rewriting,
): ListedTurn {
  // What is left of the turn is a copy already, and is changed where it is: an export of a million turns copies each once.
  const rest: Growing<ListedTurn> = turn;
  for (const member of NAMES) {
    const name = turn[member];
    if (name !== undefined) rest[member] = calledAnonymously(name);
  }
  rest.userId = alias;
  rest.userName = alias;
  rest.userNames = [];
  if (content) rest.content = { ...content, ...rewritten(content, ["question", "answer"], anonymous) };
  return rest;
}

type Growing<Row> = { -readonly [Member in keyof Row]: Row[Member] };

/** These members rewritten, where the row has them. */
function rewritten<Member extends string>(
  row: { readonly [Name in Member]?: string },
  members: readonly Member[],
  rewrite: (text: string) => string,
): { [Name in Member]?: string } {
  const texts: { [Name in Member]?: string } = {};
  for (const member of members) {
    const text = row[member];
    if (text !== undefined) texts[member] = rewrite(text);
  }
  return texts;
}

/** The same, of few texts that come again and again. */
function remembering(rewrite: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const rewritten = known.get(text) ?? rewrite(text);
    known.set(text, rewritten);
    return rewritten;
  };
}
