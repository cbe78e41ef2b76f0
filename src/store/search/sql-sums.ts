import type { ChannelKind } from "../../chat/place.ts";
import type { Condition } from "../archive.ts";
import type { Grouping, Sum } from "../sums.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { conditionSql } from "./condition-sql.ts";
import { type CellQuestion, cellQuestion, type Cube, cubeFor } from "../index/cube.ts";
import { beginOf, type Reader } from "./find.ts";
import type { Plan } from "./search-sql.ts";
import { sumsOfCells } from "./sums-cells.ts";
import { firstOf } from "./sums-order.ts";
import { namesStatement, sumsIn, sumsStatement, type Summed } from "./sums-sql.ts";
import { usedIn } from "./used.ts";

type Sums = readonly (readonly Summed[])[];

/**
 * Sums over turns. They are put together of cells where a cube knows all that the condition speaks of, and else of the turns themselves, which
 * takes as long as there are turns.
 */
export function createSums(
  reader: Reader,
): (where: Condition, groupings: readonly Grouping[]) => Promise<readonly (readonly Sum[])[]> {
  const { dialect, sql } = reader;
  return async (where, groupings) => {
    const plan = sql.plan(where, await usedIn(dialect, where));
    const sums = await summing(reader, plan, groupings);
    return Promise.all(groupings.map((grouping, index) => finished(reader, grouping, sums[index] ?? [])));
  };
}

/** What each is summed by, in its place, and from which cells. Undefined: from the turns. */
async function summing(reader: Reader, plan: Plan, groupings: readonly Grouping[]): Promise<Sums> {
  const { dialect } = reader;
  const question = (await isCounted(dialect)) ? cellQuestion(plan.parts) : undefined;
  const cubes = groupings.map(({ by }) => question && cubeFor(question, by));
  const sums: (readonly Summed[])[] = [];
  for (const cube of new Set(cubes)) {
    const places = groupings.flatMap((_, index) => (cubes[index] === cube ? [index] : []));
    const found = await sumsFrom(
      reader,
      { plan, question, cube },
      places.flatMap((index) => groupings[index] ?? []),
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

async function sumsFrom(
  reader: Reader,
  { plan, question, cube }: From,
  groupings: readonly Grouping[],
): Promise<Sums> {
  const { dialect, sql } = reader;
  if (question && cube)
    return sumsOfCells({ dialect, conditions: conditionSql(dialect), cube, question }, groupings);
  const by = groupings.map((grouping) => grouping.by);
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
  grouping: Grouping,
  all: readonly Summed[],
): Promise<readonly Sum[]> {
  const { by, namedIn } = grouping;
  if (by === undefined) return all.map(({ key: _key, ...sum }) => sum);
  const kept = firstOf(grouping, all);
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
