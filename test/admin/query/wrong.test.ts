import { describe, expect, it } from "vitest";
import { QueryError } from "../../../src/admin/query/error.ts";
import { parseQuery, printQuery } from "../../../src/admin/query/query.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const where = (text: string) => parseQuery(text, NOW).where;

function problems(text: string) {
  try {
    parseQuery(text, NOW);
  } catch (error) {
    if (error instanceof QueryError)
      return error.problems.map(({ from, to, message, instead }) => ({
        at: text.slice(from, to),
        message,
        instead,
      }));
    throw error;
  }
  throw new Error(`${text} is a right query`);
}

describe("what may be meant as it is", () => {
  it.each([
    ["channel：support", "channel:support"],
    ["-channel@then：“customer care”", '-channel@then:"customer care"'],
    ["三点：会议", '"三点：会议"'],
    ["x=1 or y=2", '"x=1" "or" "y=2"'],
    ["refund or return", 'refund "or" return'],
    ["kind:dm not found", 'kind:dm "not" found'],
    ['kind:dm "or" kind:public', 'kind:dm "or" kind:public'],
    ['"channel=x"', '"channel=x"'],
  ])("%s is %s", (text, printed) => {
    expect(printQuery(parseQuery(text, NOW))).toBe(printed);
    expect(where(printed)).toEqual(where(text));
  });
});

describe("a wrong query", () => {
  it.each([
    ["chanel:x", "chanel:", "channel:"],
    ["status:faild", "faild", "failed"],
    ["sort:cots", "cots", "cost"],
    ["by:chanel", "chanel", "channel"],
    ["channel@thn:x", "@thn", "channel@then:"],
    ["status@then:done", "status@then:", "status:"],
    ["at:7d", "7d", "7d.."],
    ["after:>yesterday", ">yesterday", "yesterday"],
    ["at:13.11.2026", "13.11.2026", "2026-11-13"],
    ["tokens:9..5", "9..5", "5..9"],
    ["channel:a*bcd*", "a*bcd*", "~bcd"],
    ["platform:~sla", "~sla", "sla"],
    ["text:~refund", "~refund", "refund*"],
    ["channel=x", "channel=", "channel:"],
    ["channel@then=x", "channel@then=", "channel@then:"],
    ["kind:dm && status:done", "&&", "AND"],
    ["kind:dm | kind:public", "|", "OR"],
    ["kind:dm or kind:public", "or", "OR"],
    ["(kind:dm) And status:done", "And", "AND"],
    ["not status:done", "not", "NOT"],
    ["after:yesteday", "yesteday", "yesterday"],
    ["before:7", "7", "7d"],
    ["before:7days", "7days", "7d"],
    ["after:2hrs", "2hrs", "2h"],
    ["at:>2026/11/01", ">2026/11/01", ">2026-11-01"],
    ["at:13.11.2026..yesteday", "13.11.2026..yesteday", "2026-11-13..yesterday"],
    ["started:2026-11-01...2026-11-07", "2026-11-01...2026-11-07", "2026-11-01..2026-11-07"],
    ["took:>5sec", ">5sec", ">5s"],
    ["tokens:>5,000,000", "tokens:>5,000,000", "tokens:>5000000"],
    ["cost:0,10", "cost:0,10", "cost:0.10"],
  ])("%s is answered with the place and the nearest right form", (text, at, instead) =>
    expect(problems(text)).toMatchObject([{ at, instead }]),
  );

  it.each([
    ["channel:", ""],
    ["channel:a,,b", ","],
    ["(a", "("],
    ["a)", ")"],
    ["a OR", "OR"],
    ["OR a", "OR"],
    ["()", "()"],
    ['"abc', '"abc'],
    ['""', '""'],
    ["tokens:many", "many"],
    ["tokens:1,2,3", "tokens:1,2,3"],
    ["tokens:~5", "~5"],
    ["cost:..", ".."],
    ["at:2026-02-30", "2026-02-30"],
    ["at:2026-01-01T25:00", "2026-01-01T25:00"],
    ["turn:x", "x"],
    ["heard:Ada", "Ada"],
    ['heard:U0ADA,"Grace Hopper"', '"Grace Hopper"'],
    ["***", "***"],
    ["-", "-"],
    ["(sort:cost a)", "sort:cost"],
    ["-by:day a", "by:day"],
    ["sort:cost sort:turns", "sort:turns"],
    ["channel:\u200B", "\u200B"],
    ["tokens:99999999999999999999", "99999999999999999999"],
  ])("%s is answered with the place", (text, at) => expect(problems(text)[0]).toMatchObject({ at }));

  it("for a person's name where only an id is known says how to come by that", () => {
    expect(problems("heard:佐藤")[0]?.message).toMatch(
      /^heard: takes the person's id, such as U0123ABCD.*no name/,
    );
    for (const id of ["U0123ABCD", "W1", "802300000000000001", "B0BOT"])
      expect(where(`heard:${id}`)).toEqual({ kind: "word", field: "heardId", values: [id] });
  });

  it("is told of with everything that is wrong, in order", () => {
    const found = problems("chanel:a status:faild tokens:x");
    expect(found.map(({ at }) => at)).toEqual(["chanel:", "faild", "x"]);
  });

  it("is told how to look for a text that looks like a field", () =>
    expect(problems("https://example.com/a")[0]?.message).toContain('"https://example.com/a"'));

  it("is refused when it is too long, asks for too much or is too deep", () => {
    expect(problems("x ".repeat(10_000))[0]?.message).toMatch(/20000 characters, and 4000/);
    expect(problems("x ".repeat(1_900))[0]?.message).toMatch(/1900 values, and 200/);
    expect(problems(`channel:${"a,".repeat(300)}a`)[0]?.message).toMatch(/301 values/);
    expect(problems("(".repeat(1_000))[0]?.message).toMatch(/20 deep/);
    expect(problems(`${"-".repeat(1_000)}a`)[0]?.message).toMatch(/20 deep/);
    expect(() => parseQuery(`${"(".repeat(19)}a${")".repeat(19)}`, NOW)).not.toThrow();
  });

  it("carries injections as values and nothing else", () => {
    expect(where(`channel:"x' OR 1=1; --"`)).toMatchObject({
      of: [{ value: "x' or 1=1; --" }, { values: ["x' OR 1=1; --"] }],
    });
    expect(where("topic:~%_")).toMatchObject({ match: "contains", value: "%_" });
  });
});
