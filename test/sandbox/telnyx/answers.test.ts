import { describe, expect, test } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { say } from "../../../src/sandbox/telnyx/script.ts";
import { eventually, MODEL, start, textOf } from "./client.ts";

describe("an answer", () => {
  test.each([
    ["object", (id: string) => ({ id })],
    ["string", (id: string) => id],
    ["none", () => undefined],
  ] as const)("names its conversation as switched: %s", async (echoConversation, shown) => {
    const { respond, conversation } = await start({ switches: { echoConversation } });
    const id = await conversation();
    expect((await respond("hi", { conversation: id })).body.conversation).toEqual(shown(id));
  });

  test("tells usage in full, in totals, or not", async () => {
    const { respond, twin } = await start();
    const usage = async () => (await respond("think step by step about tides")).body.usage;
    const full = await usage();
    expect(full.output_tokens_details.reasoning_tokens).toBeGreaterThan(10);
    expect(full.output_tokens).toBeGreaterThan(full.output_tokens_details.reasoning_tokens);
    expect(full.input_tokens_details.cached_tokens).toBe(0);
    twin.switches.usage = "totals";
    expect(Object.keys(await usage())).toEqual(["input_tokens", "output_tokens", "total_tokens"]);
    twin.switches.usage = "none";
    expect(await usage()).toBeNull();
  });

  test("repeats its output in the terminal event, or leaves it out there", async () => {
    const { stream, respond } = await start({ switches: { terminalOutput: "empty" } });
    const { events } = await stream("hello");
    expect(events.at(-1)).toMatchObject({
      type: "response.completed",
      response: { status: "completed", output: [] },
    });
    expect(textOf(events)).not.toBe("");
    expect((await respond("hello")).body.output).toHaveLength(1);
  });

  test.each([
    ["text", "response.reasoning_text.delta", "response.content_part.added", "content"],
    ["summary", "response.reasoning_summary_text.delta", "response.reasoning_summary_part.added", "summary"],
    ["vllm", "response.reasoning_text.delta", "response.reasoning_part.added", "content"],
  ] as const)("reasons in the events of the form %s", async (reasoningEvents, delta, added, field) => {
    const { stream } = await start({ switches: { reasoningEvents } });
    const { events } = await stream("think step by step about tides");
    const reasoning = events.filter(({ output_index: index }) => index === 0).map(({ type }) => type);
    expect(reasoning.slice(0, 3)).toEqual(["response.output_item.added", added, delta]);
    const item = events.at(-1)!["response"].output[0];
    expect(item.type).toBe("reasoning");
    expect(item[field][0].text).toContain("tides");
  });
});

describe("a script", () => {
  test("sees history, input and the instructions in force, and can be replaced at any time", async () => {
    const seen: unknown[] = [];
    const { respond, conversation, twin } = await start();
    const id = await conversation();
    await respond("first", { conversation: id, instructions: "Be Patch." });
    twin.play((request) => {
      const { history, input, instructions, model: used } = request;
      seen.push(
        history.map(({ role }) => role),
        input.map(({ text }) => text),
        instructions,
        used,
      );
      return [{ kind: "text", text: "mine" }];
    });
    expect((await respond("second", { conversation: id })).body.output[0].content[0].text).toBe("mine");
    expect(seen).toEqual([["system", "user", "assistant"], ["second"], "Be Patch.", MODEL]);
  });

  test.each([
    [
      "at once",
      () => {
        throw new Error("script broke");
      },
    ],
    [
      "half-way",
      function* () {
        yield { kind: "text", text: "so far" } as const;
        throw new Error("script broke");
      },
    ],
  ])("that throws %s ends the answer as failed, saying why", async (_when, script) => {
    const { stream } = await start({ script });
    const { events, end } = await stream("hi");
    expect(end).toBe("end");
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { error: { message: "Error: script broke" } },
    });
  });

  test("may send any event, and end the body where it likes", async () => {
    const { stream } = await start({
      script: () => [{ kind: "event", event: { type: "response.strange", x: 1 } }, { kind: "end" }],
    });
    const { events, end, raw } = await stream("hi");
    expect(end).toBe("end");
    expect(events.at(-1)).toEqual({ type: "response.strange", sequence_number: 2, x: 1 });
    expect(raw).not.toContain("response.completed");
  });

  test("that stalls leaves the connection open until the client goes, and is told", async () => {
    let stopped = false;
    const { stream, twin } = await start({
      script: async function* (_request, signal) {
        yield { kind: "text", text: "so far" };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        stopped = true;
      },
    });
    expect((await stream("hi", {}, { silence: 300 })).end).toBe("timeout");
    await eventually(() => [twin.live(), stopped]).toEqual([0, true]);
  });
});

describe("closing the twin", () => {
  test("stops the models that are at work, and breaks their streams", async () => {
    let stopped = false;
    const { twin, stream } = await start({
      switches: { disconnect: "finish" },
      script: async function* (_request, signal) {
        signal.addEventListener("abort", () => (stopped = true), { once: true });
        yield { kind: "text", text: "so far" };
        await new Promise(() => {});
      },
    });
    const streamed = stream("hi");
    await eventually(() => twin.live()).toBe(1);
    await twin.close();
    expect((await streamed).end).toBe("cut");
    await eventually(() => [twin.live(), stopped]).toEqual([0, true]);
  });
});

describe("the speed", () => {
  test("is a wait for the first token and then so many a second, by the twin's clock", async () => {
    const clock = fakeClock();
    const { stream, twin } = await start({ clock, script: say("one two three") });
    twin.speed.firstTokenMs = 1_000;
    twin.speed.tokensPerSecond = 10;
    const arrived = stream("hi", {}, { silence: 10_000 });
    const before = clock.monotonic();
    await eventually(() => clock.sleeping()).toBe(1);
    await clock.advance(999);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(1);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(200);
    expect(textOf((await arrived).events)).toBe("one two three");
    expect(clock.monotonic() - before).toBe(1_200);
  });
});
