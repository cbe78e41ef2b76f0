import type { Readable, Work } from "../../../src/store/aside.ts";
import { PatchcordError } from "../../../src/errors.ts";

/* Work for a thread that reads, which loads this file there. */

interface Input {
  /** So many pieces; then it is through, or fails with this. */
  readonly pieces: number;
  readonly fails?: "as itself" | "as ours";
  /** Bytes that count what was done, seen from both threads: pieces that were begun, works that were ended. */
  readonly seen: SharedArrayBuffer;
}

export interface Counted {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Each piece says how many turns the archive has. */
export async function* work(archive: Readable, { pieces, fails, seen }: Input): AsyncGenerator<Counted> {
  const counts = new Uint8Array(seen);
  try {
    for (let piece = 1; piece <= pieces; piece += 1) {
      Atomics.add(counts, 0, 1);
      const [[sum] = []] = await archive.sums({ kind: "all", of: [] }, [{}]);
      yield { count: sum?.turns ?? 0, bytes: Uint8Array.of(piece) };
    }
    if (fails === "as itself") throw new Error("it broke");
    if (fails === "as ours") throw new PatchcordError("query_too_large", "Ask for less.");
  } finally {
    Atomics.add(counts, 1, 1);
  }
}

export const COUNTING: Work<Input, Counted> = {
  module: new URL(import.meta.url),
  load: async () => ({ work }),
};
