import { createParser } from "eventsource-parser";
import { request } from "undici";

/** The least that anything can do with a stream: frames from eventsource-parser, each through JSON.parse. */
export async function* eventsFrom(url: string, key: string, question = "go"): AsyncGenerator {
  const { body } = await request(`${url}/ai/openai/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "moonshotai/Kimi-K2.6",
      input: [{ role: "user", content: [{ type: "input_text", text: question }] }],
      stream: true,
    }),
  });
  let events: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(JSON.parse(data)) });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    yield* events;
    events = [];
  }
}
