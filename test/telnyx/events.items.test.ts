import { describe, expect, test } from "vitest";
import { kindsOf, readText, textOf } from "./read.ts";
import {
  callEvents,
  callItem,
  completed,
  created,
  messageEvents,
  messageItem,
  reasoningEvents,
  wire,
  type WireEvent,
} from "./wire.ts";

const read = (...events: WireEvent[]) => readText(wire(events));

describe("several messages", () => {
  test("have a blank line between them", () => {
    const output = [messageItem("msg_0", "First."), messageItem("msg_1", "Second.")];
    const events = read(
      created,
      ...messageEvents(0, ["Fir", "st."]),
      ...messageEvents(1, ["Second."]),
      completed(output),
    );
    expect(textOf(events)).toBe("First.\n\nSecond.");
    expect(textOf(read(completed(output)))).toBe("First.\n\nSecond.");
  });

  test("also where a server gives them the same index", () => {
    const output = [messageItem("a", "First."), messageItem("b", "Second.")];
    const events = [...messageEvents(0, ["First."], "a"), ...messageEvents(0, ["Sec", "ond."], "b")];
    expect(textOf(read(...events, completed(output)))).toBe("First.\n\nSecond.");
  });

  test("and an empty one leaves no gap", () => {
    const events = [...messageEvents(0, []), ...messageEvents(1, ["x"]), ...messageEvents(2, [])];
    expect(textOf(read(...events, completed([])))).toBe("x");
  });

  test("a message's parts follow each other without one", () => {
    const part = (content_index: number, delta: string) => [
      { type: "response.output_text.delta", item_id: "m", output_index: 0, content_index, delta },
      { type: "response.output_text.done", item_id: "m", output_index: 0, content_index, text: `${delta}!` },
    ];
    const content = ["a!", "b!"].map((text) => ({ type: "output_text", text }));
    const output = [{ id: "m", type: "message", content }];
    expect(textOf(read(...part(0, "a"), ...part(1, "b"), completed(output)))).toBe("a!b!");
  });
});

describe("reasoning", () => {
  test("shows as thinking, once in a row, and its words never", () => {
    const events = read(
      created,
      ...reasoningEvents(0, "SECRET plan"),
      ...messageEvents(1, ["Yes"]),
      ...reasoningEvents(2, "SECRET doubt"),
      ...messageEvents(3, ["No"]),
      completed([
        { type: "reasoning", content: [{ type: "reasoning_text", text: "SECRET plan" }] },
        messageItem("msg_1", "Yes"),
        { type: "reasoning", summary: [{ type: "summary_text", text: "SECRET doubt" }] },
        messageItem("msg_3", "No"),
      ]),
    );
    expect(kindsOf(events)).toEqual(["thinking", "text", "thinking", "text", "done"]);
    expect(JSON.stringify(events)).not.toContain("SECRET");
  });

  test("alone is an empty answer", () => {
    const events = read(created, ...reasoningEvents(0, "hm"), completed([]));
    expect(events.at(-1)).toMatchObject({ kind: "failed", reason: "empty", reached: "unknown" });
  });
});

test("reasoning without an item of its own is thinking as well", () => {
  const bare = reasoningEvents(0, "hm").filter(({ type }) => type?.includes("reasoning"));
  for (const event of bare) expect(kindsOf(read(event, ...messageEvents(1, ["x"])))[0]).toBe("thinking");
  expect(bare.length).toBeGreaterThan(3);
});

describe("a refusal", () => {
  const at = { item_id: "m", output_index: 0, content_index: 0 };
  const item = { id: "m", type: "message", content: [{ type: "refusal", refusal: "I can't." }] };
  test("is text, streamed or not", () => {
    const streamed: WireEvent[] = [
      { type: "response.refusal.delta", ...at, delta: "I " },
      { type: "response.refusal.delta", ...at, delta: "can't." },
      { type: "response.refusal.done", ...at, refusal: "I can't." },
      { type: "response.content_part.done", ...at, part: item.content[0] },
      { type: "response.output_item.done", output_index: 0, item },
    ];
    expect(textOf(read(...streamed, completed([item])))).toBe("I can't.");
    for (const one of streamed.slice(2)) expect(textOf(read(one, completed([])))).toBe("I can't.");
    expect(read(completed([item]))).toEqual([{ kind: "text", delta: "I can't." }, { kind: "done" }]);
  });
});

describe("function calls", () => {
  const call = (id: string, name: string, args: string) => ({
    kind: "tool",
    call: { id, name, arguments: args },
  });

  test("come complete, once, by their call_id, and are no empty answer", () => {
    const events = read(
      created,
      ...callEvents(0, "call_1", "lookup", ['{"q"', ":1}"]),
      completed([callItem("call_1", "lookup", '{"q":1}')]),
    );
    expect(events).toEqual([call("call_1", "lookup", '{"q":1}'), { kind: "done" }]);
  });

  test("run side by side, after text, with arguments that are no JSON", () => {
    const [a, b] = [callEvents(1, "a", "first", ['{"n":', "1}"]), callEvents(2, "b", "second", ["{broken"])];
    const mixed = a.flatMap((event, i) => [event, b[i]]).filter((event) => event !== undefined);
    const events = read(...messageEvents(0, ["Let me see."]), ...mixed, completed([]));
    expect(events.slice(1, -1)).toEqual(
      expect.arrayContaining([call("a", "first", '{"n":1}'), call("b", "second", "{broken")]),
    );
    expect(events).toHaveLength(4);
  });

  test("keep their pieces apart", () => {
    const only = (events: WireEvent[]) => events.slice(0, -2); // Neither end tells the arguments.
    const [a, b] = [only(callEvents(0, "a", "f", ["1", "2"])), only(callEvents(1, "b", "g", ["3", "4"]))];
    const items = [callItem("a", "f", ""), callItem("b", "g", "")];
    const events = read(...a.flatMap((event, i) => [event, b[i]!]), completed(items));
    expect(events.slice(0, 2)).toEqual([call("a", "f", "12"), call("b", "g", "34")]);
  });

  test("are taken from the pieces, the arguments' end or the response where the item's end is missing", () => {
    const all = callEvents(0, "c", "f", ["{", "}"]);
    const without = (...types: string[]) =>
      all.filter(({ type }) => !types.includes(type!.slice("response.".length)));
    const item = callItem("c", "f", "{}");
    expect(read(...without("output_item.done"), completed([]))).toEqual([
      call("c", "f", "{}"),
      { kind: "done" },
    ]);
    expect(read(completed([item]))).toEqual([call("c", "f", "{}"), { kind: "done" }]);
    const bare = { ...item, arguments: undefined };
    const end = { type: "response.output_item.done", output_index: 0, item: bare };
    expect(read(...without("output_item.done", "function_call_arguments.done"), end, completed([]))).toEqual([
      call("c", "f", "{}"),
      { kind: "done" },
    ]);
    const told = without("output_item.done", "function_call_arguments.done");
    expect(read(...told, completed([bare]))).toEqual([call("c", "f", "{}"), { kind: "done" }]);
    expect(read(completed([{ ...item, arguments: { q: [1] } }]))).toEqual([
      call("c", "f", '{"q":[1]}'),
      { kind: "done" },
    ]);
  });

  test("that are half told when the stream fails are not passed on", () => {
    const half = callEvents(0, "c", "f", ["{", "}"]).slice(0, 2);
    expect(kindsOf(read(...half, { type: "response.failed", response: { error: { code: "x" } } }))).toEqual([
      "failed",
    ]);
    expect(kindsOf(read(...half, completed([])))).toEqual(["failed"]);
  });
});
