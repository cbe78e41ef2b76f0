import type { StepLine } from "./child.ts";
import type { Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** Writes that hold only while the turn is the writer's. */
const FENCED = /^(store\.mark\w+(?: \d+)?) before$/;

/**
 * A replica that lost a turn to another writes nothing more for it. Goes by writes that were begun after the other had taken the turn up: one
 * that was begun before may be told of its success later.
 */
export function checkFence({ steps, asks, turns }: Evidence): readonly Violation[] {
  const holders = new Map<number, string>();
  const begun = new Map<string, StepLine>();
  const violations: Violation[] = [];
  for (const line of steps) {
    const { turn, who, step } = line;
    if (turn === undefined) continue;
    if (step === "store.pages before") holders.set(turn, who);
    const write = FENCED.exec(step)?.[1];
    if (write !== undefined && holders.has(turn) && holders.get(turn) !== who)
      begun.set(`${who} ${turn} ${write}`, line);
    const done = begun.get(`${who} ${turn} ${step.replace(/ after$/, "")}`);
    if (!step.endsWith(" after") || !done) continue;
    begun.delete(`${who} ${turn} ${step.replace(/ after$/, "")}`);
    const row = turns.find(({ id }) => id === turn);
    const ask = asks.find(({ platform, id }) => platform === row?.platform && id === row.messageId);
    violations.push({
      fault: "not fenced",
      what: `${who} wrote to turn ${turn} (${step}) after ${holders.get(turn)} had taken it up`,
      ...(ask && { ask: ask.number, where: ask.where }),
    });
  }
  return violations;
}
