import type { Sum, SumBy } from "../../src/store/sums.ts";
import { toldTime } from "../../src/store/index/told-time.ts";
import type { KnownConversation } from "./archive-naive.ts";
import type { KnownTurn } from "./archive-world.ts";

/** What turns come to, added up one by one: what every sum has to agree with. */

export interface Found {
  readonly of: KnownConversation;
  readonly turn: KnownTurn;
}

export function naiveSums(found: readonly Found[], by?: SumBy): readonly Omit<Sum, "name" | "kind">[] {
  if (by === undefined) return [sumOf(found)];
  const groups = [...Map.groupBy(found, (one) => keyOf(one, by))];
  const sums = groups.map(([key, all]) => ({ ...(key !== undefined && { key }), ...sumOf(all) }));
  const keys = (down: boolean) => (a: { key?: string }, b: { key?: string }) => {
    if (a.key === b.key) return 0;
    if (a.key === undefined || b.key === undefined) return a.key === undefined ? 1 : -1;
    return a.key < b.key === down ? 1 : -1;
  };
  if (by === "day" || by === "week" || by === "month") return sums.toSorted(keys(true));
  return sums.toSorted((a, b) => b.turns - a.turns || keys(false)(a, b));
}

function keyOf({ of, turn }: Found, by: SumBy): string | undefined {
  const date = new Date(turn.at);
  const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
  switch (by) {
    case "platform":
      return "chat";
    case "workspace":
      return of.where.workspaceId;
    case "channel":
      return of.where.channelId;
    case "kind":
      return of.where.channelKind;
    case "user":
      return turn.userId;
    case "model":
      return turn.model;
    case "status":
      return turn.status;
    case "day":
      return iso(turn.at);
    case "week":
      return iso(turn.at - ((date.getUTCDay() + 6) % 7) * 86_400_000);
    default:
      return `${iso(turn.at).slice(0, 7)}-01`;
  }
}

function sumOf(found: readonly Found[]): Omit<Sum, "name" | "kind"> {
  const turns = found.map(({ turn }) => turn);
  const add = (figures: readonly number[]) => figures.reduce((sum, figure) => sum + figure, 0);
  const costs = turns.flatMap(({ cost }) => cost ?? []);
  const done = turns.filter(({ status }) => status === "done");
  const [firstText, complete] = [
    ranks(done.flatMap(({ firstText: time }) => time ?? [])),
    ranks(done.flatMap(({ complete: time }) => time ?? [])),
  ];
  return {
    turns: turns.length,
    conversations: new Set(found.map(({ of }) => `${of.generation} ${of.place}`)).size,
    people: new Set(turns.map(({ userId, where }) => `${where.workspaceId} ${userId}`)).size,
    failed: turns.filter(({ status }) => status === "failed").length,
    tokens: add(turns.map(({ usage }) => (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0))),
    ...(costs.length > 0 && { cost: add(costs) }),
    ...(firstText && { firstText }),
    ...(complete && { complete }),
  };
}

/** The nearest rank, as the time is told. */
function ranks(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => toldTime(sorted[Math.ceil(sorted.length * share) - 1] ?? NaN);
  return sorted.length === 0 ? undefined : { median: at(0.5), p95: at(0.95) };
}
