import { once } from "node:events";
import type { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { asError, PatchcordError } from "../errors.ts";
import type { Terminal } from "./admin/output.ts";
import type { Variables } from "./load.ts";

interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a process writes. */
export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export interface Standard extends Omit<Terminal, "colour"> {
  /** Resolves when all that was written is out. Rejects like `taken`. */
  finish(): Promise<void>;
}

/**
 * Standard output and standard error. Whoever reads may be slower than we write, and may leave: `head` takes ten lines and goes. Then what is
 * written goes nowhere, and `taken` rejects with `unheard`, which is no failure.
 */
export function standardOf({ stdout, stderr }: Streams): Standard {
  let failure: PatchcordError | undefined;
  stdout.on("error", (error) => (failure ??= failureOf(error)));
  // Nobody is left to be told.
  stderr.on("error", () => {});
  const drained = async () => {
    if (stdout.writableNeedDrain) await once(stdout, "drain").catch(() => undefined);
    if (failure) throw failure;
  };
  return {
    write: (text) => void (failure ?? stdout.write(text)),
    tell: (text) => void stderr.write(text),
    taken: drained,
    finish: async () => {
      if (!failure) await new Promise<void>((resolve) => stdout.write("", () => resolve()));
      // What went wrong is told after the callback.
      await setImmediate();
      if (failure) throw failure;
    },
    // Where both are one terminal, progress would be mixed up with what is printed.
    live: stderr.isTTY === true && stdout.isTTY !== true,
    ...(stdout.isTTY === true && stdout.columns !== undefined && { width: stdout.columns }),
  };
}

/** Whether a terminal is there that shows colour, and nobody said that they want none (no-color.org). */
export function wantsColour({ stdout }: Streams, { NO_COLOR, TERM }: Variables): boolean {
  return stdout.isTTY === true && NO_COLOR === undefined && TERM !== "dumb";
}

/** Of these codes one means that the reader is gone: EPIPE (POSIX, write), and what Node says of any write after it. */
function failureOf(caught: unknown): PatchcordError {
  const cause = asError(caught);
  const gone = "code" in cause && (cause.code === "EPIPE" || cause.code === "ERR_STREAM_DESTROYED");
  if (gone) return new PatchcordError("unheard", "Nobody reads what is printed any more.", { cause });
  return new PatchcordError("output_failed", `What is printed cannot be written: ${cause.message}`, {
    cause,
  });
}
