import { describe, expect, test } from "vitest";
import type { StreamFault } from "../../../src/sandbox/telnyx/faults.ts";
import type { Switches } from "../../../src/sandbox/telnyx/switches.ts";
import { say } from "../../../src/sandbox/telnyx/script.ts";
import { eventually, start } from "./client.ts";

/** How a turn ends, by a fault in its stream; the answer is "one two three four five six". */
const ENDS = {
  completed: [],
  incomplete: [{ kind: "incomplete" }],
  failed: [{ kind: "failed", after: 2 }],
  cut: [{ kind: "cut", after: { events: 6 } }],
  lost: [{ kind: "cut", after: { events: 6 }, persisted: true }],
} satisfies Record<string, StreamFault[]>;

const WORDS = "one two three four five six";

async function storedAfter(end: keyof typeof ENDS, switches: Partial<Switches>) {
  const client = await start({
    switches,
    // Slow enough that the model is still at work when the stream breaks.
    speed: { tokensPerSecond: 200 },
    script: say(WORDS),
  });
  const id = await client.conversation();
  client.twin.injectStream({ faults: ENDS[end] });
  const streamed = await client.stream("hi", { conversation: id, instructions: "Be kind." });
  await eventually(() => client.twin.live()).toBe(0);
  return { streamed, stored: client.twin.state.messages(id).map(({ role, text }) => `${role}: ${text}`) };
}

const INPUT = ["system: Be kind.", "user: hi"];
const WHOLE = `assistant: ${WORDS}`;

describe("a turn is stored", () => {
  test.each([
    ["input_first", "completed", [...INPUT, WHOLE]],
    ["input_first", "incomplete", [...INPUT, WHOLE]],
    ["input_first", "failed", INPUT],
    ["input_first", "cut", INPUT],
    ["input_first", "lost", [...INPUT, WHOLE]],
    ["on_completion", "completed", [...INPUT, WHOLE]],
    ["on_completion", "failed", []],
    ["on_completion", "cut", []],
    ["on_completion", "lost", [...INPUT, WHOLE]],
    ["partial", "completed", [...INPUT, WHOLE]],
    ["partial", "failed", [...INPUT, "assistant: one two"]],
    ["partial", "cut", [...INPUT, "assistant: one two"]],
  ] as const)("in mode %s, when it is %s: %j", async (persistence, end, messages) => {
    expect((await storedAfter(end, { persistence })).stored).toEqual(messages);
  });

  test("to the end although the client went, when switched to finish", async () => {
    const { streamed, stored } = await storedAfter("cut", { disconnect: "finish" });
    expect(streamed.end).toBe("cut");
    expect(stored).toEqual([...INPUT, WHOLE]);
  });

  test("before the terminal event leaves: who has seen it finds the turn", async () => {
    const { twin, conversation, stream } = await start({ script: say(WORDS) });
    const { events } = await stream("hi");
    const id = await conversation();
    // The terminal event is the last thing that the server does.
    twin.injectStream({ faults: [{ kind: "cut", after: { events: events.length } }] });
    const { events: seen } = await stream("hi", { conversation: id });
    expect(seen.at(-1)!["type"]).toBe("response.completed");
    expect(twin.state.messages(id)).toHaveLength(2);
  });

  test("input first means before the first token", async () => {
    const { twin, conversation, stream } = await start({
      script: async function* (_request, signal) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        yield { kind: "text", text: "never" };
      },
    });
    const id = await conversation();
    await stream("hi", { conversation: id }, { silence: 300 });
    expect(twin.state.messages(id).map(({ role }) => role)).toEqual(["user"]);
  });

  test("nowhere when its conversation was deleted meanwhile", async () => {
    const client = await start({
      script: async function* () {
        await client.call("DELETE", `/ai/conversations/${id}`);
        yield { kind: "text", text: "too late" };
      },
    });
    const id = await client.conversation();
    expect((await client.respond("hi", { conversation: id })).status).toBe(200);
    expect(client.twin.state.messages(id)).toEqual([]);
  });

  test("and a whole answer that is swallowed is stored all the same", async () => {
    const { twin, conversation, respond } = await start();
    const id = await conversation();
    twin.inject({
      matches: ({ path }) => path.endsWith("/responses"),
      times: 1,
      effect: { kind: "swallow" },
    });
    await expect(respond("hi", { conversation: id })).rejects.toThrow();
    expect(twin.state.messages(id).map(({ role }) => role)).toEqual(["user", "assistant"]);
  });
});
