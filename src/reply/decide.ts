import type { Message } from "../chat/message.ts";
import { isBlank } from "./text.ts";

/** What the bot answers in a channel: what mentions it, everything, or nothing. */
export type ChannelMode = "mentions" | "every_message" | "never";

export interface AnswerRules {
  readonly dm: boolean;
  /** For every channel without an override. */
  readonly channels: ChannelMode;
  /** By channel id. A thread has its channel's. */
  readonly overrides: ReadonlyMap<string, ChannelMode>;
}

export interface DecideFacts {
  /** The bot was addressed in this place before. */
  readonly takesPart: boolean;
}

/** `why` is the rule that decided, for the log. */
export type Decision =
  | {
      readonly answer: true;
      readonly why: "dm" | "mention" | "reply_to_bot" | "every_message" | "own_thread";
    }
  | {
      readonly answer: false;
      readonly why:
        | "own_message"
        | "other_bot"
        | "dm_off"
        | "channel_off"
        | "no_text"
        | "for_others"
        | "not_addressed";
    };

/** What the rules look at. */
interface Case {
  readonly message: Message;
  readonly rules: AnswerRules;
  readonly facts: DecideFacts;
}

interface Rule {
  readonly decision: Decision;
  readonly fits: (seen: Case) => boolean;
}

const isDm = ({ message }: Case) => message.where.channelKind === "dm";
const modeOf = ({ message, rules }: Case) => rules.overrides.get(message.where.channelId) ?? rules.channels;

/** In the order in which they are tried. The last one fits always. */
const RULES: readonly Rule[] = [
  ignoreIf("own_message", ({ message }) => message.author.kind === "self"),
  ignoreIf("other_bot", ({ message }) => message.author.kind === "bot"),
  ignoreIf("dm_off", (seen) => isDm(seen) && !seen.rules.dm),
  ignoreIf("channel_off", (seen) => !isDm(seen) && modeOf(seen) === "never"),
  // A mention without a word means: look at what was said. Anything else without text (a picture, a sticker) asks nothing.
  ignoreIf("no_text", ({ message }) => isBlank(message.text) && !message.call.mentionsBot),
  answerIf("dm", isDm),
  answerIf("mention", ({ message }) => message.call.mentionsBot),
  answerIf("reply_to_bot", ({ message }) => message.call.repliesToBot),
  answerIf("every_message", (seen) => modeOf(seen) === "every_message"),
  ignoreIf("not_addressed", ({ message, facts }) => !message.call.inThread || !facts.takesPart),
  ignoreIf("for_others", ({ message }) => message.call.mentionsOthers),
  answerIf("own_thread", () => true),
];

/** Whether the bot answers a message. The rules are tried in order; the first that fits decides. */
export function decide(message: Message, rules: AnswerRules, facts: DecideFacts): Decision {
  return decisiveOf({ message, rules, facts }).decision;
}

/** A rule, and what became of it. After the rule that decides none is tried. */
export interface Step {
  readonly decision: Decision;
  readonly outcome: "decides" | "passes" | "not_tried";
}

/** How `decide` comes to its decision: each rule in turn. */
export function trace(message: Message, rules: AnswerRules, facts: DecideFacts): readonly Step[] {
  const decisive = RULES.indexOf(decisiveOf({ message, rules, facts }));
  return RULES.map(({ decision }, index) => ({
    decision,
    outcome: index < decisive ? "passes" : index === decisive ? "decides" : "not_tried",
  }));
}

function decisiveOf(seen: Case): Rule {
  const found = RULES.find(({ fits }) => fits(seen));
  if (!found) throw new Error("the last rule fits always");
  return found;
}

type Yes = Extract<Decision, { answer: true }>["why"];
type No = Extract<Decision, { answer: false }>["why"];

function answerIf(why: Yes, fits: Rule["fits"]): Rule {
  return { decision: { answer: true, why }, fits };
}

function ignoreIf(why: No, fits: Rule["fits"]): Rule {
  return { decision: { answer: false, why }, fits };
}
