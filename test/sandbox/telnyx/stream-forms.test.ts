import { describe, expect, test } from "vitest";
import { textOf } from "./client.ts";
import { expectWhole, streamed, typesOf, WORDS } from "./streamed.ts";

describe("an unusual form of the same answer", () => {
  test("with unknown events that look like text", async () => {
    const result = await streamed([{ kind: "unknown_events" }]);
    expectWhole(result);
    expect(typesOf(result).filter((type) => type === "response.telemetry.delta").length).toBe(
      result.events.length / 2,
    );
  });

  test("with comments before each event", async () => {
    const result = await streamed([{ kind: "comments" }]);
    expectWhole(result);
    expect(result.raw.match(/^: keep-alive$/gm)).toHaveLength(result.events.length);
  });

  test.each(["\r\n", "\r"] as const)("with %j as line end", async (as) => {
    const result = await streamed([{ kind: "line_ends", as }]);
    expectWhole(result);
    expect(result.raw.replaceAll(as, "")).not.toMatch(/[\r\n]/);
  });

  test("in chunks of one byte, which split every character and emoji", async () => {
    const result = await streamed([{ kind: "split", bytes: 1 }]);
    expectWhole(result);
    expect(result.chunks.every((chunk) => chunk.length === 1)).toBe(true);
  });

  test("in chunks of seven bytes, some of which are no whole UTF-8", async () => {
    const result = await streamed([{ kind: "split", bytes: 7 }]);
    expectWhole(result);
    const broken = result.chunks.filter((chunk) => Buffer.from(chunk).toString().includes("\uFFFD"));
    expect(broken.length).toBeGreaterThan(0);
  });

  test("with many events in a chunk", async () => {
    const result = await streamed([{ kind: "batch", events: 5 }]);
    expectWhole(result);
    expect(result.chunks).toHaveLength(Math.ceil(result.events.length / 5));
  });

  test("with [DONE] at the end", async () => {
    const result = await streamed([{ kind: "done_marker" }]);
    expect(result.events.at(-1)).toEqual({ data: "[DONE]" });
    expectWhole({ ...result, events: result.events.slice(0, -1) });
  });

  test("without sequence numbers", async () => {
    const result = await streamed([{ kind: "no_sequence_numbers" }]);
    expectWhole(result);
    expect(result.events.some((event) => "sequence_number" in event)).toBe(false);
  });

  test("without event lines", async () => {
    const result = await streamed([{ kind: "no_event_lines" }]);
    expectWhole(result);
    expect(result.raw).not.toMatch(/^event:/m);
  });

  test("with an event's data over several lines", async () => {
    const result = await streamed([{ kind: "multiline_data" }]);
    expectWhole(result);
    expect(result.raw.match(/^data:/gm)!.length).toBeGreaterThan(result.events.length * 3);
  });

  test("with each delta twice, under the same number", async () => {
    const result = await streamed([{ kind: "duplicate", of: "delta" }]);
    const deltas = result.events.filter(({ type }) => type === "response.output_text.delta");
    expect(new Set(deltas.map((event) => event["sequence_number"])).size).toBe(deltas.length / 2);
    expect(typesOf(result).filter((type) => type === "response.completed")).toHaveLength(1);
  });

  test("with each done event and the terminal one twice", async () => {
    const result = await streamed([{ kind: "duplicate", of: "done" }]);
    expect(textOf(result.events)).toBe(WORDS);
    for (const type of ["response.output_text.done", "response.output_item.done", "response.completed"])
      expect(typesOf(result).filter((seen) => seen === type)).toHaveLength(2);
  });

  test("with everything at once", async () => {
    const result = await streamed([
      { kind: "unknown_events" },
      { kind: "comments" },
      { kind: "line_ends", as: "\r\n" },
      { kind: "split", bytes: 3 },
      { kind: "no_sequence_numbers" },
      { kind: "no_event_lines" },
    ]);
    expectWhole(result);
  });
});
