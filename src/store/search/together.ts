import { group, type Literal, type Plain, saidAmong } from "./condition.ts";
import type { Phrase } from "./word-index.ts";

/*
 * PURE: what is said of one field in one way is looked for at once. `channel:a OR channel:b` is one list, and so is `-channel:a -channel:b`: however many
 * they are, a row is asked one question and not one for each.
 */

/** The same condition with as few parts. `isApart`: see `WordsDialect`. */
export function together(condition: Plain, isApart: (phrase: Phrase) => boolean): Plain {
  if (!("of" in condition)) return condition;
  const { kind } = condition;
  const parts = condition.of.map((part) => together(part, isApart));
  // Of what is so one is enough, and of what is not so each has to hold: both are a list.
  const listed = kind === "any" ? "is" : "isnt";
  const lists = new Map<string, [Literal, ...Literal[]]>();
  const left: Plain[] = [];
  for (const part of parts) {
    const literal = "of" in part || part.kind !== listed ? undefined : part;
    const key = literal && keyOf(literal, isApart);
    if (!literal || key === undefined) {
      left.push(part);
      continue;
    }
    const list = lists.get(key);
    if (list) list.push(literal);
    else lists.set(key, [literal]);
  }
  return group(kind, [...left, ...[...lists.values()].map(asOne)]);
}

/** How many lists there are: each part but what has to be said together, which is looked for at once. */
export function listsIn(condition: Plain): number {
  if (!("of" in condition)) return 1;
  const { said, others } =
    condition.kind === "all" ? saidAmong(condition.of) : { said: [], others: condition.of };
  return others.reduce((sum, part) => sum + listsIn(part), Math.min(1, said.length));
}

/** What has the same is one list. Undefined: there are no lists of such. */
function keyOf({ atom, others }: Literal, isApart: (phrase: Phrase) => boolean): string | undefined {
  if (atom.kind === "word") return JSON.stringify([atom.field, others !== undefined]);
  if (atom.kind === "name") return JSON.stringify([atom.field, atom.tense, atom.match]);
  return atom.kind === "text" ? String(atom.phrases.some(isApart)) : undefined;
}

/** Literals of one key, of which there is at least one. */
function asOne([first, ...more]: readonly [Literal, ...Literal[]]): Literal {
  if (more.length === 0) return first;
  const all = [first, ...more];
  const values = [...new Set(all.flatMap(({ atom }) => ("values" in atom ? atom.values : [])))];
  const phrases = all.flatMap(({ atom }) => (atom.kind === "text" ? atom.phrases : []));
  const { kind, atom, others } = first;
  if (atom.kind === "text") return { kind, atom: { kind: "text", phrases } };
  if (!("values" in atom)) return first;
  const left = others?.filter((value) => more.every((one) => one.others?.includes(value)));
  return { kind, atom: { ...atom, values }, ...(left && { others: left }) };
}
