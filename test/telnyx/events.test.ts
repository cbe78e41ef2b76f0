import { describe, expect, test } from "vitest";
import { kindsOf, readText, textOf } from "./read.ts";
import { completed, created, messageEvents, messageItem, textTurn, wire, type WireEvent } from "./wire.ts";

const read = (...events: WireEvent[]) => readText(wire(events));

describe("a turn of text", () => {
  test("comes as its deltas and a done with the usage", () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 15,
    };
    const events = read(
      created,
      ...messageEvents(0, ["Hel", "lo"]),
      completed([messageItem("msg_0", "Hello")], usage),
    );
    expect(events).toEqual([
      { kind: "text", delta: "Hel" },
      { kind: "text", delta: "lo" },
      {
        kind: "done",
        usage: { inputTokens: 10, outputTokens: 5, reasoningTokens: 3, cachedTokens: 4 },
      },
    ]);
  });

  test("needs no usage, no details, no sequence numbers and no event lines", () => {
    const turn = textTurn(["a", "b"]);
    expect(readText(wire(turn, { numbered: false, named: false })).at(-1)).toEqual({ kind: "done" });
    expect(
      read(...turn.slice(0, -1), completed([], { input_tokens: "many", total_tokens: 3 })).at(-1),
    ).toEqual({
      kind: "done",
    });
    expect(read(...turn.slice(0, -1), completed([], { output_tokens: 2 })).at(-1)).toEqual({
      kind: "done",
      usage: { outputTokens: 2 },
    });
  });

  test("takes the type from the event line where the data has none", () => {
    const untyped = textTurn(["x", "y"]).map((event, i) => {
      const { type, ...rest } = event;
      return `event: ${type}\ndata: ${JSON.stringify({ ...rest, sequence_number: i })}\n\n`;
    });
    expect(textOf(readText(untyped.join("")))).toBe("xy");
  });

  test("is read with CRLF, CR, several data lines, comments, ids and [DONE] all the same", () => {
    const plain = readText(wire(textTurn(["Grüße", " 👩‍👩‍👧"])));
    for (const lineEnd of ["\r\n", "\r"]) {
      expect(readText(wire(textTurn(["Grüße", " 👩‍👩‍👧"]), { lineEnd }))).toEqual(plain);
    }
    const spread = textTurn(["Grüße", " 👩‍👩‍👧"])
      .map((event) => JSON.stringify(event, null, 2).replaceAll(/^/gm, "data: "))
      .join("\n\n: keep-alive\nid: 7\nretry: 10\n\n");
    expect(readText(`\uFEFF: hello\n\n${spread}\n\ndata: [DONE]\n\n`)).toEqual(plain);
  });

  test("ends at its terminal event: what follows is nothing", () => {
    const events = read(...textTurn(["a"]), ...messageEvents(1, ["more"]), completed([]), {
      type: "error",
      message: "x",
    });
    expect(events).toEqual([{ kind: "text", delta: "a" }, { kind: "done" }]);
  });

  test("counts when the last blank line is missing", () => {
    expect(kindsOf(readText(wire(textTurn(["a"])).trimEnd()))).toEqual(["text", "done"]);
  });

  test("ignores events and fields that nobody knows", () => {
    const odd: WireEvent[] = [
      { type: "response.queued", response: null },
      { type: "response.steer.later", delta: "no text" },
      { type: "response.mcp_call.failed", error: "not ours" },
      { type: "response.output_text.annotation.added", annotation: { text: "note" } },
      { type: "constructor", delta: "x" },
      { type: "response.output_text.delta", delta: 7 },
      { type: "response.output_item.done", item: "none" },
      { type: "response.output_item.added" },
      {},
    ];
    const turn = textTurn(["a", "b"]);
    const events = read(...odd, ...turn.slice(0, 4), ...odd, ...turn.slice(4));
    expect(textOf(events)).toBe("ab");
    expect(kindsOf(events)).toEqual(["text", "text", "done"]);
    expect(readText(`data: ping\n\ndata: 7\n\ndata: null\n\ndata: [1]\n\n${wire(turn)}`)).toEqual(events);
  });
});

describe("text that comes without deltas, or again", () => {
  const [item, done] = [messageItem("m", "All of it"), { text: "All of it" }];
  const at = { item_id: "m", output_index: 0, content_index: 0 };
  test.each<[string, WireEvent[]]>([
    ["the part's end", [{ type: "response.output_text.done", ...at, ...done }, completed([])]],
    [
      "the part itself",
      [{ type: "response.content_part.done", ...at, part: item.content[0] }, completed([])],
    ],
    ["the item's end", [{ type: "response.output_item.done", output_index: 0, item }, completed([])]],
    ["the whole response", [completed([item])]],
    [
      "all of them",
      [
        ...messageEvents(0, [], "m").slice(0, 2),
        { type: "response.output_text.done", ...at, ...done },
        { type: "response.output_item.done", output_index: 0, item },
        completed([item]),
      ],
    ],
  ])("is taken from %s, once", (_, events) => {
    expect(read(created, ...events)).toEqual([{ kind: "text", delta: "All of it" }, { kind: "done" }]);
  });

  test("is completed where deltas are missing at the end", () => {
    const turn = textTurn(["one ", "two ", "three"]);
    const lost = turn.filter(({ delta }) => delta !== "three");
    expect(textOf(read(...lost))).toBe("one two three");
    const onlyResponse = [...lost.slice(0, 5), lost.at(-1)!];
    expect(textOf(read(...onlyResponse))).toBe("one two three");
  });

  test("stays as it was shown where it differs further back", () => {
    const turn = textTurn(["one ", "two ", "three"]);
    expect(textOf(read(...turn.filter(({ delta }) => delta !== "two ")))).toBe("one three");
  });

  test("is never doubled when ids or indexes change on the way", () => {
    const turn = textTurn(["one ", "two"]);
    let n = 0;
    const changed = (rename: (event: WireEvent) => object) =>
      turn.map((event) => ({ ...event, ...rename(event) }));
    const otherIds = changed(({ item_id }) => (item_id === undefined ? {} : { item_id: `x${(n += 1)}` }));
    expect(textOf(read(...otherIds))).toBe("one two");
    const noIds = changed(({ item_id }) => (item_id === undefined ? {} : { item_id: undefined }));
    expect(textOf(read(...noIds))).toBe("one two");
    const noIndex = changed(({ type }) => (type?.endsWith(".delta") ? { output_index: undefined } : {}));
    expect(textOf(read(...noIndex))).toBe("one two");
    const lateIndex = changed(({ type }) =>
      type === "response.output_item.done" ? { output_index: 4 } : {},
    );
    expect(textOf(read(...lateIndex))).toBe("one two");
  });
});

describe("events out of their place", () => {
  const numberless = (...events: WireEvent[]) => textOf(readText(wire(events, { numbered: false })));

  test("a message's end that comes when the next has begun adds nothing", () => {
    const [first, second] = [messageEvents(0, ["First."]), messageEvents(1, ["Second."])];
    const late = [...first.slice(0, 3), ...second.slice(0, 3), ...first.slice(3), ...second.slice(3)];
    expect(numberless(...late)).toBe("First.\n\nSecond.");
  });

  test("a part's end that comes when the next has begun adds nothing", () => {
    const at = (content_index: number) => ({ item_id: "m", output_index: 0, content_index });
    const delta = (part: number, text: string) => ({
      type: "response.output_text.delta",
      ...at(part),
      delta: text,
    });
    const end = { type: "response.output_text.done", ...at(0), text: "one, again" };
    expect(numberless(delta(0, "one"), delta(1, ""), end, delta(1, "two"))).toBe("onetwo");
  });

  test("a message that begins twice has no gap in it", () => {
    const [begin, ...rest] = messageEvents(0, ["one ", "two"]);
    expect(numberless(begin!, ...rest.slice(0, 2), begin!, ...rest.slice(2))).toBe("one two");
  });

  test("deltas that do not name their part belong to the part that ends", () => {
    const turn = textTurn(["one ", "two"]).map((event) =>
      event.type?.endsWith(".delta") ? { ...event, content_index: undefined } : event,
    );
    expect(numberless(...turn.filter(({ type }) => type !== "response.content_part.added"))).toBe("one two");
  });
});

describe("sequence numbers", () => {
  test("drop what comes again", () => {
    const turn = textTurn(["ha", "ha", "ho"]).map((event, i) => ({ ...event, sequence_number: i }));
    const twice = turn.flatMap((event) => [event, event]);
    expect(readText(wire(twice))).toEqual(readText(wire(turn)));
    const later = [...turn.slice(0, 6), ...turn.slice(2, 5), ...turn.slice(6)];
    expect(readText(wire(later))).toEqual(readText(wire(turn)));
  });

  test("are not gone by where a server gives them all alike", () => {
    const turn = textTurn(["ha", "ha", "ho"]).map((event) => ({ ...event, sequence_number: 0 }));
    expect(textOf(readText(wire(turn)))).toBe("hahaho");
  });
});
