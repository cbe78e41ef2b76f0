import { describe, expect, test } from "vitest";
import { createFrames } from "../../src/telnyx/frames.ts";

const limits = { eventLength: 100, streamLength: 1_000 };
const bytes = (text: string) => Buffer.from(text);

describe("createFrames", () => {
  test("hands over an event when its blank line has come, and not before", () => {
    const frames = createFrames();
    expect(frames.feed(bytes("event: a\ndata: 1\n"))).toEqual([]);
    expect(frames.feed(bytes("data: 2\n\nda"))).toEqual([{ event: "a", data: "1\n2" }]);
    expect(frames.feed(bytes("ta: 3"))).toEqual([]);
    expect(frames.end()).toEqual([{ data: "3" }]);
    expect(frames.overflow()).toBeUndefined();
  });

  test.each([
    ["in one piece", [`data: ${"x".repeat(101)}\n\n`]],
    ["in pieces without an end", ["data: ", ...Array.from({ length: 120 }, () => "x")]],
    ["over many lines", Array.from({ length: 30 }, () => "data: xxxx\n")],
  ])("stops at an event that is too long, %s", (_, pieces) => {
    const frames = createFrames(limits);
    const before = frames.feed(bytes("data: before\n\n"));
    const after = pieces.flatMap((piece) => frames.feed(bytes(piece)));
    expect([before, after]).toEqual([[{ data: "before" }], []]);
    expect(frames.overflow()).toContain("an event is longer than 100 characters");
    expect([frames.feed(bytes("data: more\n\n")), frames.end()]).toEqual([[], []]);
  });

  test("stops at a stream that is too long, whatever it is made of", () => {
    for (const piece of ["data: x\n\n", ": ping\n\n", "no field ", "x"]) {
      const frames = createFrames(limits);
      let fed = 0;
      while (frames.overflow() === undefined && fed < 2_000) {
        frames.feed(bytes(piece));
        fed += piece.length;
      }
      expect(frames.overflow()).toContain("the stream is longer than 1000 bytes");
      expect(fed).toBeLessThanOrEqual(1_000 + piece.length);
    }
  });
});
