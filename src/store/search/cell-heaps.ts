import { readBags } from "../index/bag.ts";
import { FIGURES } from "../index/cell.ts";
import type { Row } from "../dialect.ts";
import { addTimes, ranksOf, toldTimes, type ToldTimes, toPlaces } from "../index/told-time.ts";
import type { Summed } from "./sums-sql.ts";

/** PURE: sums of one thing while they are put together of cells. */
export interface Heap {
  readonly figures: Record<(typeof FIGURES)[number], number>;
  /** Numbers of rows, as often as they come. They are told apart at the end. */
  readonly people: number[];
  readonly conversations: number[];
  readonly firstText: ToldTimes;
  readonly complete: ToldTimes;
}

export const heap = (): Heap => ({
  figures: { turns: 0, failed: 0, tokens: 0, cost: 0, priced: 0 },
  people: [],
  conversations: [],
  firstText: toldTimes(),
  complete: toldTimes(),
});

/** Adds a row of cells to all of these, as much at once as there is room in `pairs`. Yields how much was read whenever it may be left for a while. */
export function* addRow(heaps: readonly Heap[], row: Row, pairs: Float64Array): Generator<number> {
  for (const { figures } of heaps) for (const figure of FIGURES) figures[figure] += Number(row[figure]);
  function* read(column: string): Generator<number> {
    const text = String(row[column]);
    const reading = { at: 0, value: 0 };
    while (reading.at < text.length) yield readBags(text, reading, pairs);
  }
  for (const bag of ["people", "conversations"] as const)
    for (const end of read(bag)) {
      for (const its of heaps) for (let at = 0; at < end; at += 2) its[bag].push(pairs[at] ?? 0);
      yield end;
    }
  for (const [bag, column] of [
    ["firstText", "first_text"],
    ["complete", "complete"],
  ] as const)
    for (const end of read(column)) {
      toPlaces(pairs, end);
      for (const its of heaps) addTimes(its[bag], pairs, end);
      yield end;
    }
}

/** Rows' numbers lie close together: they are marked on pages of so many. */
const PAGE = 4_096;

/** Counts how many different numbers there are. To be used for one heap after the other: it remembers where numbers are. */
export function differing(): (numbers: readonly number[]) => number {
  // For each number the last question in which it was there.
  const pages: Uint32Array[] = [];
  let question = 0;
  return (numbers) => {
    question += 1;
    let count = 0;
    for (const number of numbers) {
      const at = Math.floor(number / PAGE);
      const page = (pages[at] ??= new Uint32Array(PAGE));
      const place = number - at * PAGE;
      if (page[place] !== question) count += 1;
      page[place] = question;
    }
    return count;
  };
}

export function summed(
  key: string | undefined,
  { figures, people, conversations, firstText, complete }: Heap,
  different: (numbers: readonly number[]) => number,
): Summed {
  const { priced, cost, ...rest } = figures;
  const [first, whole] = [ranksOf(firstText), ranksOf(complete)];
  return {
    ...(key !== undefined && { key }),
    ...rest,
    conversations: different(conversations),
    people: different(people),
    ...(priced > 0 && { cost }),
    ...(first && { firstText: first }),
    ...(whole && { complete: whole }),
  };
}
