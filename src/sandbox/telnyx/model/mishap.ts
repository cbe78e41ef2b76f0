import { numberBefore, type Skill } from "./ask.ts";

/** An ask longer than this talks about something else, as in "the power was cut off yesterday, and …". */
const LONGEST_ORDER = 60;

/** Goes wrong on demand, so that a person can see how the bridge takes it. */
export const mishap: Skill = ({ text: words }) => {
  if (words.length > LONGEST_ORDER) return undefined;
  const start = { kind: "text", text: "I'll begin, and then something goes wrong in the middle of" } as const;
  if (/\bfail (?:half-?way|in the middle|later)\b/i.test(words))
    return [
      start,
      { kind: "fail", code: "server_error", message: "The model failed half-way, as it was asked to." },
    ];
  if (/\b(?:fail please|please fail)\b/i.test(words))
    return [{ kind: "fail", code: "server_error", message: "The model failed, as it was asked to." }];
  if (/\b(?:cut off|cut the (?:line|connection)|hang up)\b/i.test(words)) return [start, { kind: "cut" }];
  if (/\b(?:stall|go silent|fall silent)\b/i.test(words)) return [start, { kind: "stall" }];
  if (/\b(?:stop early|run out of (?:tokens|words|room))\b/i.test(words))
    return [start, { kind: "incomplete", reason: "max_output_tokens" }];
  if (/\b(?:refuse please|please refuse)\b/i.test(words))
    return [{ kind: "refusal", text: "I'm sorry, but I won't do that." }];
  if (/\b(?:say nothing|empty answer)\b/i.test(words)) return [];
  const seconds = numberBefore(words, /seconds?\b/);
  if (seconds !== undefined && /\b(?:wait|think|pause)\b/i.test(words))
    return [
      { kind: "reasoning", text: `I am asked to take ${seconds} seconds. I count them.` },
      { kind: "wait", ms: Math.min(seconds, 120) * 1000 },
      { kind: "text", text: `That took me ${seconds} seconds, as you asked.` },
    ];
  return undefined;
};
