import type { StepLine } from "./child.ts";
import type { Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** Writes that hold only while the turn is the writer's. */
const FENCED = /^(store\.mark\w+(?: \d+)?) before$/;

/**
 * A replica that lost a place to another writes nothing more for it. Goes by epochs, and by writes that were begun after a later epoch was seen: one that
 * was begun before may be told of its success later, and so may one that took the place and was told of it when it had lost it again.
 */
export function checkFence({ steps, asks, turns }: Evidence): readonly Violation[] {
  const newest = new Map<string, StepLine & { readonly epoch: number }>();
  const begun = new Map<string, string>();
  const violations: Violation[] = [];
  for (const line of steps) {
    const { place, epoch, who, step, turn } = line;
    if (place === undefined || epoch === undefined) continue;
    const last = newest.get(place);
    if (!last || last.epoch < epoch) newest.set(place, { ...line, epoch });
    const write = FENCED.exec(step)?.[1];
    if (turn !== undefined && write !== undefined && last && epoch < last.epoch)
      begun.set(`${who} ${place} ${epoch} ${write}`, last.who);
    if (!step.endsWith(" after")) continue;
    const name = `${who} ${place} ${epoch} ${step.replace(/ after$/, "")}`;
    const holder = begun.get(name);
    if (holder === undefined) continue;
    begun.delete(name);
    const row = turns.find(({ id }) => id === turn);
    const ask = asks.find(({ platform, id }) => platform === row?.platform && id === row.messageId);
    violations.push({
      fault: "not fenced",
      what: `${who} wrote to turn ${turn} (${step}) after ${holder} had taken it up`,
      ...(ask && { ask: ask.number, where: ask.where }),
    });
  }
  return violations;
}
