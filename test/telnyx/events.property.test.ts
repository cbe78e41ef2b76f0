import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createEventReader } from "../../src/telnyx/events.ts";
import { kindsOf, readBytes, readText, terminalsOf, textOf } from "./read.ts";
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

/** Words that servers split anywhere: line ends, blank lines, quotes, and characters of two to four bytes. */
const word = fc.oneof(
  fc.constantFrom("é", "漢字", "👩‍👩‍👧", "\r\n", "\n\n", "\r", '"', "\\", "data: x", " ", "event: error\n"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
);

type Item =
  | { readonly kind: "message"; readonly deltas: readonly string[] }
  | { readonly kind: "call"; readonly pieces: readonly string[] }
  | { readonly kind: "reasoning"; readonly text: string };

const message = fc.record({
  kind: fc.constant("message" as const),
  deltas: fc.array(word, { maxLength: 6 }),
});
const other: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ kind: fc.constant("call" as const), pieces: fc.array(word, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("reasoning" as const), text: word }),
);
const answer: fc.Arbitrary<readonly Item[]> = fc.array(
  fc.oneof({ weight: 2, arbitrary: message }, { weight: 1, arbitrary: other }),
  { minLength: 1, maxLength: 5 },
);
const others = fc.array(other, { maxLength: 2 });
const answerOfOneMessage: fc.Arbitrary<readonly Item[]> = fc
  .tuple(others, message, others)
  .map(([before, only, after]) => [...before, only, ...after]);

/** The events of an answer of these items, and the response that repeats them. */
function answerOf(items: readonly Item[]): WireEvent[] {
  const events = items.flatMap((entry, i) => {
    if (entry.kind === "message") return messageEvents(i, entry.deltas);
    if (entry.kind === "reasoning") return reasoningEvents(i, entry.text);
    return callEvents(i, `c${i}`, "f", entry.pieces);
  });
  const output = items.map((entry, i) => {
    if (entry.kind === "message") return messageItem(`msg_${i}`, entry.deltas.join(""));
    if (entry.kind === "reasoning") return { type: "reasoning", id: `rs_${i}`, content: [] };
    return callItem(`c${i}`, "f", entry.pieces.join(""));
  });
  return [created, ...events, completed(output)].map((event, i) => ({ sequence_number: i, ...event }));
}

/** Some of the last events may be missing, so that cut streams are tried, too. */
const stream = fc.record({
  items: answer,
  cutOff: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 5 })),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  named: fc.boolean(),
  comments: fc.boolean(),
});

function bytesOf({
  items,
  cutOff,
  lineEnd,
  named,
  comments,
}: typeof stream extends fc.Arbitrary<infer T> ? T : never) {
  const events = answerOf(items);
  const texts = events.slice(0, events.length - cutOff).map((event) => wire([event], { lineEnd, named }));
  return Buffer.from(texts.join(comments ? `: ping${lineEnd}${lineEnd}` : ""));
}

/** Without the bias to small numbers, which would cut the first event alone. */
const cut = fc.record({ at: fc.noBias(fc.nat({ max: 99_999 })), awkward: fc.boolean() });
const cuts = fc.array(cut, { minLength: 1, maxLength: 40 });

type Cuts = typeof cuts extends fc.Arbitrary<infer T> ? T : never;

/** Where the chunks end: anywhere, or within a character or between CR and LF. */
function pointsOf(bytes: Buffer, where: Cuts): number[] {
  const awkward = [...bytes.keys()].filter((at) => isInCharacter(bytes, at) || isInLineEnd(bytes, at));
  const points = where.map(({ at, awkward: wanted }) =>
    wanted && awkward.length > 0 ? awkward[at % awkward.length]! : at % (bytes.length + 1),
  );
  return points.sort((a, b) => a - b);
}

function chunksOf(bytes: Buffer, where: Cuts): Buffer[] {
  const points = pointsOf(bytes, where);
  return [...points, bytes.length].map((end, i) => bytes.subarray(points[i - 1] ?? 0, end));
}

function isInCharacter(bytes: Buffer, at: number): boolean {
  return (bytes[at]! & 0xc0) === 0x80;
}

function isInLineEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === 10 && bytes[at - 1] === 13;
}

/** What a person should read, by a rule that owes nothing to the code. */
function wanted(items: readonly Item[]): string {
  return items
    .flatMap((entry) => (entry.kind === "message" ? entry.deltas.join("") : []))
    .filter((text) => text !== "")
    .join("\n\n");
}

const RUNS = { numRuns: 300 };

describe("any chunking", () => {
  test.prop([stream, cuts], RUNS)("gives the same events", (body, where) => {
    const bytes = bytesOf(body);
    expect(readBytes(chunksOf(bytes, where))).toEqual(readBytes([bytes]));
  });

  test.prop([stream], { numRuns: 60 })("one byte at a time, too", (body) => {
    const bytes = bytesOf(body);
    expect(readBytes([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(readBytes([bytes]));
  });

  test("is tried on characters, line ends and events that are cut", () => {
    const seen = { character: 0, lineEnd: 0, inEvent: 0, several: 0 };
    for (const [body, where] of fc.sample(fc.tuple(stream, cuts), 300)) {
      const bytes = bytesOf(body);
      const points = pointsOf(bytes, where);
      if (points.some((at) => at < bytes.length && isInCharacter(bytes, at))) seen.character += 1;
      if (points.some((at) => isInLineEnd(bytes, at))) seen.lineEnd += 1;
      if (points.some((at) => at > 0 && at < bytes.length && bytes[at - 1] !== 10)) seen.inEvent += 1;
      if (kindsOf(readBytes([bytes])).filter((kind) => kind === "text").length > 3) seen.several += 1;
    }
    expect(seen.character).toBeGreaterThan(60);
    expect(seen.lineEnd).toBeGreaterThan(40);
    expect(seen.inEvent).toBeGreaterThan(150);
    expect(seen.several).toBeGreaterThan(60);
  });
});

describe("any answer", () => {
  test.prop([answer], RUNS)("shows each message once, with a blank line between two", (items) => {
    const events = readText(wire(answerOf(items)));
    expect(textOf(events)).toBe(wanted(items));
    const calls = items.filter(({ kind }) => kind === "call");
    expect(events.filter(({ kind }) => kind === "tool")).toHaveLength(calls.length);
  });

  test.prop([answerOfOneMessage, fc.array(fc.boolean(), { minLength: 1 }), fc.nat()], RUNS)(
    "shows the same when events of its one message are lost, deltas only from their end",
    (items, coins, from) => {
      const lostFrom = new Map<unknown, boolean>();
      const kept = answerOf(items).filter((event, i, all) => {
        if (i === all.length - 1) return true;
        const lost = coins[(i + from) % coins.length]!;
        if (event.type !== "response.output_text.delta") return !lost;
        const gone = lost || lostFrom.get(event["item_id"]) === true;
        lostFrom.set(event["item_id"], gone);
        return !gone;
      });
      expect(textOf(readText(wire(kept)))).toBe(wanted(items));
    },
  );

  test.prop([answer, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 })), { maxLength: 8 })], RUNS)(
    "shows the same when events come again, at once or later",
    (items, repeats) => {
      const events = answerOf(items);
      const again = [...events];
      for (const [which, later] of repeats) {
        const at = which % events.length;
        const place = again.indexOf(events[at]!) + 1 + later;
        again.splice(place, 0, events[at]!);
      }
      expect(readText(wire(again))).toEqual(readText(wire(events)));
    },
  );
});

describe("anything at all", () => {
  const types = [
    "output_text.delta",
    "output_text.done",
    "output_item.added",
    "output_item.done",
    "completed",
    "failed",
  ];
  const anyEvent = fc.oneof(
    fc.object({ maxDepth: 2 }),
    fc.record(
      {
        type: fc.constantFrom(...types.map((type) => `response.${type}`), "error", "__proto__"),
        item: fc.anything({ maxDepth: 2 }),
        item_id: fc.option(fc.string()),
        output_index: fc.anything(),
        content_index: fc.nat({ max: 2 }),
        delta: fc.anything(),
        text: fc.string(),
        response: fc.oneof(fc.anything(), fc.constant({ output: [messageItem("m", "x")] })),
        sequence_number: fc.oneof(fc.integer(), fc.string()),
      },
      { requiredKeys: [] },
    ),
  );

  test.prop(
    [fc.array(fc.tuple(fc.option(fc.constantFrom("error", "x")), fc.oneof(anyEvent, fc.string())))],
    RUNS,
  )("ends in exactly one terminal event, and throws nothing", (frames) => {
    const reader = createEventReader();
    const events = frames.flatMap(([name, body]) => {
      const data = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
      return reader.read(name === null ? { data } : { event: name, data });
    });
    events.push(...reader.end());
    expect(terminalsOf(events)).toEqual([events.at(-1)]);
    expect(reader.end()).toEqual([]);
  });
});
