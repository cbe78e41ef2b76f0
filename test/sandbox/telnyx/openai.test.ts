import OpenAI, { APIError } from "openai";
import { describe, expect, test } from "vitest";
import type { TelnyxTwin } from "../../../src/sandbox/telnyx/twin.ts";
import { refusal } from "../../../src/sandbox/telnyx/refusal.ts";
import { MODEL, start } from "./client.ts";

/** The official client as it comes, but for the retries, which would hide what the twin answered. */
function openai(twin: TelnyxTwin, apiKey = twin.apiKey): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${twin.url}/ai/openai`, maxRetries: 0 });
}

const user = (text: string) => [{ role: "user" as const, content: [{ type: "input_text" as const, text }] }];

describe("the openai package", () => {
  test("streams a text turn, event by event, to the answer that the end repeats", async () => {
    const { twin } = await start();
    const stream = await openai(twin).responses.create({
      model: MODEL,
      input: user("write 120 words about lighthouses"),
      stream: true,
    });
    let text = "";
    const types: string[] = [];
    let sequence = 0;
    for await (const event of stream) {
      expect(event.sequence_number).toBe(sequence);
      sequence += 1;
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.completed") {
        expect(event.response.output[0]).toMatchObject({
          type: "message",
          content: [{ type: "output_text", text }],
        });
        expect(event.response.usage!.output_tokens).toBeGreaterThan(100);
        expect(event.response.usage!.total_tokens).toBe(
          event.response.usage!.input_tokens + event.response.usage!.output_tokens,
        );
      }
    }
    expect(text.split(/\s+/)).toHaveLength(120);
    expect(types.slice(0, 4)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
    ]);
    expect(types.slice(-4)).toEqual([
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  test("its stream helper, which refuses deltas out of place, puts reasoning, text and calls together", async () => {
    const { twin } = await start({
      script: () => [
        { kind: "reasoning", text: "Let me see what there is." },
        { kind: "text", text: "First, some words." },
        { kind: "break" },
        { kind: "text", text: "Then a second message." },
        { kind: "call", name: "lookup", arguments: '{"q":1}', callId: "call_a" },
        { kind: "call", name: "lookup", arguments: "{no json", callId: "call_b" },
      ],
    });
    const stream = openai(twin).responses.stream({ model: MODEL, input: "go" });
    const response = await stream.finalResponse();
    expect(response.status).toBe("completed");
    expect(response.output).toMatchObject([
      { type: "reasoning", content: [{ type: "reasoning_text", text: "Let me see what there is." }] },
      { type: "message", content: [{ text: "First, some words." }] },
      { type: "message", content: [{ text: "Then a second message." }] },
      { type: "function_call", call_id: "call_a", arguments: '{"q":1}' },
      { type: "function_call", call_id: "call_b", arguments: "{no json" },
    ]);
    expect(response.output_text).toBe("First, some words.Then a second message.");
  });

  test("remembers over a conversation, across streamed and whole turns", async () => {
    const { twin, conversation } = await start();
    const client = openai(twin);
    const id = await conversation({ metadata: { channel_id: "C1" } });
    const instructions = "You are Patch, a friendly bot.";
    const first = await client.responses.create({
      model: MODEL,
      conversation: id,
      instructions,
      input: user("Good morning, the tide is high"),
    });
    expect(first.conversation).toEqual({ id });
    const stream = await client.responses.create({
      model: MODEL,
      conversation: id,
      input: user("what did I ask first?"),
      stream: true,
    });
    let text = "";
    for await (const event of stream) if (event.type === "response.output_text.delta") text += event.delta;
    expect(text).toContain('"Good morning, the tide is high"');
    const third = await client.responses.create({
      model: MODEL,
      conversation: id,
      input: user("who are you?"),
    });
    expect(third.output_text).toContain("Patch");
  });

  test("keeps nothing without a conversation", async () => {
    const { twin } = await start();
    const client = openai(twin);
    await client.responses.create({ model: MODEL, input: "The tide is high" });
    const second = await client.responses.create({ model: MODEL, input: "what did I ask first?" });
    expect(second.output_text).not.toContain("tide");
    expect(second.conversation).toBeNull();
  });

  test("lists the models, among them some that write no text", async () => {
    const { twin } = await start();
    const models = (await openai(twin).models.list()).data;
    expect(models.map(({ id }) => id)).toContain(MODEL);
    const tasks = models.map((model) => (model as unknown as { task: string }).task);
    expect(new Set(tasks)).toEqual(new Set(["text-generation", "feature-extraction"]));
    expect(typeof models[0]!.created).toBe("string");
  });
});

describe("what the openai package makes of a failure", () => {
  test.each([
    ["bad_request", 400],
    ["unauthorized", 401],
    ["disabled", 403],
    ["not_found", 404],
    ["conflict", 409],
    ["unprocessable", 422],
    ["rate_limited", 429],
    ["server_error", 500],
    ["bad_gateway", 502],
    ["unavailable", 503],
    ["gateway_timeout", 504],
  ] as const)("meets %s as an error with its status", async (name, status) => {
    const { twin } = await start();
    twin.inject({ matches: () => true, times: 1, effect: refusal(name) });
    const failure = await openai(twin)
      .responses.create({ model: MODEL, input: "hi" })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status });
  });

  test("a wrong key, an unknown model and an unknown conversation are errors of their own", async () => {
    const { twin } = await start();
    await expect(openai(twin, "KEY-wrong").models.list()).rejects.toMatchObject({ status: 401 });
    await expect(openai(twin).responses.create({ model: "no/such", input: "hi" })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
    const conversation = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
    await expect(
      openai(twin).responses.create({ model: MODEL, input: "hi", conversation }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test("its own retries meet the refusals one by one", async () => {
    const { twin } = await start();
    const effect = refusal("rate_limited", { "retry-after-ms": "1" });
    twin.inject({ matches: () => true, times: 2, effect });
    const client = new OpenAI({ apiKey: twin.apiKey, baseURL: `${twin.url}/ai/openai`, maxRetries: 2 });
    await client.responses.create({ model: MODEL, input: "hi" });
    expect(twin.requests).toHaveLength(3);
  });

  test("an answer that fails, and one that is cut, are what it says of them", async () => {
    const { twin } = await start();
    const failed = await openai(twin).responses.create({ model: MODEL, input: "fail please" });
    expect(failed).toMatchObject({ status: "failed", error: { code: "server_error" } });
    const stream = await openai(twin).responses.create({ model: MODEL, input: "cut off", stream: true });
    const read = async () => {
      for await (const _event of stream);
    };
    await expect(read()).rejects.toThrow("terminated");
  });
});
