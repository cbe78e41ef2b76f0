import { text, type Ask, type Skill } from "./ask.ts";
import { isSame, type Utterance } from "./utterance.ts";

/** Answers out of what was said before in the conversation: what proves that the history arrives. */
export const remember: Skill = (ask) => {
  for (const { asked, answer } of QUESTIONS) {
    const match = asked.exec(ask.text);
    const words = match && answer(ask, match);
    if (words) return text(words);
  }
  return undefined;
};

interface Question {
  readonly asked: RegExp;
  /** Undefined: this is another question after all. */
  readonly answer: (ask: Ask, match: RegExpExecArray) => string | undefined;
}

const NAME = String.raw`[\p{Lu}][\p{L}\p{N}'_.-]*`;

const TOLD_NAME = new RegExp(String.raw`\b(?:[Mm]y name is|[Cc]all me) (?<who>${NAME})`, "u");
const TO_REMEMBER = /^(?:please )?(?:remember|don't forget|keep in mind)(?: that|:)? (?<what>.+)$/isu;
const RECAP =
  /\b(?:recap|catch me up|so far|tl;?dr)\b|\bsummar(?:y of|i[sz]e) (?:this|us|it|what|the (?:conversation|thread|channel|discussion|chat))\b|^\W*summar(?:y|i[sz]e)\W*$/i;

const QUESTIONS: readonly Question[] = [
  {
    asked: new RegExp(
      String.raw`\b[Ww]hat (?:did|does|was) (?<who>(?!(?:I|You|We|They|He|She|It)\b)${NAME})(?: \w+)? (?:say|ask|write|want|mention|asking|saying)`,
      "u",
    ),
    answer: saidBy,
  },
  {
    asked:
      /^(?=.*\?|\W*(?:what|which|tell|do|can)\b).*\b(?:(?:ask|asked|say|said|write|wrote|tell|told|mention)\b.*\bfirst|first (?:thing|question|message))\b/is,
    answer: sayFirst,
  },
  { asked: /\bwhat(?:'s| is) my name\b|\bwho am i\b|\bdo you (?:know|remember) my name\b/i, answer: sayName },
  { asked: /\bwhat(?:'s| is| are| was) my (?<what>[\p{L}][\p{L}\p{N} '-]*)/iu, answer: sayMine },
  {
    asked:
      /\bwhat did (?:i|we) (?:just )?(?:say|ask|write|tell you)\b|\bmy (?:last|previous) (?:question|message)\b/i,
    answer: (ask) =>
      recall(mine(ask).at(-1), "Just before this, you said", "You have said nothing before this."),
  },
  {
    asked:
      /\bwhat did you (?:just )?(?:say|answer|tell me|write)\b|\byour (?:last|previous) (?:answer|message)\b/i,
    answer: (ask) =>
      recall(
        ask.past.findLast(({ by }) => by === "assistant"),
        "I said",
        "I have said nothing here yet.",
      ),
  },
  {
    asked: /\bwho (?:said|asked|wrote|mentioned|told (?:you|us)|talked about|spoke of)\b(?<what>.*)/isu,
    answer: whoSaid,
  },
  {
    asked:
      /\bwho (?:is|are|was|were|has been) (?:here|talking|speaking|in (?:this|the) \w+)\b|\bwho (?:spoke|talked)\b/i,
    answer: whoIsHere,
  },
  { asked: /\bhow many (?:messages|questions|things)\b/i, answer: count },
  { asked: /\bwhat (?:do|did|should) (?:you|i|we)\b.*\bremember\b/i, answer: sayRemembered },
  { asked: RECAP, answer: recap },
  {
    asked: TO_REMEMBER,
    answer: (_ask, match) => `I'll remember: ${quote(match.groups?.["what"] ?? "")}`,
  },
  {
    asked: TOLD_NAME,
    answer: (_ask, match) =>
      `Nice to meet you, ${match.groups?.["who"] ?? "friend"}! I'll remember your name.`,
  },
];

/** What the one who asks has said before. */
function mine(ask: Ask): readonly Utterance[] {
  return people(ask).filter(({ speaker }) => isSame(speaker, ask.speaker));
}

function people(ask: Ask): readonly Utterance[] {
  return ask.past.filter(({ by, text: words }) => by === "user" && words !== "");
}

function recall(said: Utterance | undefined, before: string, otherwise: string): string {
  return said ? `${before}: ${quote(said.text)}` : otherwise;
}

/** In quotation marks, on one line, and not endless. */
function quote(words: string, longest = 300): string {
  const line = words.replace(/\s+/gu, " ").trim();
  const points = Array.from(line);
  return `"${points.length > longest ? `${points.slice(0, longest).join("")}…` : line}"`;
}

/** The first thing that this person said, or, when asked about "we", that anybody did. */
function sayFirst(ask: Ask): string {
  const first = people(ask).at(0);
  if (first?.speaker && /\b(?:we|anyone|anybody|somebody|in this)\b/i.test(ask.text))
    return `The first thing said here was ${quote(first.text)}, by ${first.speaker.name}.`;
  const before = "The first thing you said here was";
  return recall(mine(ask).at(0), before, "This is the first thing you have said to me here.");
}

function sayName(ask: Ask): string {
  const told = mine(ask)
    .map(({ text: words }) => TOLD_NAME.exec(words)?.groups?.["who"])
    .findLast((name) => name !== undefined);
  if (told) return `Your name is ${told}. You told me so.`;
  return ask.speaker ? `You are ${ask.speaker.name}.` : "You haven't told me your name yet.";
}

/** "What is my favourite colour?" after "My favourite colour is teal." */
function sayMine(ask: Ask, match: RegExpExecArray): string | undefined {
  const what = (match.groups?.["what"] ?? "").trim();
  for (const { text: words } of [...mine(ask)].reverse()) {
    const at = words.toLowerCase().indexOf(`my ${what.toLowerCase()} `);
    const told =
      at < 0 ? undefined : /^(?:is|are|was) (?<value>[^.!?\n]+)/iu.exec(words.slice(at + what.length + 4));
    if (told) return `Your ${what} is ${told.groups?.["value"] ?? ""}. You told me earlier.`;
  }
  return /last|previous|first/i.test(what) ? undefined : `You haven't told me your ${what}.`;
}

function saidBy(ask: Ask, match: RegExpExecArray): string {
  const who = (match.groups?.["who"] ?? "").replace(/'s$/, "");
  const theirs = people(ask).filter(({ speaker }) =>
    speaker?.name.toLowerCase().startsWith(who.toLowerCase()),
  );
  const said = /\bfirst\b/i.test(ask.text) ? theirs.at(0) : theirs.at(-1);
  return said
    ? `${said.speaker?.name ?? who} said: ${quote(said.text)}`
    : `I have seen nothing from ${who} here.`;
}

function whoSaid(ask: Ask, match: RegExpExecArray): string {
  const wanted = (match.groups?.["what"] ?? "")
    .replace(/^\W*(?:that|about|something about)?\W*|\W+$/giu, "")
    .toLowerCase();
  const said =
    wanted === "" ? undefined : people(ask).find(({ text: words }) => words.toLowerCase().includes(wanted));
  if (!said) return "Nobody has said that here, as far as I can see.";
  if (isSame(said.speaker, ask.speaker)) return `You did: ${quote(said.text)}`;
  return `That was ${said.speaker?.name ?? "somebody"}: ${quote(said.text)}`;
}

function whoIsHere(ask: Ask): string {
  const names = new Set(people(ask).map(({ speaker }) => speaker?.name ?? "you"));
  names.add(ask.speaker?.name ?? "you");
  return `I have heard from ${[...names].join(", ")}.`;
}

function count(ask: Ask): string {
  const before = people(ask).length;
  return `Before this one I have seen ${before === 1 ? "one message" : `${before} messages`} here, ${mine(ask).length} of them yours.`;
}

function sayRemembered(ask: Ask): string {
  const facts = mine(ask).flatMap(({ text: words }) => {
    const what = TO_REMEMBER.exec(words)?.groups?.["what"];
    return what === undefined ? [] : [quote(what)];
  });
  return facts.length > 0
    ? `You asked me to remember ${facts.join(" and ")}.`
    : "You haven't asked me to remember anything.";
}

const RECAP_LENGTH = 12;

function recap(ask: Ask): string {
  if (ask.past.length === 0) return "Nothing has been said here yet.";
  const lines = ask.past.slice(-RECAP_LENGTH).map(({ by, speaker, text: words }) => {
    const who = by === "assistant" ? "I" : (speaker?.name ?? "You");
    return `- **${who}**: ${quote(words, 100)}`;
  });
  return `So far:\n\n${lines.join("\n")}`;
}
