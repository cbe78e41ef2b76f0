import type { ChannelKind } from "../chat/place.ts";
import type { Condition } from "./archive.ts";
import type { Grouping, Sum, SumBy } from "./sums.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import { conditionSql } from "./condition-sql.ts";
import { type CellQuestion, cellQuestion, type Cube, cubeFor, isTime } from "./cube.ts";
import { beginOf, type Reader, within } from "./find.ts";
import type { Plan } from "./search-sql.ts";
import { sumsOfCells } from "./sums-cells.ts";
import { namesStatement, sumsIn, sumsStatement, type Summed } from "./sums-sql.ts";

type By = SumBy | undefined;
type Sums = readonly (readonly Summed[])[];

const MOST = 1_000;

/**
 * Sums over turns. They are put together of cells where a cube knows all that the condition speaks of, and else of the turns themselves, which
 * takes as long as there are turns.
 */
export function createSums(
  reader: Reader,
): (where: Condition, groupings: readonly Grouping[]) => Promise<readonly (readonly Sum[])[]> {
  const { sql } = reader;
  return async (where, groupings) => {
    const plan = sql.plan(where);
    const sums = await summing(
      reader,
      plan,
      groupings.map(({ by }) => by),
    );
    return Promise.all(groupings.map((grouping, index) => finished(reader, grouping, sums[index] ?? [])));
  };
}

/** What each is summed by, in its place, and from which cells. Undefined: from the turns. */
async function summing(reader: Reader, plan: Plan, by: readonly By[]): Promise<Sums> {
  const { dialect } = reader;
  const question = (await isCounted(dialect)) ? cellQuestion(plan.parts) : undefined;
  const cubes = by.map((one) => question && cubeFor(question, one));
  const sums: (readonly Summed[])[] = [];
  for (const cube of new Set(cubes)) {
    const places = by.flatMap((_, index) => (cubes[index] === cube ? [index] : []));
    const found = await sumsFrom(
      reader,
      { plan, question, cube },
      places.map((index) => by[index]),
    );
    for (const [at, index] of places.entries()) sums[index] = found[at] ?? [];
  }
  return sums;
}

interface From {
  readonly plan: Plan;
  readonly question: CellQuestion | undefined;
  readonly cube: Cube | undefined;
}

async function sumsFrom(reader: Reader, { plan, question, cube }: From, by: readonly By[]): Promise<Sums> {
  const { dialect, sql } = reader;
  if (question && cube)
    return sumsOfCells({ dialect, conditions: conditionSql(dialect) }, cube, question, by);
  return sumsIn(
    await dialect.read(sumsStatement(dialect, sql, { plan, begin: await beginOf(reader, plan) }, by)),
    by,
  );
}

/** Whether all turns are in the cells. After an upgrade they are not at once. */
async function isCounted({ read }: ArchiveDialect): Promise<boolean> {
  const some = await read({ sql: "SELECT 1 FROM turn_facts WHERE scope IS NULL LIMIT 1", values: [] });
  return some.length === 0;
}

/** In their order, so many as are asked for, with what their keys name. */
async function finished(
  { dialect, sql }: Reader,
  { by, limit = MOST, namedIn }: Grouping,
  all: readonly Summed[],
): Promise<readonly Sum[]> {
  if (by === undefined) return all.map(({ key: _key, ...sum }) => sum);
  const sums = all.toSorted((a, b) => (isTime(by) ? 0 : b.turns - a.turns) || byKey(a, b, isTime(by)));
  const kept = sums.slice(0, within(limit));
  const keys = kept.flatMap(({ key }) => key ?? []);
  const statement = namesStatement(dialect, sql, {
    by,
    keys,
    ...(namedIn && { namedIn: sql.plan(namedIn) }),
  });
  const rows = statement ? await dialect.read(statement) : [];
  const called = new Map(rows.map((row) => [String(row["key"]), row]));
  return kept.map((sum) => {
    const { name = null, kind = null } = (sum.key !== undefined && called.get(sum.key)) || {};
    return {
      ...sum,
      ...(name !== null && { name: String(name) }),
      ...(kind !== null && { kind: kind as ChannelKind }),
    };
  });
}

/** By their signs' numbers, so that both engines sort alike. What has no key is last. */
function byKey(a: Summed, b: Summed, down: boolean): number {
  if (a.key === b.key) return 0;
  if (a.key === undefined || b.key === undefined) return a.key === undefined ? 1 : -1;
  return a.key < b.key === down ? 1 : -1;
}
