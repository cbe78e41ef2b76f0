import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf } from "../../src/reply/drafts.ts";
import { paginate } from "../../src/reply/paginate.ts";
import { LIMITS } from "../../src/slack/format.ts";
import { type Stream, grown, stepFor, STREAM_MS } from "../../src/slack/stream-step.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { grownText, wholeText } from "../../src/slack/stream-text.ts";
import { postKey } from "../contracts/platform-bench.ts";
import { corpus } from "../corpus.ts";
import { tidyMarkdown } from "../reply/arbitraries.ts";

const TOKEN = /<(?:!(?:here|channel|everyone|subteam\^\w+)|@[UWB]\w+)(?:\|[^>]*)?>/u;
const bits = fc.constantFrom(
  "<!here>",
  "<@U1>",
  "<",
  "@U1",
  ">",
  "!channel",
  "|x>",
  "\\",
  "\u200D",
  "a ",
  "`",
  "$x_1$",
  "<sup>",
  "</sup>",
  "<table>",
  "<tr><td>",
  "</td></tr></table>",
  "<!-- ",
  "-->",
  "___",
  "  ",
  "\n1. ",
  "$",
  "<b>",
  "</b>",
  "日**（本）**語",
  "a**“b”** ",
  "| `c | d` |",
  "\n",
  "\n\n",
);
const hostile = fc.array(bits, { maxLength: 20 }).map((parts) => parts.join(""));
const stream: Stream = {
  place: encodePlace({ team: "T1", channel: "D1", threadTs: "1.1" }),
  key: postKey(0),
  startedAt: 0,
  sent: "",
  tools: [],
  unsure: false,
};

/** Shows a text as it grows. What is shown at the end, whatever was on the way, and whether it had to be edited. */
function play(text: string, cuts: readonly number[]) {
  let now = stream;
  const seen: string[] = [];
  const pages = [
    ...cuts
      .toSorted((a, b) => a - b)
      .map((cut) => ({ ...draftOf({ head: "", body: text.slice(0, cut) }), final: false })),
    { text, final: true },
  ];
  for (const page of pages) {
    const step = stepFor(now, page, 0);
    if (step.kind === "leave") return { shown: wholeText(text), seen, isEdited: true };
    if (step.kind !== "nothing") now = grown(now, step.add);
    seen.push(now.sent);
  }
  return { shown: now.sent, seen, isEdited: false };
}

test("however a text comes, nothing that is shown of it notifies, and at the end all of it is shown", () => {
  let split = 0;
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(120), { maxLength: 30 }), (text, cuts) => {
      const { shown, seen } = play(text, cuts);
      expect(shown).toBe(wholeText(text));
      expect(seen.filter((one) => TOKEN.test(one))).toEqual([]);
      split += Number(TOKEN.test(text) && cuts.some((cut) => /<[@!]\w*$/u.test(text.slice(0, cut))));
    }),
    { numRuns: 500 },
  );
  expect(split).toBeGreaterThan(10);
});

test("what models write is hardly ever edited", () => {
  let edited = 0;
  const runs = 40;
  fc.assert(
    fc.property(tidyMarkdown(2), (text) => {
      const cuts = Array.from({ length: Math.ceil(text.length / 11) }, (_, at) => at * 11);
      edited += Number(play(text, cuts).isEdited);
    }),
    { numRuns: runs },
  );
  expect(edited).toBeLessThan(runs / 10);
});

test("of whole answers as models write them, few are edited", () => {
  const answers = corpus().filter(({ name }) => name.startsWith("whole-"));
  const edited = answers.filter(({ text }) => {
    const [page = ""] = paginate(text, LIMITS);
    const cuts = Array.from({ length: Math.ceil(page.length / 97) }, (_, at) => at * 97);
    return play(page, cuts).isEdited;
  });
  expect(answers.length).toBeGreaterThan(20);
  expect(edited.length).toBeLessThan(4);
});

test.each([
  ["a <@U1", "a "],
  ["a <!DOC", "a <!DOC"],
  ["a <!he", "a "],
  ["a <!DOCTYPE html", "a <!DOCTYPE html"],
  ["it is $x_1", "it is "],
  ["it costs $5 and", "it costs $5 and"],
  ["run `npm i", "run "],
  ["a <b>bo", "a "],
  ["a < b", "a < b"],
  ["10<sup>-", "10"],
  ["a <mark>b <i>c</i> d", "a "],
  ['see <a href="https://a.b">it', "see "],
  ["see <a hre", "see "],
  ["<b>a</b> <foo>b", "**a** <foo>b"],
  ["x\n<table>\n<tr><td>a</td>", "x\n"],
  ["x\n<!-- a", "x\n"],
  ["a &eac", "a "],
  ["it is $x", "it is "],
  ["on ___.__", "on \\_\\_\\_."],
  ["___so it", ""],
  ["a\0 \uDE00b", "a\uFFFD \uFFFDb"],
  ["x\n\\begin{align}\na &= b", "x\n"],
  ["说：**重点**，后面", "说：**重点**，后面"],
  ["说**“重点", "说"],
  ["it**", "it"],
  ["**Note:**so it is, and **so**, too", "**Note:**\u200Aso it is, and **so**, too"],
  ["| `a` | b", "| `a` | b"],
  ["x\n| a | `b | c` | d", "x\n| a | "],
])("%j is sent as %j", (written, sent) => {
  expect(grownText(written)).toBe(sent);
});

test("a stream is left before Slack ends it, when it would hold too much, and when it is unsure", () => {
  const page = { text: "a …", written: "a", final: false };
  expect(stepFor(stream, page, STREAM_MS - 1).kind).toBe("append");
  expect(stepFor(stream, page, STREAM_MS).kind).toBe("leave");
  expect(stepFor({ ...stream, unsure: true }, page, 0).kind).toBe("leave");
  const tools = Array.from({ length: 40 }, (_, at) => ({ id: `${at}`, name: "x".repeat(20), isDone: true }));
  expect(stepFor(stream, { text: "é".repeat(4_400), final: true, tools }, 0).kind).toBe("leave");
});
