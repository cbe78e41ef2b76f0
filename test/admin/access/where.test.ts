import { describe, expect, it } from "vitest";
import { whereOf } from "../../../src/admin/access/where.ts";
import { QueryError } from "../../../src/admin/query/error.ts";
import { EVERYTHING } from "../../../src/admin/viewer.ts";
import { isOfConversation, plain } from "../../../src/store/search/condition.ts";

function problemsOf(text: string): readonly string[] {
  try {
    whereOf(text);
  } catch (error) {
    if (error instanceof QueryError) return error.problems.map(({ from, message }) => `${from} ${message}`);
    throw error;
  }
  return [];
}

describe("where a grant goes", () => {
  it("is everywhere when nothing is said, so that nothing needs to be asked", () => {
    expect(whereOf("")).toBe(EVERYTHING);
    expect(whereOf("  ")).toBe(EVERYTHING);
    expect(whereOf("kind:public")).toEqual({ kind: "word", field: "kind", values: ["public"] });
  });

  it.each([
    "platform:slack workspace:T1 kind:public",
    "channel:support OR topic:~refund",
    "parent:help -thread:secret place:slack:T1:C1",
    "server:acme category:help",
  ])("may be %s, which is the same for all of a conversation", (text) => {
    expect(isOfConversation(plain(whereOf(text)))).toBe(true);
  });

  it("goes by what a place is called now, and leaves out under any name that it had", () => {
    const channel = (tense: "now" | "ever", value: string) => ({
      kind: "name",
      field: "channel",
      tense,
      match: "equals",
      value,
    });
    const id = (value: string) => ({ kind: "word", field: "channelId", values: [value] });
    const named = (tense: "now" | "ever", value: string) => ({
      kind: "any",
      of: [channel(tense, value), id(value)],
    });
    expect(whereOf("channel:support -channel:board")).toEqual({
      kind: "all",
      of: [named("now", "support"), { kind: "not", of: named("ever", "board") }],
    });
    expect(whereOf("-(kind:public -channel:board)")).toMatchObject({
      kind: "not",
      of: { kind: "all", of: [{}, { kind: "not", of: named("now", "board") }] },
    });
  });

  it("is refused whole, with every problem in the order of the text", () => {
    expect(problemsOf("refund user:ada chanel:x channel@then:support sort:cost by:day")).toEqual([
      expect.stringMatching(/^0 A grant goes by where something was said.*It cannot go by text:/),
      expect.stringMatching(/^7 .*It cannot go by user:/),
      expect.stringMatching(/^16 There is no field chanel:/),
      expect.stringMatching(/^25 .*leave the @then out/),
      expect.stringMatching(/^46 sort: says how to show/),
      expect.stringMatching(/^56 by: says how to show/),
    ]);
    for (const wrong of [
      "status:failed",
      "model:glm",
      "cost:>1",
      "before:7d",
      "turn:1",
      "started:2026",
      "-user:x",
    ])
      expect(problemsOf(wrong), wrong).toHaveLength(1);
  });
});
