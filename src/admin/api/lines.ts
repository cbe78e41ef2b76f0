/**
 * A body that is written as it is read: the next line is asked for when there is room for it, so that whoever reads slowly holds nothing in
 * memory. Resolves once the first line is there, so that what goes wrong before it is an answer of its own. What goes wrong later cuts the body
 * off, and is told to `onCut`.
 */
export async function bodyOf(
  lines: AsyncIterable<string>,
  onCut: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const source = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let first: IteratorResult<string> | undefined = await source.next();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const line = first ?? (await source.next());
          first = undefined;
          if (line.done === true) controller.close();
          else controller.enqueue(encoder.encode(line.value));
        } catch (error) {
          onCut(error);
          controller.error(error);
        }
      },
      // Whoever asked has gone: what is read from ends as well.
      cancel: async () => void (await source.return?.()),
    },
    { highWaterMark: 0 },
  );
}
