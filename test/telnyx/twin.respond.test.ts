import { describe, expect, test } from "vitest";
import { say, type Script } from "../../src/sandbox/telnyx/script.ts";
import type { StreamFault } from "../../src/sandbox/telnyx/faults.ts";
import type { Switches } from "../../src/sandbox/telnyx/switches.ts";
import { kindsOf, terminalsOf, textOf } from "./read.ts";
import { until } from "../eventually.ts";
import { ask, MODEL, startOnTwin } from "./twin.ts";

const WORDS = "Zwölf Boxkämpfer jagen Viktor 👩‍👩‍👧 quer über den großen **Sylter** Deich.\n\n```js\n1;\n```";

describe("a conversation's turns", () => {
  test("are remembered, stored before the iteration ends, and told with their usage", async () => {
    await using on = await startOnTwin();
    const { id } = on.twin.state.addConversation();
    const first = await on.respond(
      ask("My name is Ann and my dog is called Rex.", { conversation: id, instructions: "Be kind" }),
    );
    expect(first.at(-1)).toMatchObject({
      kind: "done",
      usage: { inputTokens: expect.any(Number) as number },
    });
    expect(on.twin.state.messages(id).at(-1)!.text).toBe(textOf(first));
    const second = await on.respond(ask("What did I say first?", { conversation: id }));
    expect(textOf(second)).toContain("Rex");
    expect((await on.telnyx.getMessages(id)).map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
      "assistant",
    ]);
  });

  test("go on after a tool", async () => {
    await using on = await startOnTwin({
      script: () => [
        { kind: "text", text: "One moment." },
        { kind: "call", name: "lookup", arguments: '{"q":1}', callId: "call_1" },
        { kind: "call", name: "lookup", arguments: "{broken", callId: "call_2" },
      ],
    });
    const { id } = on.twin.state.addConversation();
    const events = await on.respond(ask("Look it up", { conversation: id }));
    expect(events.filter(({ kind }) => kind === "tool")).toEqual([
      { kind: "tool", call: { id: "call_1", name: "lookup", arguments: '{"q":1}' } },
      { kind: "tool", call: { id: "call_2", name: "lookup", arguments: "{broken" } },
    ]);
    on.twin.play(undefined);
    const input = ["call_1", "call_2"].map(
      (call_id) => ({ type: "function_call_output", call_id, output: "42" }) as const,
    );
    expect(textOf(await on.respond({ model: MODEL, conversation: id, input }))).toContain("42");
  });

  test("stream and do not stream to the same text", async () => {
    const script: Script = () => [
      { kind: "reasoning", text: "SECRET" },
      { kind: "text", text: "First." },
      { kind: "break" },
      { kind: "text", text: "Second." },
    ];
    await using on = await startOnTwin({ script });
    for (const stream of [true, false]) {
      const events = await on.respond(ask("x", { stream }));
      expect(textOf(events)).toBe("First.\n\nSecond.");
      expect(JSON.stringify(events)).not.toContain("SECRET");
      if (stream) expect(kindsOf(events)[0]).toBe("thinking");
    }
  });

  test.each<Partial<Switches>>([
    { terminalOutput: "empty" },
    { usage: "none" },
    { usage: "totals" },
    { echoConversation: "string" },
    { echoConversation: "none" },
    { reasoningEvents: "summary" },
    { reasoningEvents: "vllm" },
  ])("are read the same with %j", async (switches) => {
    const pieces = [
      { kind: "reasoning", text: "SECRET" },
      { kind: "text", text: WORDS },
    ] as const;
    await using on = await startOnTwin({ switches, script: () => pieces });
    const events = await on.respond(ask("x"));
    expect([kindsOf(events)[0], textOf(events), events.at(-1)!.kind]).toEqual(["thinking", WORDS, "done"]);
    expect(JSON.stringify(events)).not.toContain("SECRET");
  });
});

describe("a stream", () => {
  test.each<StreamFault[]>([
    [{ kind: "unknown_events" }],
    [{ kind: "comments" }],
    [{ kind: "line_ends", as: "\r\n" }],
    [{ kind: "line_ends", as: "\r" }],
    [{ kind: "split", bytes: 1 }],
    [{ kind: "split", bytes: 7 }, { kind: "line_ends", as: "\r\n" }, { kind: "multiline_data" }],
    [{ kind: "batch", events: 9 }],
    [{ kind: "done_marker" }],
    [{ kind: "no_sequence_numbers" }],
    [{ kind: "no_event_lines" }, { kind: "comments" }],
    [{ kind: "multiline_data" }],
    [{ kind: "duplicate", of: "delta" }],
    [{ kind: "duplicate", of: "done" }],
    [{ kind: "duplicate", of: "done" }, { kind: "no_sequence_numbers" }],
    [{ kind: "malformed", after: 2 }],
    [{ kind: "json" }],
  ])("with %j says the same, once", async (...faults) => {
    await using on = await startOnTwin({ script: say(WORDS) });
    on.twin.injectStream({ faults });
    const events = await on.respond(ask("x"));
    expect(textOf(events)).toBe(WORDS);
    expect(terminalsOf(events)).toMatchObject([{ kind: "done" }]);
    expect(on.posts()).toBe(1);
  });

  const error = (shape: "event" | "nested" | "data" | "chat" | "telnyx", code: string): StreamFault => ({
    kind: "error",
    shape,
    code,
    message: "why",
  });

  test.each<[string, StreamFault]>([
    ["cut", { kind: "cut", after: { events: 0 } }],
    ["cut", { kind: "cut", after: { events: 6 } }],
    ["cut", { kind: "cut", after: { bytes: 700 } }],
    ["cut", { kind: "end", after: { events: 0 } }],
    ["cut", { kind: "end", after: { bytes: 1_500 } }],
    ["cut", { kind: "no_terminal" }],
    ["rate_limited", error("event", "rate_limit_exceeded")],
    ["rate_limited", error("nested", "rate_limit_exceeded")],
    ["rate_limited", error("data", "rate_limit_exceeded")],
    ["rate_limited", error("chat", "rate_limit_exceeded")],
    ["model_error", error("telnyx", "server_error")],
    ["model_error", { kind: "failed" }],
    ["empty", { kind: "empty" }],
    ["empty", { kind: "reasoning_only" }],
  ])("fails as %s for %j, with its text so far, and is not asked for again", async (reason, fault) => {
    await using on = await startOnTwin({ script: say(WORDS) });
    on.twin.injectStream({ faults: [fault] });
    const events = await on.respond(ask("x"));
    expect(WORDS.startsWith(textOf(events))).toBe(true);
    expect(terminalsOf(events)).toMatchObject([{ kind: "failed", reason, reached: "unknown" }]);
    expect(on.posts()).toBe(1);
  });

  test("may be a refusal, or incomplete", async () => {
    await using on = await startOnTwin({ script: say(WORDS) });
    on.twin.injectStream({ faults: [{ kind: "refusal", text: "No." }] });
    expect(textOf(await on.respond(ask("x")))).toBe("No.");
    on.twin.injectStream({ faults: [{ kind: "incomplete", reason: "max_output_tokens" }] });
    expect((await on.respond(ask("x"))).at(-1)).toMatchObject({
      kind: "done",
      incomplete: "max_output_tokens",
    });
  });

  test("that falls silent fails in time", async () => {
    await using on = await startOnTwin({ script: say(WORDS) });
    on.twin.injectStream({ faults: [{ kind: "stall", after: { events: 6 } }] });
    const kinds: string[] = [];
    const reading = (async () => {
      for await (const event of on.telnyx.respond(ask("x")))
        kinds.push(event.kind === "failed" ? event.reason : event.kind);
    })();
    await until("text has come", () => kinds.includes("text"));
    await on.clock.advance(1e9);
    await reading;
    expect(kinds.at(-1)).toBe("timeout");
    await until("the twin is free again", () => on.twin.live() === 0);
  });

  test("whose answer is lost after it was stored is found among the messages", async () => {
    await using on = await startOnTwin({ script: say(WORDS) });
    const { id } = on.twin.state.addConversation();
    on.twin.injectStream({ faults: [{ kind: "cut", after: { events: 5 }, persisted: true }] });
    expect((await on.respond(ask("Hello", { conversation: id }))).at(-1)).toMatchObject({
      reason: "cut",
      reached: "unknown",
    });
    await until("the model has finished", () => on.twin.live() === 0);
    expect((await on.telnyx.getMessages(id)).map(({ role, text }) => [role, text])).toEqual([
      ["user", "Hello"],
      ["assistant", WORDS],
    ]);
  });

  test("that is stopped frees the twin at once", async () => {
    await using on = await startOnTwin({ speed: { tokensPerSecond: 50 } });
    const stop = new AbortController();
    const events = [];
    for await (const event of on.telnyx.respond(ask("Write a long text"), stop.signal)) {
      events.push(event);
      if (event.kind === "text") stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ kind: "failed", reason: "aborted" });
    await until("the twin is free again", () => on.twin.live() === 0);
  });
});
