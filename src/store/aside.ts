import type { Archive } from "./archive.ts";

/** The archive for who has the database for reading alone. */
export type Readable = Omit<Archive, "refresh" | "renew">;

/**
 * PORT: work that reads much of the archive. It is done on a thread of its own, so that the bot's thread has only to pass on what comes of it.
 */
export interface Aside {
  /**
   * What the work yields, in order. One piece is made ahead of the one that is looked at, and no more: whoever takes them slowly holds up the
   * work, and nothing gathers in memory. Whoever ends early ends the work behind the piece that is being made. Rejects with what the work throws.
   */
  run<Input, Piece>(work: Work<Input, Piece>, input: Input): AsyncIterable<Piece>;
}

/**
 * Work by its module, since a function cannot go to another thread. What it is given and what it yields is copied on the way there and back, but
 * for bytes that are a member of a piece: they are moved, with the whole of the buffer that they are in.
 */
export interface Work<Input, Piece> {
  readonly module: URL;
  readonly load: () => Promise<Workshop<Input, Piece>>;
}

/** What such a module exports. */
export interface Workshop<Input, Piece> {
  readonly work: (archive: Readable, input: Input) => AsyncIterable<Piece>;
}

/** Work on this thread: for a database in memory, which is its connection's alone. */
export function asideHere(archive: Readable): Aside {
  return {
    run: async function* ({ load }, input) {
      const { work } = await load();
      yield* work(archive, input);
    },
  };
}
