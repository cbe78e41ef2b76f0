import { pick, text, type Ask, type Skill } from "./ask.ts";
import { subjectOf } from "./subject.ts";

/** Short, friendly talk. Always answers. */
export const smalltalk: Skill = (ask) => {
  for (const { said, answer } of TALK) {
    const match = said.exec(ask.text);
    const words = match && answer(ask, match);
    if (words) return text(words);
  }
  return text(ask.text.trim().endsWith("?") ? wonder(ask) : follow(ask));
};

interface Talk {
  readonly said: RegExp;
  readonly answer: (ask: Ask, match: RegExpExecArray) => string | undefined;
}

const TALK: readonly Talk[] = [
  {
    said: /^\s*$|\bwithout a word\b/i,
    answer: (ask) => `${pick(ask, ["Yes", "I'm here", "At your service"])}${called(ask)}! What do you need?`,
  },
  {
    said: /\b(?:who|what) are you\b|\bwhat(?:'s| is) your name\b|\bintroduce yourself\b/i,
    answer: introduce,
  },
  { said: /\bwhat can (?:you|i) (?:do|ask|try)\b|^\s*help\b/i, answer: help },
  {
    said: /^(?:what(?:'s| is)|how much is|calculate)?\s*(?<a>-?\d+(?:\.\d+)?)\s*(?<op>[-+*x×/÷])\s*(?<b>-?\d+(?:\.\d+)?)\s*[=?.!]*$/iu,
    answer: calculate,
  },
  {
    said: /\bhow are you\b|\bhow's it going\b/i,
    answer: (ask) =>
      pick(ask, [
        "Very well, thank you. And you?",
        "All lines are clear today. How about you?",
        "Glad that you ask: fine! What are you up to?",
      ]),
  },
  {
    said: /\bthanks?\b|\bthank you\b|\bcheers\b/i,
    answer: (ask) => `${pick(ask, ["You're welcome", "Any time", "Gladly"])}${called(ask)}!`,
  },
  {
    said: /\b(?:bye|goodbye|good night|see you)\b/i,
    answer: (ask) => `${pick(ask, ["Goodbye", "See you", "Until next time"])}${called(ask)}!`,
  },
  {
    said: /\bjoke\b/i,
    answer: (ask) =>
      pick(ask, [
        "Why did the switchboard operator never get lost? She always knew the right connection.",
        "I would tell you a UDP joke, but you might not get it.",
        "A thread walks into a bar and asks for a channel. The bartender says: sorry, we only serve DMs.",
      ]),
  },
  {
    said: /^(?:.*[,:] |what is better, |(?:is it|do you prefer) )?(?<a>\p{L}+) or (?<b>\p{L}+)\?$/iu,
    answer: choose,
  },
  { said: /^(?:\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|moin|hola)\b)/i, answer: greet },
  {
    said: /^\W*(?:yes|yep|sure|ok(?:ay)?|no|nope)\b[\s.!]*$/i,
    answer: (ask) => pick(ask, ["Good. What's next?", "Noted. Shall we go on?", "All right!"]),
  },
];

function called(ask: Ask): string {
  return ask.speaker ? `, ${ask.speaker.name}` : "";
}

function greet(ask: Ask): string {
  const name = ask.persona ? ` I'm ${ask.persona}.` : "";
  return `${pick(ask, ["Hello", "Hi", "Hey"])}${called(ask)}!${ask.past.length === 0 ? name : ""} ${pick(ask, ["What can I do for you?", "How can I help?", "What are you working on?"])}`;
}

function introduce(ask: Ask): string {
  const who = ask.persona ? `I'm ${ask.persona}` : "I'm an assistant";
  return `${who}. Here in the sandbox a scripted model speaks for me: I remember what is said in this conversation, and I can write whatever you want to see. Ask me what I can do!`;
}

function help(): string {
  return [
    "A few things to try:",
    "",
    "- **Memory**: tell me something, then ask *what did I ask first?*, *who said …?* or *recap*",
    "- **Length**: *write 800 words about lighthouses*",
    "- **Form**: *show me some Python code*, *a table with 8 rows*, *a nested list*, *all of Markdown*",
    "- **Letters**: *emoji*, *Chinese*, *Arabic*",
    "- **Reasoning**: *think step by step about tides*",
    "- **Trouble**: *fail please*, *cut off*, *ping everyone*, *say nothing*",
  ].join("\n");
}

function calculate(_ask: Ask, match: RegExpExecArray): string | undefined {
  const { a = "", b = "", op = "" } = match.groups ?? {};
  const [x, y] = [Number(a), Number(b)];
  if (/[/÷]/.test(op) && y === 0) return "Nobody can divide by zero, not even I.";
  const result = op === "+" ? x + y : op === "-" ? x - y : /[*x×]/.test(op) ? x * y : x / y;
  return `${a} ${op} ${b} = ${Number(result.toFixed(6))}`;
}

function choose(ask: Ask, match: RegExpExecArray): string | undefined {
  const { a = "", b = "" } = match.groups ?? {};
  if (b === "not") return undefined;
  return pick(ask, [
    `${sentence(a)}, if I have to choose. But I can see why one would take ${b}.`,
    `I'd go for ${b} today. Why not ${a} tomorrow?`,
    `Hard to say! With ${a} you rarely go wrong.`,
  ]);
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wonder(ask: Ask): string {
  if (
    /^\W*(?:is|are|am|was|were|do|does|did|can|could|will|would|should|has|have|may|must)\b/i.test(ask.text)
  )
    return pick(ask, [
      "I'd say yes. But I'm only the sandbox's scripted model: better ask somebody who knows.",
      "Probably. What makes you doubt it?",
      "Not that I know of. Tell me more, and I'll remember it.",
    ]);
  const subject = subjectOf(ask.text);
  if (!subject)
    return pick(ask, [
      "Good question. Tell me a little more?",
      "Hm, say more: what do you have in mind?",
      "I'd like to help. What exactly do you want to know?",
    ]);
  return pick(ask, [
    `A good question${called(ask)}. About **${subject}** I know only what you tell me: I'm a scripted model. What do you think yourself?`,
    `If I were a real model, I'd now explain **${subject}** at length. Ask me to *write 300 words about ${subject}*, and I'll try.`,
    `**${subject}**, you ask. Shall I write 300 words about it, or is a table enough?`,
  ]);
}

function follow(ask: Ask): string {
  const subject = subjectOf(ask.text);
  if (!subject) return pick(ask, ["I see. Go on!", "Understood.", "Right. And then?"]);
  return pick(ask, [
    `Noted${called(ask)}: **${subject}**. What should I do with it?`,
    `Interesting! What is it about **${subject}** that matters most to you?`,
    `I'll keep **${subject}** in mind. Is there anything you want me to write about it?`,
    `Got it. Do you want the short version of **${subject}**, or the long one?`,
  ]);
}
