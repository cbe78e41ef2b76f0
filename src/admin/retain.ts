import { PatchcordError } from "../errors.ts";
import type { Condition } from "../store/archive.ts";
import { whereOf } from "./access/where.ts";
import { recorded, type Recorder } from "./audit.ts";
import { conversationsIn, forgetAll, type ForgettingDeps, KEPT, type Selection } from "./forgetting.ts";
import { durationIn } from "./query/amounts.ts";
import { operator } from "./viewer.ts";

/** How long what was said somewhere is kept. */
export interface RetainRule {
  /** As it was written. */
  readonly text: string;
  /** Milliseconds. */
  readonly ageMs: number;
  readonly where: Condition;
}

const DAY_MS = 86_400_000;

/** Reads `90d where kind:dm`; without `where`, it is everywhere. Throws `QueryError` for what is behind it, and `retain_invalid`. */
export function retainRuleIn(text: string): RetainRule {
  const [, age = "", query = ""] = /^\s*(\S+)(?:\s+where\s+(.+?))?\s*$/is.exec(text) ?? [];
  const ageMs = durationIn(age);
  if (ageMs === undefined || ageMs < DAY_MS)
    throw new PatchcordError(
      "retain_invalid",
      "must say how long, from 1d, and where, such as: 90d where kind:dm",
    );
  return { text: text.trim(), ageMs, where: whereOf(query, "rule") };
}

/**
 * Forgets what is older than the rules allow. At Telnyx a conversation is deleted when its oldest turn is due, since single messages cannot
 * be; the place's next message begins its next one. Returns how many conversations that were.
 */
export async function retain(
  deps: ForgettingDeps,
  recorder: Recorder,
  rules: readonly RetainRule[],
): Promise<number> {
  let count = 0;
  await deps.archive.refresh();
  for (const rule of rules) {
    const before = deps.clock.now() - rule.ageMs;
    const turns: Condition = { kind: "number", field: "at", below: before };
    const where: Condition = { kind: "all", of: [rule.where, turns, KEPT, SETTLED] };
    if (!(await hasUnheld(deps, where))) continue;
    const selection: Selection = { where, part: { turns, before } };
    const bot = operator({ id: "retention", name: "the bot", via: "bot" });
    const deed = { what: "forget", content: `retain: ${rule.text}` };
    for await (const { local } of recorded(recorder, bot, deed, () => forgetAll(deps, selection, false)))
      count += Number(local === "forgotten");
  }
  return count;
}

const SETTLED: Condition = { kind: "not", of: { kind: "word", field: "status", values: ["open"] } };

/** What is on hold is found again each time: that is no news for the audit. */
async function hasUnheld({ archive }: ForgettingDeps, where: Condition): Promise<boolean> {
  for await (const { held } of conversationsIn(archive, where)) if (!held) return true;
  return false;
}
