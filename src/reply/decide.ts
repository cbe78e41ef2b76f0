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

/** Whether the bot answers a message. The rules are tried in order; the first that fits decides. */
export function decide(message: Message, rules: AnswerRules, facts: DecideFacts): Decision {
  const { author, call, where } = message;
  if (author.kind === "self") return ignore("own_message");
  if (author.kind === "bot") return ignore("other_bot");

  const dm = where.channelKind === "dm";
  const mode = rules.overrides.get(where.channelId) ?? rules.channels;
  if (dm && !rules.dm) return ignore("dm_off");
  if (!dm && mode === "never") return ignore("channel_off");

  // A mention without a word means: look at what was said. Anything else without text (a picture, a sticker) asks nothing.
  if (isBlank(message.text) && !call.mentionsBot) return ignore("no_text");

  if (dm) return answer("dm");
  if (call.mentionsBot) return answer("mention");
  if (call.repliesToBot) return answer("reply_to_bot");
  if (mode === "every_message") return answer("every_message");
  if (!call.inThread || !facts.takesPart) return ignore("not_addressed");
  return call.mentionsOthers ? ignore("for_others") : answer("own_thread");
}

type Yes = Extract<Decision, { answer: true }>["why"];
type No = Extract<Decision, { answer: false }>["why"];
const answer = (why: Yes): Decision => ({ answer: true, why });
const ignore = (why: No): Decision => ({ answer: false, why });
