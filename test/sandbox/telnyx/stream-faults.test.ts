import { describe, expect, test } from "vitest";
import { say } from "../../../src/sandbox/telnyx/script.ts";
import { eventually, start, textOf } from "./client.ts";
import { streamed, typesOf, WORDS } from "./streamed.ts";

/** Milliseconds of silence that are taken for a stall. */
const STALLED = 500;

describe("a stream that breaks", () => {
  test.each([
    ["cut", "cut"],
    ["stall", "timeout"],
    ["end", "end"],
  ] as const)("by %s, after so many events", async (kind, end) => {
    const points = [0, 1, 5];
    const results = await Promise.all(
      points.map((events) => streamed([{ kind, after: { events } }], kind === "stall" ? STALLED : undefined)),
    );
    expect(results.map((result) => [result.events.length, result.end])).toEqual(points.map((n) => [n, end]));
  });

  test.each([
    ["cut", "cut"],
    ["stall", "timeout"],
    ["end", "end"],
  ] as const)("by %s, after so many bytes, in the middle of whatever is there", async (kind, end) => {
    const points = [0, 1, 700, 1500];
    const results = await Promise.all(
      points.map((bytes) => streamed([{ kind, after: { bytes } }], kind === "stall" ? STALLED : undefined)),
    );
    expect(results.map(({ chunks, end: how }) => [Buffer.concat(chunks).length, how])).toEqual(
      points.map((n) => [n, end]),
    );
  });

  test("without a terminal event has everything else", async () => {
    const result = await streamed([{ kind: "no_terminal" }]);
    expect(textOf(result.events)).toBe(WORDS);
    expect(typesOf(result).at(-1)).toBe("response.output_item.done");
    expect(result.end).toBe("end");
  });

  test("frees the connection when the client goes", async () => {
    const { twin, stream } = await start();
    twin.injectStream({ faults: [{ kind: "stall", after: { events: 2 } }] });
    const result = stream("hi", {}, { silence: STALLED });
    await eventually(() => twin.live()).toBe(1);
    await result;
    await eventually(() => twin.live()).toBe(0);
  });
});

describe("an error in the stream", () => {
  const error = { code: "rate_limit_exceeded", message: "Slow down." };

  test.each([
    ["event", "error", { type: "error", ...error, param: null }],
    ["nested", "error", { type: "error", error: { type: error.code, ...error, param: null } }],
    ["data", undefined, { type: "error", ...error, param: null }],
    ["chat", undefined, { error: { type: "server_error", ...error, param: null } }],
    ["telnyx", undefined, { errors: [{ code: "10007", title: error.code, detail: error.message }] }],
  ] as const)("in the shape %s is the last thing said, after three events", async (shape, name, event) => {
    const result = await streamed([{ kind: "error", shape, ...error }]);
    expect(result.events.length).toBe(4);
    expect(result.events.at(-1)).toEqual(event);
    expect(result.names.at(-1)).toBe(name);
    expect(result.end).toBe("end");
  });

  test("can come first, or instead of the terminal event", async () => {
    expect(typesOf(await streamed([{ kind: "error", shape: "event", after: 0 }]))).toEqual(["error"]);
    const late = typesOf(await streamed([{ kind: "error", shape: "event", after: Infinity }]));
    expect(late.slice(-2)).toEqual(["response.output_item.done", "error"]);
  });

  test("as response.failed comes after so many tokens, with what the model says of it", async () => {
    const result = await streamed([{ kind: "failed", ...error, after: 2 }]);
    expect(textOf(result.events)).toBe("Zwölf Boxkämpfer");
    expect(result.events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error },
    });
    expect(typesOf(await streamed([{ kind: "failed", after: 0 }])).at(2)).toBe("response.failed");
  });

  test("as data that is no JSON leaves the rest of the stream as it is", async () => {
    const result = await streamed([{ kind: "malformed", after: 5 }]);
    expect(result.events[5]).toEqual({ data: '{"type":"response.outp' });
    expect(typesOf(result).at(-1)).toBe("response.completed");
  });
});

describe("an unusual answer", () => {
  test("is incomplete, with all the text and a reason", async () => {
    const result = await streamed([{ kind: "incomplete", reason: "content_filter" }]);
    expect(textOf(result.events)).toBe(WORDS);
    const last = result.events.at(-1)!;
    expect(last["type"]).toBe("response.incomplete");
    expect(last["response"]).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
      output: [{ status: "incomplete" }],
    });
  });

  test.each([
    ["empty", []],
    ["reasoning_only", ["reasoning"]],
  ] as const)("is %s", async (kind, items) => {
    const { events } = await streamed([{ kind }]);
    expect(textOf(events)).toBe("");
    expect(events.at(-1)!["type"]).toBe("response.completed");
    expect(events.at(-1)!["response"].output.map(({ type }: { type: string }) => type)).toEqual(items);
  });

  test("is a refusal", async () => {
    const { events } = await streamed([{ kind: "refusal", text: "No, thank you." }]);
    const deltas = events.filter(({ type }) => type === "response.refusal.delta").map(({ delta }) => delta);
    expect(deltas.join("")).toBe("No, thank you.");
    expect(events.at(-1)!["response"].output[0].content).toEqual([
      { type: "refusal", refusal: "No, thank you." },
    ]);
  });

  test("is JSON although a stream was asked for", async () => {
    const result = await streamed([{ kind: "json" }]);
    expect(result.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(result.raw).output[0].content[0].text).toBe(WORDS);
  });
});

describe("which streams are struck", () => {
  test("those that match, as often as told, oldest fault first", async () => {
    const { twin, stream } = await start({ script: say("hello") });
    twin.injectStream({ faults: [{ kind: "empty" }], times: 2, matches: (body) => body["user"] === "x" });
    twin.injectStream({ faults: [{ kind: "refusal" }] });
    const outputs: string[] = [];
    for (const fields of [{}, { user: "x" }, {}, { user: "x" }, { user: "x" }]) {
      const { events } = await stream("hi", fields);
      const [item] = events.at(-1)!["response"].output;
      outputs.push(item ? item.content[0].type : "empty");
    }
    expect(outputs).toEqual(["refusal", "empty", "output_text", "empty", "output_text"]);
  });

  test("one, named in a header", async () => {
    const { call } = await start();
    const body = { model: "zai-org/GLM-5.3", input: "hi" };
    const reply = await call("POST", "/ai/openai/responses", body, { "x-twin-fault": "failed" });
    expect(reply.body.status).toBe("failed");
  });

  test("not those without a stream, where a break is a break of the answer", async () => {
    const { respond, twin } = await start({
      script: () => [{ kind: "text", text: "so far" }, { kind: "cut" }],
    });
    await expect(respond("hi")).rejects.toThrow();
    twin.play(() => [{ kind: "text", text: "so far" }, { kind: "end" }]);
    expect((await respond("hi")).status).toBe(500);
  });
});
