import type { Condition } from "../../store/archive.ts";
import { isAlways, plain } from "../../store/search/condition.ts";
import { type Problem, QueryError } from "../query/error.ts";
import { fieldOf } from "../query/fields.ts";
import { parse } from "../query/parse.ts";
import { parseQuery } from "../query/query.ts";
import { termsOf } from "../query/tree.ts";
import { EVERYTHING } from "../viewer.ts";

/** What is the same for all that was said in a conversation, and tells where that was. */
const PLACES = ["platform", "workspace", "channel", "kind", "topic", "parent", "thread", "place"];

/** Nothing that a grant may say counts from it. */
const ANY_TIME = Date.UTC(2026, 0);

/**
 * A grant's `where`, or that of a rule of how long something is kept, in the language of queries: `channel:support`. An empty text means everywhere. It goes by where something was said alone,
 * and by what is certain: what is named is what is called so now, and what is left out by name is left out under any name that it had. Throws
 * `QueryError` with every problem.
 */
export function whereOf(text: string, what: "grant" | "rule" = "grant"): Condition {
  const { tree, settings } = parse(text);
  const problems: Problem[] = settings.map(({ field, from, to }) => ({
    from,
    to,
    message: `${field}: says how to show what is found, and a ${what} shows nothing: leave it out.`,
  }));
  for (const { field, tense, from, to } of termsOf(tree)) {
    const name = fieldOf(field)?.name;
    if (name === undefined) continue;
    if (!PLACES.includes(name))
      problems.push({
        from,
        to,
        message: `A ${what} goes by where something was said: ${PLACES.map((one) => `${one}:`).join(", ")}. It cannot go by ${name}:.`,
      });
    else if (tense === "then")
      problems.push({
        from,
        to,
        message: `A ${what} goes by what a place is called now: leave the @then out.`,
        instead: `${field}:`,
      });
  }
  const where = conditionIn(text, problems);
  return isAlways(plain(where)) ? EVERYTHING : certain(where, true);
}

function conditionIn(text: string, problems: readonly Problem[]): Condition {
  try {
    const { where } = parseQuery(text, ANY_TIME);
    if (problems.length === 0) return where;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new QueryError(text, [...error.problems, ...problems].toSorted(byPlace));
  }
  throw new QueryError(text, problems);
}

const byPlace = (a: Problem, b: Problem) => a.from - b.from || a.to - b.to;

/** `yes`: it is said that it is so, and not that it is not. */
function certain(condition: Condition, yes: boolean): Condition {
  if (condition.kind === "not") return { kind: "not", of: certain(condition.of, !yes) };
  if (condition.kind === "all" || condition.kind === "any")
    return { kind: condition.kind, of: condition.of.map((part) => certain(part, yes)) };
  return condition.kind === "name" && condition.tense === "ever" && yes
    ? { ...condition, tense: "now" }
    : condition;
}
