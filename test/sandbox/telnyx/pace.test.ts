import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { pace, tokensOf } from "../../../src/sandbox/telnyx/pace.ts";
import type { Piece } from "../../../src/sandbox/telnyx/script.ts";
import { fakeClock } from "../../fakes/clock.ts";

const TEXT = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60, size: "max" }),
  fc.string({ unit: "binary", maxLength: 60, size: "max" }),
  fc
    .array(fc.constantFrom(" ", "\n", "word", "👩‍💻", "supercalifragilistic", "中文"), {
      maxLength: 40,
      size: "max",
    })
    .map((words) => words.join("")),
);

describe("tokens", () => {
  property.prop([TEXT])("joined are the text, and split no code point", (text) => {
    const tokens = tokensOf(text);
    expect(tokens.join("")).toBe(text);
    for (const token of tokens) expect(token.isWellFormed() || !text.isWellFormed()).toBe(true);
  });

  test("are many where the text is long", () => {
    const cases = fc.sample(TEXT, 200).map((text) => tokensOf(text).length);
    expect(cases.filter((count) => count > 3).length).toBeGreaterThan(60);
    expect(tokensOf("x".repeat(95))).toHaveLength(10);
  });
});

describe("the pace", () => {
  const signal = () => new AbortController();

  /** When each text arrives, in milliseconds from the start, under a clock that is moved along. */
  async function times(
    pieces: Piece[],
    speed: { firstTokenMs: number; tokensPerSecond: number },
  ): Promise<[string, number][]> {
    const clock = fakeClock();
    const seen: [string, number][] = [];
    const done = (async () => {
      for await (const piece of pace(() => pieces, { clock, speed, signal: signal().signal }))
        seen.push([piece.kind === "text" ? piece.text : piece.kind, clock.monotonic()]);
    })();
    await clock.advance(100_000);
    await done;
    return seen;
  }

  test("is the first token's wait, and then the rate", async () => {
    expect(await times([{ kind: "text", text: "a b c" }], { firstTokenMs: 700, tokensPerSecond: 4 })).toEqual(
      [
        ["a", 700],
        [" b", 950],
        [" c", 1200],
      ],
    );
  });

  test("is none at 0 and 0, but for waits in the script", async () => {
    const pieces: Piece[] = [
      { kind: "text", text: "a b" },
      { kind: "wait", ms: 50 },
      { kind: "text", text: "c" },
    ];
    expect(await times(pieces, { firstTokenMs: 0, tokensPerSecond: 0 })).toEqual([
      ["a", 0],
      [" b", 0],
      ["c", 50],
    ]);
  });

  test("does not make up for a wait in the script with a burst", async () => {
    const pieces: Piece[] = [
      { kind: "text", text: "a" },
      { kind: "wait", ms: 1000 },
      { kind: "text", text: "b c" },
    ];
    expect(await times(pieces, { firstTokenMs: 0, tokensPerSecond: 10 })).toEqual([
      ["a", 0],
      ["b", 1000],
      [" c", 1100],
    ]);
  });

  test("makes up for late timers: the rate holds over the answer", async () => {
    const clock = fakeClock();
    const late = { ...clock, sleep: (ms: number, stop?: AbortSignal) => clock.sleep(ms + 30, stop) };
    const speed = { firstTokenMs: 0, tokensPerSecond: 100 };
    let last = 0;
    const done = (async () => {
      const pieces: Piece[] = [{ kind: "text", text: "x ".repeat(100) }];
      for await (const _ of pace(() => pieces, { clock: late, speed, signal: signal().signal }))
        last = clock.monotonic();
    })();
    await clock.advance(10_000);
    await done;
    expect(last).toBeGreaterThanOrEqual(1_000);
    expect(last).toBeLessThanOrEqual(1_040);
  });

  test.each(["a sleep", "a script that waits for ever"])(
    "ends when it is stopped during %s",
    async (what) => {
      const stop = signal();
      const pieces = async function* (): AsyncGenerator<Piece> {
        if (what === "a sleep") yield { kind: "wait", ms: 1e9 };
        await new Promise(() => {});
      };
      const clock = fakeClock();
      const speed = { firstTokenMs: 0, tokensPerSecond: 0 };
      const next = pace(pieces, { clock, speed, signal: stop.signal }).next();
      await new Promise(setImmediate);
      stop.abort(new Error("stopped"));
      await expect(next).rejects.toThrow("stopped");
      expect(clock.sleeping()).toBe(0);
    },
  );
});
