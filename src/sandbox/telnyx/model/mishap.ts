import type { Piece } from "../script.ts";
import { numberBefore, type Skill } from "./ask.ts";

/** An ask longer than this talks about something else, as in "the power was cut off yesterday, and …". */
const LONGEST_ORDER = 60;
const LONGEST_WAIT_S = 120;

/** Goes wrong on demand, so that a person can see how the bridge takes it. */
export const mishap: Skill = ({ text: words }) => {
  if (words.length > LONGEST_ORDER) return undefined;
  const order = ORDERS.find(([asked]) => asked.test(words));
  return order ? order[1] : dawdle(words);
};

const START: Piece = { kind: "text", text: "I'll begin, and then something goes wrong in the middle of" };
const FAILURE: Piece = {
  kind: "fail",
  code: "server_error",
  message: "The model failed, as it was asked to.",
};

const ORDERS: readonly (readonly [RegExp, readonly Piece[]])[] = [
  [/\bfail (?:half-?way|in the middle|later)\b/i, [START, FAILURE]],
  [/\b(?:fail please|please fail)\b/i, [FAILURE]],
  [/\b(?:cut off|cut the (?:line|connection)|hang up)\b/i, [START, { kind: "cut" }]],
  [/\b(?:stall|go silent|fall silent)\b/i, [START, { kind: "stall" }]],
  [
    /\b(?:stop early|run out of (?:tokens|words|room))\b/i,
    [START, { kind: "incomplete", reason: "max_output_tokens" }],
  ],
  [/\b(?:refuse please|please refuse)\b/i, [{ kind: "refusal", text: "I'm sorry, but I won't do that." }]],
  [/\b(?:say nothing|empty answer)\b/i, []],
];

/** "Think for 20 seconds": reasons, and is silent for as long. */
function dawdle(words: string): readonly Piece[] | undefined {
  const seconds = numberBefore(words, /seconds?\b/);
  if (seconds === undefined || !/\b(?:wait|think|pause)\b/i.test(words)) return undefined;
  return [
    { kind: "reasoning", text: `I am asked to take ${seconds} seconds. I count them.` },
    { kind: "wait", ms: Math.min(seconds, LONGEST_WAIT_S) * 1000 },
    { kind: "text", text: `That took me ${seconds} seconds, as you asked.` },
  ];
}
