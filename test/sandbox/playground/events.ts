import { createParser } from "eventsource-parser";

export interface Events extends AsyncDisposable {
  /** The data of the next event of this name; the others are left out. */
  next(name: string): Promise<unknown>;
}

/** Reads a stream of server-sent events. */
export async function readEvents(url: string): Promise<Events> {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  if (!response.body) throw new Error(`${url} answered ${response.status} without a body`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const waiting: { name: string | undefined; data: unknown }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => void waiting.push({ name: event, data: JSON.parse(data) as unknown }),
  });
  return {
    async next(name) {
      for (;;) {
        const found = waiting.shift();
        if (found?.name === name) return found.data;
        if (found) continue;
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended before "${name}"`);
        parser.feed(value);
      }
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reader.cancel().catch(() => {});
    },
  };
}
