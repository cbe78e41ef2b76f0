import type { Condition } from "../../src/store/archive.ts";
import type { Place, Whereabouts } from "../../src/chat/place.ts";
import { wordsOf } from "../../src/store/words.ts";
import { folded, heardKey, type Known, type KnownTurn } from "./archive-world.ts";

/** What a condition says, row by row: the slow and plain way that every search has to agree with. */

export interface KnownConversation {
  readonly place: Place;
  readonly generation: number;
  readonly where: Whereabouts;
  readonly turns: readonly KnownTurn[];
  readonly startedAt: number;
}

const NAMES = {
  workspace: "workspaceName",
  channel: "channelName",
  topic: "channelTopic",
  parent: "parentChannel",
  thread: "threadName",
} as const;

export function conversationsOf(known: Known): KnownConversation[] {
  const keys = new Map<string, { place: Place; generation: number; createdAt: number }>();
  for (const { place, generation, at } of known.turns.toReversed())
    keys.set(`${generation} ${place}`, { place, generation, createdAt: at });
  for (const [place, starts] of known.generations)
    for (const [index, createdAt] of starts.entries())
      keys.set(`${index + 1} ${place}`, { place, generation: index + 1, createdAt });
  return [...keys.values()].map(({ place, generation, createdAt }) => {
    const turns = known.turns.filter((turn) => turn.place === place && turn.generation === generation);
    const startedAt = turns.length > 0 ? Math.min(...turns.map(({ at }) => at)) : createdAt;
    const where = known.whereabouts.get(place)?.at(-1)?.where as Whereabouts;
    return { place, generation, where, turns, startedAt };
  });
}

/** Undefined: it is said of turns, and there is no turn. Then neither it nor its contrary holds. */
export function holds(
  known: Known,
  condition: Condition,
  of: KnownConversation,
  turn?: KnownTurn,
): boolean | undefined {
  if (condition.kind === "not") {
    const inner = holds(known, condition.of, of, turn);
    return inner === undefined ? undefined : !inner;
  }
  if ("of" in condition) {
    const parts = condition.of.map((part) => holds(known, part, of, turn));
    const decisive = condition.kind === "any";
    if (parts.includes(decisive)) return decisive;
    return parts.includes(undefined) ? undefined : !decisive;
  }
  switch (condition.kind) {
    case "name": {
      const names = namesOf(known, condition, of, turn);
      return names?.some((name) => matches(name, condition.match, condition.value));
    }
    case "word": {
      if (condition.field === "heardId")
        return condition.values.some((id) => known.heard.get(heardKey(of))?.has(id));
      const value = wordOf(condition.field, of, turn);
      return value === null ? undefined : value !== undefined && condition.values.includes(value);
    }
    case "part": {
      const value = wordOf(condition.field, of, turn);
      return value === null
        ? undefined
        : value !== undefined && matches(value.toLowerCase(), condition.match, condition.value);
    }
    case "number": {
      const value = numberOf(condition.field, of, turn);
      if (value === null) return undefined;
      const { from = -Infinity, below = Infinity } = condition;
      return value !== undefined && value >= from && value < below;
    }
    default: {
      if (!turn) return undefined;
      if (turn.status === "open" || condition.words.length === 0) return false;
      return [turn.question, turn.answer].some((text) =>
        says(wordsOf(text), condition.words, condition.prefix),
      );
    }
  }
}

const matches = (name: string, match: "equals" | "prefix" | "contains", value: string) =>
  match === "equals" ? name === value : match === "prefix" ? name.startsWith(value) : name.includes(value);

function says(text: readonly string[], words: readonly string[], prefix: boolean): boolean {
  return text.some((_, at) =>
    words.every((word, index) => {
      const said = text[at + index];
      return prefix && index === words.length - 1 ? said?.startsWith(word) : said === word;
    }),
  );
}

type Name = Extract<Condition, { kind: "name" }>;

/** Folded. Undefined: it is said of turns, and there is none. */
export function namesOf(
  known: Known,
  { field, tense }: Name,
  of: KnownConversation,
  turn?: KnownTurn,
): string[] | undefined {
  if (field === "user") {
    if (!turn) return undefined;
    if (tense === "then") return folded(turn.userName);
    const same = known.turns
      .filter((one) => one.userId === turn.userId && one.where.workspaceId === turn.where.workspaceId)
      .toSorted((x, y) => x.at - y.at || x.id - y.id);
    return (tense === "now" ? same.slice(-1) : same).flatMap((one) => folded(one.userName));
  }
  const key = NAMES[field];
  if (tense === "then") return turn && folded(turn.where[key]);
  if (tense === "now") return folded(of.where[key]);
  const history = known.whereabouts.get(of.place) ?? [];
  const lately = history.filter((_, index) => (history[index + 1]?.since ?? Infinity) > of.startedAt);
  return [...lately.map(({ where }) => where), ...of.turns.map(({ where }) => where)].flatMap((where) =>
    folded(where[key]),
  );
}

/** Null: there is no turn to ask. Undefined: it has none. */
function wordOf(field: string, of: KnownConversation, turn?: KnownTurn): string | null | undefined {
  const place: Record<string, string | undefined> = {
    platform: "chat",
    workspaceId: of.where.workspaceId,
    channelId: of.where.channelId,
    kind: of.where.channelKind,
    threadId: of.where.threadId,
    place: of.place,
    telnyxId: `T${of.place.slice(-1)}-${of.generation}`,
  };
  if (field in place) return place[field];
  if (!turn) return null;
  return {
    userId: turn.userId,
    model: turn.model,
    status: turn.status,
    error: turn.error,
    turn: String(turn.id),
  }[field];
}

function numberOf(field: string, of: KnownConversation, turn?: KnownTurn): number | null | undefined {
  if (field === "generation") return of.generation;
  if (field === "started") return of.startedAt;
  if (!turn) return null;
  const { inputTokens, outputTokens } = turn.usage ?? {};
  const tokens = turn.usage && (inputTokens ?? 0) + (outputTokens ?? 0);
  const { at, cost, firstText, complete } = turn;
  return { at, cost, firstText, complete, inputTokens, outputTokens, tokens }[field];
}
