import type { Context } from "hono";
import type { ExportedText } from "./exporting.ts";

/**
 * A body that is written as it is read: the next line is asked for when there is room for it, so that whoever reads slowly holds nothing in
 * memory. Resolves once the first line is there, so that what goes wrong before it is an answer of its own. What goes wrong later is told to `cut`,
 * which cuts the connection off, if there is one; else the body fails.
 */
export async function bodyOf(
  lines: AsyncIterable<string | Uint8Array<ArrayBuffer>>,
  cut: (error: unknown) => boolean,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const source = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let first: IteratorResult<string | Uint8Array<ArrayBuffer>> | undefined = await source.next();
  let hasGone = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const line = first ?? (await source.next());
          first = undefined;
          // Whoever left while it was read has nothing to be told any more.
          if (hasGone) return;
          if (line.done === true) controller.close();
          else controller.enqueue(typeof line.value === "string" ? encoder.encode(line.value) : line.value);
        } catch (error) {
          const isCut = cut(error);
          if (hasGone) return;
          if (isCut) controller.close();
          else controller.error(error);
        }
      },
      // Whoever asked has gone: what is read from ends as well.
      cancel: async () => {
        hasGone = true;
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** What an export is written of. */
export async function* bytesOf(pieces: AsyncIterable<ExportedText>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const { bytes } of pieces) yield bytes;
}

/** Ends the connection without the answer's end, so that nobody takes a part for the whole. False: there is none, as in tests. */
export function cutOff({ env }: Context): boolean {
  const { outgoing } = (env ?? {}) as { readonly outgoing?: { readonly destroy: () => unknown } };
  outgoing?.destroy();
  return outgoing !== undefined;
}
