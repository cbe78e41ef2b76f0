import { describe, expect, it } from "vitest";
import { FIELDS } from "../../../src/admin/query/fields.ts";
import { fieldsIn, parseQuery, printQuery } from "../../../src/admin/query/query.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const DAY = 86_400_000;
const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date);
const where = (text: string) => parseQuery(text, NOW).where;
const number = (field: string, from?: number, below?: number) => ({
  kind: "number",
  field,
  ...(from !== undefined && { from }),
  ...(below !== undefined && { below }),
});

describe("parseQuery", () => {
  it("finds everything where nothing is asked", () => expect(where("  ")).toEqual({ kind: "all", of: [] }));

  it("takes every example of the table of fields", () => {
    for (const { example } of FIELDS) expect(() => parseQuery(example, NOW), example).not.toThrow();
  });

  it("joins what stands beside each other more tightly than OR, and a minus most", () => {
    expect(printQuery(parseQuery("a b OR -c AND d", NOW))).toBe("a b OR -c d");
    expect(where("kind:dm OR NOT kind:public")).toEqual({
      kind: "any",
      of: [
        { kind: "word", field: "kind", values: ["dm"] },
        { kind: "not", of: { kind: "word", field: "kind", values: ["public"] } },
      ],
    });
  });

  it("finds a channel by any of its names or its id, and with @then by its name at the time", () => {
    const named = (tense: string) => ({
      kind: "name",
      field: "channel",
      tense,
      match: "equals",
      value: "support",
    });
    const id = { kind: "word", field: "channelId", values: ["Support"] };
    expect(where("channel:#Support")).toEqual({ kind: "any", of: [named("ever"), id] });
    expect(where("channel@then:Support")).toEqual({ kind: "any", of: [named("then"), id] });
    expect(where("topic@now:Support")).toEqual({ ...named("now"), field: "topic" });
  });

  it("asks for beginnings and parts of names, and for either of several", () => {
    expect(where('thread:Ord*,~"no 17"')).toEqual({
      kind: "any",
      of: [
        { kind: "name", field: "thread", tense: "ever", match: "prefix", value: "ord" },
        { kind: "name", field: "thread", tense: "ever", match: "contains", value: "no 17" },
      ],
    });
    expect(where("status:failed,STOPPED")).toEqual({
      kind: "word",
      field: "status",
      values: ["failed", "stopped"],
    });
  });

  it("looks for words in text, in a row where they are quoted", () => {
    expect(where('"Refund-Policy" refu*')).toEqual({
      kind: "all",
      of: [
        { kind: "text", words: ["refund", "policy"], prefix: false },
        { kind: "text", words: ["refu"], prefix: true },
      ],
    });
  });

  it("takes a signal in quotes as text, round quotes as quotes", () => {
    expect(where(String.raw`"OR" “say \"hi\"” "channel:x"`)).toEqual({
      kind: "all",
      of: [["or"], ["say", "hi"], ["channel", "x"]].map((words) => ({ kind: "text", words, prefix: false })),
    });
  });

  it("finds a model by a part of its name, an error by its word", () => {
    expect(where("model:GLM")).toEqual({ kind: "part", field: "model", match: "contains", value: "glm" });
    expect(where("model:zai-org/*")).toEqual({
      kind: "part",
      field: "model",
      match: "prefix",
      value: "zai-org/",
    });
    expect(where("error:timeout")).toEqual({ kind: "word", field: "error", values: ["timeout"] });
  });

  it.each([
    ["tokens:>5k", number("tokens", 5001)],
    ["tokens:>=1.5k", number("tokens", 1500)],
    ["tokens:<10", number("tokens", undefined, 10)],
    ["tokens:<=10", number("tokens", undefined, 11)],
    ["tokens:7", number("tokens", 7, 8)],
    ["tokens:5..1m", number("tokens", 5, 1_000_001)],
    ["cost:>0.07", number("cost", 70_001)],
    ["cost:$0.1..0.5", number("cost", 100_000, 500_001)],
    ["cost:0.0000015", number("cost", 2, 2)],
    ["first:>1m30s", number("firstText", 90_001)],
    ["took:..500ms", number("complete", undefined, 501)],
    ["after:2026-11-01", number("at", day(2026, 11, 1))],
    ["before:7d", number("at", undefined, NOW - 7 * DAY)],
    ["at:2026-02", number("at", day(2026, 2, 1), day(2026, 3, 1))],
    ["at:2024", number("at", day(2024, 1, 1), day(2025, 1, 1))],
    ["on:yesterday", number("at", day(2026, 11, 27), day(2026, 11, 28))],
    ["at:this-week", number("at", day(2026, 11, 23), day(2026, 11, 30))],
    ["at:last-month", number("at", day(2026, 10, 1), day(2026, 11, 1))],
    ["at:7d..", number("at", NOW - 7 * DAY)],
    ["at:9mo..", number("at", day(2026, 2, 28) + 5_400_000)],
    ["started:2026-11-01..2026-11-07", number("started", day(2026, 11, 1), day(2026, 11, 8))],
    ["started:>2026-11-01", number("started", day(2026, 11, 2))],
    ["started:<=2026-11-01", number("started", undefined, day(2026, 11, 2))],
    ["at:2026-11-01T12:30+02:00", number("at", day(2026, 11, 1) + 37_800_000, day(2026, 11, 1) + 37_860_000)],
  ])("reads %s", (text, condition) => expect(where(text)).toEqual(condition));

  it("sorts by the greatest first unless there is a plus, wherever it is said", () => {
    expect(parseQuery("a", NOW).sort).toEqual({ by: "active", direction: "desc" });
    expect(parseQuery("a sort:-started OR b by:channel", NOW)).toMatchObject({
      where: { kind: "any" },
      sort: { by: "started", direction: "desc" },
      by: "channel",
    });
    expect(printQuery(parseQuery("sort:+cost a", NOW))).toBe("a sort:+cost");
  });

  it("says which fields it asks by, by their names", () =>
    expect(fieldsIn(parseQuery("server:acme OR -(from:bob x) server:b", NOW))).toEqual([
      "workspace",
      "user",
      "text",
    ]));
});
