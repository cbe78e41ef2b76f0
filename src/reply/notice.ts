import type { FailureReason } from "./event.ts";

/** First line of a reply when the place's conversation could not be found any more. */
export const NEW_CONVERSATION = "The earlier conversation is gone at Telnyx: this is a new one.";

/** What a page says that was posted for an answer which, in the end, did not need it. */
export const LEFT_OVER = "This part of the answer was replaced. The answer is above.";

/** What a page says that the platform will not show as it is: its automatic moderation may refuse words. */
export const NOT_ACCEPTED = "This part of the answer was refused here. Ask me to put it in other words.";

/** Said to whoever waited for long, as a link to the answer. */
export const ANSWER_IS_THERE = "Your answer is complete.";

/** Below the first lines of a code block that is too long for pages: when it has ended, and while it is written. */
export function codeIsInFile(name: string, lines: number): string {
  return `All of this code is in the file below: ${name} (${lines} ${lines === 1 ? "line" : "lines"}).`;
}
export function codeSoFar(lines: number): string {
  // Not each line is news enough for an edit.
  return `More than ${Math.floor(lines / 10) * 10} lines so far. All of this code will be in a file.`;
}

/** What is said in place of an answer to what was asked so long ago; a button under it offers the answer. */
export function lateNotice(agoMs: number): string {
  return `This was asked while I was away, ${agoInWords(agoMs)}.`;
}

/** Told to whoever presses a button when there is nothing left to do. */
export const NOTHING_TO_STOP = "There is nothing to stop any more: this answer has ended.";
export const NOTHING_TO_ANSWER = "I am at it already, or have answered: look at the message with the button.";

/** The bot's own words as they are shown, set apart from the model's. */
export function aside(sentence: string): string {
  return `_${sentence}_`;
}

/** What a reader needs to know besides the reason. */
export interface NoticeFacts {
  /** Part of the answer is above the notice. */
  readonly partial: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** What happened and what to do, for the people in the channel. Never technical, never their fault. */
export function failureNotice(reason: FailureReason, facts: NoticeFacts): string {
  if (reason === "aborted") return facts.partial ? "The answer stops here: I was stopped." : "I was stopped.";
  const [cause, remedy] = explain(reason, facts);
  return `${facts.partial ? "The answer stops here" : "I could not answer"}: ${cause}. ${remedy}`;
}

/** Why an answer that ended in order is not whole. `incomplete` is the model's own word for it; not all are known. */
export function incompleteNotice(incomplete: string): string {
  const facts: NoticeFacts = { partial: true };
  if (incomplete === "content_filter") return failureNotice("content_filter", facts);
  const cause =
    incomplete === "max_output_tokens"
      ? "it reached the most that the model may write at once"
      : "the model ended it early";
  return `The answer stops here: ${cause}. ${again(facts)}`;
}

/** The cause, to follow a colon, and what the reader can do. */
function explain(
  reason: Exclude<FailureReason, "aborted">,
  facts: NoticeFacts,
): readonly [cause: string, remedy: string] {
  switch (reason) {
    case "rate_limited":
      return ["the model is being asked too much at the moment", again(facts, 60_000)];
    case "unavailable":
      return ["the model cannot be reached at the moment", again(facts, 180_000)];
    case "timeout":
      return ["the model was silent for too long", again(facts)];
    case "cut":
      return ["the connection to the model broke", again(facts)];
    case "account":
      return ["I am not allowed to use the model at the moment", TELL_OPERATOR];
    case "conversation_gone":
      return ["the earlier conversation is gone at Telnyx", "Ask again, and I begin a new one."];
    case "model_gone":
      return ["the model that I am set up with is not there any more", TELL_OPERATOR];
    case "rejected":
      return ["the model cannot take this message as it is", "A shorter one may work."];
    case "model_error":
      return ["the model had an error of its own", again(facts)];
    case "content_filter":
      return ["the model's content filter does not let it go on", "Other words may work."];
    case "empty":
      return ["the model ended without a word", again(facts)];
    case "internal":
      return ["something broke inside me", again(facts)];
    default:
      return reason satisfies never;
  }
}

const TELL_OPERATOR = "Please tell the person who runs this bot.";

/** `usual` is the wait to name when the model did not say one. */
function again({ partial, retryAfterMs }: NoticeFacts, usual?: number): string {
  const ms = retryAfterMs ?? usual;
  const wait = ms === undefined ? "" : ` in ${inWords(ms)}`;
  return partial ? `Ask me to continue${wait}.` : `Please ask again${wait}.`;
}

/** A wait in words, rounded up: who waits that long does not come too early. */
export const inWords = (ms: number) => spell(ms, Math.ceil);

/** How long ago something was, in words, to the nearest. */
export const agoInWords = (ms: number) => `${spell(ms, Math.round)} ago`;

function spell(ms: number, round: (count: number) => number): string {
  const seconds = round(ms / 1000);
  if (seconds <= 10) return "a few seconds";
  if (seconds <= 50) return `${round(seconds / 10) * 10} seconds`;
  const minutes = round(seconds / 60);
  if (minutes === 1) return "a minute";
  if (minutes <= 50) return `${minutes} minutes`;
  const hours = round(minutes / 60);
  if (hours === 1) return "an hour";
  if (hours <= 23) return `${hours} hours`;
  const days = round(hours / 24);
  return days === 1 ? "a day" : `${days} days`;
}
