import { describe, expect, test } from "vitest";
import { createEventReader } from "../../src/telnyx/events.ts";
import { readText, terminalsOf, textOf } from "./read.ts";
import { completed, created, messageItem, textTurn, wire, type WireEvent } from "./wire.ts";

const read = (...events: WireEvent[]) => readText(wire(events));

describe("failures", () => {
  const partial = textTurn(["half an ", "answer"]).slice(0, 4);
  const failed = (reason: string, detail: string) => ({
    kind: "failed",
    reason,
    detail: expect.stringContaining(detail) as string,
    reached: "unknown",
  });

  test.each<[string, string]>([
    [
      "an event",
      'event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"Slow","param":null}\n\n',
    ],
    [
      "nested",
      'event: error\ndata: {"type":"error","error":{"type":"x","code":"rate_limit_exceeded","message":"Slow"}}\n\n',
    ],
    ["by name alone", 'event: error\ndata: {"code":"rate_limit_exceeded","message":"Slow"}\n\n'],
    ["with a type of its own", 'event: error\ndata: {"type":"rate_limit_error","message":"Slow"}\n\n'],
    ["without a name", 'data: {"type":"error","code":"rate_limit_exceeded","message":"Slow"}\n\n'],
    [
      "as on chat completions",
      'data: {"error":{"message":"Slow","type":"requests","code":"rate_limit_exceeded"}}\n\n',
    ],
    ["as a status", 'data: {"error":{"message":"Slow","code":429}}\n\n'],
    [
      "in Telnyx's envelope",
      'data: {"errors":[{"code":"10011","title":"Too many requests","detail":"Slow"}]}\n\n',
    ],
    [
      "as a failed response",
      wire([
        {
          type: "response.failed",
          response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow" } },
        },
      ]),
    ],
    [
      "as a completed response that failed",
      wire([
        {
          type: "response.completed",
          response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow" } },
        },
      ]),
    ],
  ])("an error %s ends the stream with its reason, and keeps the text before", (_, error) => {
    const events = readText(wire(partial, { numbered: false }) + error);
    expect(textOf(events)).toBe("half an ");
    expect(terminalsOf(events)).toEqual([failed("rate_limited", "Slow")]);
  });

  test.each([
    ["server_error", "model_error"],
    ["invalid_prompt", "rejected"],
    ["context_length_exceeded", "rejected"],
    ["content_filter", "content_filter"],
    ["model_not_found", "model_gone"],
    ["insufficient_quota", "account"],
    ["10010", "account"],
    ["403", "account"],
    ["503", "model_error"],
    ["never_seen", "model_error"],
    ["constructor", "model_error"],
  ])("the code %s means %s", (code, reason) => {
    expect(terminalsOf(read(...partial, { type: "error", code, message: "why" }))).toEqual([
      failed(reason, "why"),
    ]);
  });

  test("an error that is words, or says nothing, is one as well", () => {
    expect(read({ type: "error", message: "why" })).toMatchObject([{ reason: "model_error", detail: "why" }]);
    expect(readText("event: error\ndata: Internal Server Error\n\n")).toEqual([
      failed("model_error", "Internal Server Error"),
    ]);
    expect(read({ type: "response.failed", response: { error: null } })).toEqual([
      failed("model_error", "no reason"),
    ]);
    expect(readText('data: {"detail":"Worker died"}\n\n')).toEqual([failed("model_error", "Worker died")]);
    expect(read({ type: "response.completed", response: { status: "cancelled" } })).toEqual([
      failed("model_error", ""),
    ]);
  });

  test("a stream without a terminal event was cut, [DONE] or not", () => {
    expect(terminalsOf(read(...partial))).toEqual([failed("cut", "without a terminal event after 4 events")]);
    expect(terminalsOf(readText(`${wire(partial)}data: [DONE]\n\n`))).toEqual([failed("cut", "with [DONE]")]);
    expect(readText("")).toEqual([failed("cut", "after 0 events")]);
    expect(readText("<html>Bad gateway</html>")).toEqual([failed("cut", "after 0 events")]);
  });

  test("half an event is a cut where its text is lost, and nothing where the end tells it all", () => {
    const broken = 'data: {"type":"response.output_te\n\n';
    const rest = (output: unknown[]) => broken + wire([completed(output)], { numbered: false });
    const lost = [messageItem("msg_0", "half an unreadable answer")];
    for (const output of [lost.slice(1), lost]) {
      const half = output.length === 0 ? partial : textTurn(["half an ", "answer"]).slice(0, 5);
      expect(terminalsOf(readText(wire(half) + rest(output)))).toEqual([failed("cut", "not JSON")]);
    }
    const told = readText(wire(partial) + rest([messageItem("msg_0", "half an answer")]));
    expect([textOf(told), terminalsOf(told)]).toEqual(["half an answer", [{ kind: "done" }]]);
    expect(terminalsOf(readText(wire(partial) + broken))).toEqual([
      failed("cut", "without a terminal event"),
    ]);
  });

  test("an incomplete answer is done, with the reason", () => {
    const incomplete = (reason?: string) => ({
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: reason === undefined ? null : { reason } },
    });
    expect(read(...partial, incomplete("max_output_tokens")).at(-1)).toEqual({
      kind: "done",
      incomplete: "max_output_tokens",
    });
    expect(read(...partial, incomplete()).at(-1)).toEqual({ kind: "done", incomplete: "unknown" });
    expect(read(created, incomplete("content_filter"))).toEqual([failed("content_filter", "content_filter")]);
    expect(read(created, incomplete("max_output_tokens"))).toEqual([failed("empty", "max_output_tokens")]);
  });

  test("an answer of nothing but white space is empty", () => {
    expect(read(created, completed([]))).toEqual([failed("empty", "wrote nothing")]);
    expect(terminalsOf(read(...textTurn([" \n", "\t"])))).toEqual([failed("empty", "wrote nothing")]);
  });
});

describe("readWhole", () => {
  const whole = (answer: unknown) => createEventReader().readWhole(answer);
  const response = {
    object: "response",
    status: "completed",
    output: [messageItem("m", "Hi")],
    usage: { input_tokens: 2 },
  };

  test("gives the events that a stream would", () => {
    const events = [
      { kind: "text", delta: "Hi" },
      { kind: "done", usage: { inputTokens: 2 } },
    ];
    expect(whole(response)).toEqual(events);
    expect(whole({ data: response })).toEqual(events);
    expect(whole({ output: response.output, usage: response.usage })).toEqual(events);
    expect(whole({ ...response, error: null, errors: [] })).toEqual(events);
  });

  test.each<[unknown, string]>([
    [undefined, "cut"],
    [[response], "cut"],
    [{ status: "in_progress", output: [] }, "cut"],
    [{ status: "queued", output: [] }, "cut"],
    [{ error: { code: "server_error", message: "x" } }, "model_error"],
    [{ errors: [{ code: "10011", title: "Too many requests" }] }, "rate_limited"],
    [{ ...response, status: "failed", error: { code: "invalid_prompt" } }, "rejected"],
    [{ status: "completed", output: [] }, "empty"],
  ])("fails for %j", (answer, reason) => {
    expect(terminalsOf(whole(answer))).toMatchObject([{ kind: "failed", reason }]);
  });
});
