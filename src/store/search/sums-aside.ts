import type { Archive, Condition } from "../archive.ts";
import type { Aside, Readable, Work } from "../aside.ts";
import type { Grouping, Sum } from "../sums.ts";

interface Input {
  readonly where: Condition;
  readonly groupings: readonly Grouping[];
}

interface Summed {
  readonly sums: readonly (readonly Sum[])[];
}

/** Sums where the reading is done: to put the cells of years together takes tens of milliseconds, in which a thread does nothing else. */
export async function* work(archive: Readable, { where, groupings }: Input): AsyncGenerator<Summed> {
  yield { sums: await archive.sums(where, groupings) };
}

const SUMS: Work<Input, Summed> = { module: new URL(import.meta.url), load: async () => ({ work }) };

export function sumsAside(aside: Aside): Archive["sums"] {
  return async (where, groupings) => {
    const [all] = await Array.fromAsync(aside.run(SUMS, { where, groupings }));
    return all?.sums ?? [];
  };
}
