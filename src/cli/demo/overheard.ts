import type { Theme } from "./cast.ts";

type Lines = readonly [string, ...string[]];

/** What people say to each other before somebody calls the bot into their thread: the model is given it, and nobody asked it that. */
export const LEADS: Readonly<Record<Theme, readonly [Lines, ...Lines[]]>> = {
  support: [
    ["Cross mail in the inbox about order {order}. Who has a minute?", "I have, let me ask the bot first."],
    ["{name} called again.", "I was away yesterday, what is it about?", "See the ticket, it is all there."],
    ["Two more of these since this morning. Shall we agree on one answer?"],
  ],
  code: [
    [
      "Is anybody else seeing this since the deploy?",
      "Here too, on both machines.",
      "I looked at the dashboards: nothing.",
    ],
    ["I have been staring at this for an hour.", "Show it to the bot, it found mine."],
    ["Before I open an issue: is this me, or is it the library?"],
  ],
  sales: [
    ["Call with them at three. Who joins?", "I do. They will ask about the price again."],
    ["They forwarded a quote of the others to us.", "Let us not answer in a hurry."],
  ],
  people: [
    ["I would like this to be done before Friday.", "Then let us begin with a draft."],
    ["Please keep this here until it is decided."],
  ],
  copy: [
    ["This goes out today, and I dislike every version of mine.", "Read it to me?", "Better not."],
    ["Who has the text for this?", "I do, it is twice as long as it may be."],
  ],
  numbers: [
    ["Before the sheet goes round: can somebody check it?", "I get another sum than you do."],
    ["The bank asks for this by tomorrow."],
  ],
  chat: [
    ["Is it only me, or is it cold in here?", "It is you.", "It is not."],
    ["Long day. Something light, please."],
  ],
};

/** What they say between two questions, to each other. */
export const ASIDES: Lines = [
  "Good, I take that one.",
  "I would not send it like that, but it is your call.",
  "Thanks, both of you. Back after lunch.",
  "Wait, let me ask one more thing.",
  "Saved that, we will need it again.",
];
