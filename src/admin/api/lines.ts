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
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const line = first ?? (await source.next());
          first = undefined;
          if (line.done === true) controller.close();
          else controller.enqueue(typeof line.value === "string" ? encoder.encode(line.value) : line.value);
        } catch (error) {
          if (cut(error)) controller.close();
          else controller.error(error);
        }
      },
      // Whoever asked has gone: what is read from ends as well.
      cancel: async () => void (await source.return?.()),
    },
    { highWaterMark: 0 },
  );
}
