import { numberBefore, text, type Ask, type Skill } from "./ask.ts";
import { prose } from "./prose.ts";
import { codeFor, LETTERS, longCode, NESTED_LIST, showcase, table } from "./samples.ts";
import { subjectOf } from "./subject.ts";

const MOST_WORDS = 50_000;
const MOST_LINES = 2_000;

/** Writes on request: a number of words, code, tables, lists, foreign letters, reasoning first, mentions of everybody. */
export const write: Skill = (ask) => {
  const words = written(ask);
  return words === undefined ? undefined : [...reasoning(ask), ...text(words)];
};

/** Every way in which a chat platform could be made to notify people. */
const MENTIONS =
  "Attention @everyone and @here! Also <!here>, <!channel>, <!everyone>, <@U012AB3CD>, <!subteam^S012AB3CD>, <@123456789012345678>, <@!123456789012345678>, <@&123456789012345678> and <#C012AB3CD>. Did anybody's phone buzz?";

interface Order {
  readonly asked: RegExp;
  /** It also occurs in other talk ("put it on the table"), and is an order only with a wish, or alone. */
  readonly loose?: true;
  readonly write: (asked: string) => string;
}

const ORDERS: readonly Order[] = [
  {
    asked: /\b(?:ping|mention|notify|alert) (?:everyone|everybody|all|us all|the channel|them all)\b/i,
    write: () => MENTIONS,
  },
  {
    asked: /\d[- ]?words?\b/i,
    write: (asked) => prose(amount(asked, /[- ]?words?\b/, MOST_WORDS, 100), topicOf(asked)),
  },
  {
    asked: /\blines? of(?: \w+)? code\b/i,
    write: (asked) => longCode(amount(asked, /lines?\b/, MOST_LINES, 40)),
  },
  { asked: /\b(?:all (?:of )?|long )markdown\b|\bmarkdown (?:showcase|example|test)\b/i, write: showcase },
  {
    asked: /\b(?:long|detailed) (?:answer|text|reply)\b|\b(?:essay|a (?:\w+ )?story)\b/i,
    write: (asked) => prose(900, topicOf(asked)),
  },
  {
    asked: /\b(?:nested|bulleted|numbered|todo) list\b|\blist in a list\b/i,
    write: () => `Here is a list:\n\n${NESTED_LIST}`,
  },
  {
    asked: /\btables?\b/i,
    loose: true,
    write: (asked) => `Here is a table:\n\n${table(amount(asked, /rows?\b/, MOST_LINES, 5))}`,
  },
  {
    asked: /\b(?:code|snippet|function|script|program)\b/i,
    loose: true,
    write: (asked) => `Here you are:\n\n${codeFor(asked)}\n\nSay which other language you would like.`,
  },
  {
    asked: /\b(?:unicode|non-ascii|foreign letters)\b/i,
    loose: true,
    write: () => [LETTERS.emoji, LETTERS.cjk, LETTERS.rtl].join("\n\n"),
  },
  { asked: /\bemojis?\b/i, loose: true, write: () => LETTERS.emoji },
  { asked: /\b(?:chinese|japanese|korean|cjk)\b/i, loose: true, write: () => LETTERS.cjk },
  { asked: /\b(?:arabic|hebrew|rtl|right[- ]to[- ]left)\b/i, loose: true, write: () => LETTERS.rtl },
];

const WISH = /\b(?:write|show|give|make|draw|send|post|need|want|like|have|example|some)\b/i;
/** Words in an order without a verb: "a table with 8 rows please". */
const SHORT_ORDER = 7;

function written(ask: Ask): string | undefined {
  const asked = ask.text;
  const isOrder = WISH.test(asked) || asked.split(/\s+/u).length <= SHORT_ORDER;
  const order = ORDERS.find((known) => known.asked.test(asked) && (isOrder || !known.loose));
  if (order) return order.write(asked);
  return isReasoned(asked) ? thoughtThrough(asked) : undefined;
}

function amount(asked: string, unit: RegExp, most: number, otherwise: number): number {
  return Math.min(Math.max(1, numberBefore(asked, unit) ?? otherwise), most);
}

function isReasoned(asked: string): boolean {
  return /\b(?:step by step|think (?:hard|first|about|it through|aloud)|reason(?:ing)? (?:first|about|through))\b/i.test(
    asked,
  );
}

function reasoning({ text: asked }: Ask) {
  if (!isReasoned(asked)) return [];
  const steps = `The user wants me to think. The topic is ${topicOf(asked)}. First I look at what is known, then at what follows from it. ${prose(60, topicOf(asked))}`;
  return [{ kind: "reasoning", text: steps } as const];
}

function thoughtThrough(asked: string): string {
  const topic = topicOf(asked);
  return `I thought about **${topic}** step by step:\n\n1. What is known: less than one would like.\n2. What follows: begin with the smallest case.\n3. What remains: try it, and look.\n\nSo my answer on ${topic} is: yes, carefully.`;
}

/** What comes after "about" or "on", else the word that stands out. */
function topicOf(asked: string): string {
  const about =
    /\b(?:about|on|of) (?:the )?(?<topic>[\p{L}\p{N}][\p{L}\p{N}\p{M} '-]{1,40}?)(?=[.,!?;:\n]|$| (?:with|in|and then|using|please|for)\b)/iu.exec(
      asked,
    );
  const plain = asked.replace(
    /\b(?:write|words?|long|story|essay|answer|text|step|think|reason(?:ing)?|first|please)\b/giu,
    " ",
  );
  return about?.groups?.["topic"]?.trim() ?? subjectOf(plain)?.toLowerCase() ?? "conversations";
}
