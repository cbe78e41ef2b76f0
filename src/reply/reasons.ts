import type { Decision, Step } from "./decide.ts";

type Why = Decision["why"];

/** What a rule asks of a message, and what is so when it does not fit. */
const WORDS: Readonly<Record<Why, { readonly fits: string; readonly passes: string }>> = {
  own_message: { fits: "It is the bot's own message", passes: "It is not the bot's own message" },
  other_bot: { fits: "Another bot sent it", passes: "A person sent it" },
  dm_off: {
    fits: "It is a direct message, and these are switched off (answer.dm)",
    passes: "It is no direct message, or these are switched on (answer.dm)",
  },
  channel_off: {
    fits: "The bot never answers in this channel (answer.channels, channels.<id>.answer)",
    passes: "The channel is not switched off (answer.channels, channels.<id>.answer)",
  },
  no_text: {
    fits: "It has no text and does not mention the bot",
    passes: "It has text, or mentions the bot",
  },
  dm: { fits: "It is a direct message to the bot", passes: "It is no direct message" },
  mention: { fits: "It mentions the bot", passes: "It does not mention the bot" },
  reply_to_bot: {
    fits: "It is a reply to a message of the bot",
    passes: "It is no reply to a message of the bot",
  },
  every_message: {
    fits: "The bot answers every message in this channel",
    passes: "The bot does not answer every message in this channel",
  },
  not_addressed: {
    fits: "It is not in a thread in which the bot takes part, and nothing else calls the bot",
    passes: "It is in a thread in which the bot takes part",
  },
  for_others: {
    fits: "It is in a thread of the bot's, but speaks to somebody else",
    passes: "It does not speak to somebody else",
  },
  own_thread: {
    fits: "It goes on in a thread in which the bot takes part",
    passes: "It does not go on in a thread in which the bot takes part",
  },
};

/** A rule's outcome, as a sentence for people. */
export function stepInWords({ decision, outcome }: Step): string {
  const { fits, passes } = WORDS[decision.why];
  const verdict = decision.answer ? "the bot answers" : "the bot does not answer";
  if (outcome === "decides") return `${fits}: ${verdict}.`;
  return outcome === "passes" ? `${passes}.` : `Not asked any more: ${lowerFirst(fits)}.`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
