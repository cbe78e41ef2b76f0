import type { Clock } from "../clock.ts";
import type { StoredMessage, Telnyx } from "../telnyx/telnyx.ts";

/** What became of a request whose answer was lost. */
export type Fate =
  /** Telnyx has the answer. */
  | { readonly kind: "answered"; readonly text: string }
  /** It has our input and no answer to it: the model failed, or still works. */
  | { readonly kind: "unanswered" }
  /** It does not have our input: sending it again cannot double it. */
  | { readonly kind: "absent" };

export interface Sent {
  readonly conversation: string;
  readonly input: string;
  /** How many times the same input was sent before, by turns that are settled. */
  readonly earlierCopies: number;
}

/**
 * When to look again while an answer may still be on its way, in milliseconds after the look before. The model may go on
 * after its caller is gone; how long is not documented, so this only has to outlast a reply of ordinary length.
 */
export const PATIENCE = [0, 2_000, 4_000, 8_000];

/** Asks Telnyx what became of a request, after each of the pauses while it says that there is no answer yet. Throws `TelnyxError`. */
export async function findFate(
  deps: { telnyx: Telnyx; clock: Clock },
  sent: Sent,
  signal: AbortSignal,
  pauses: readonly number[] = PATIENCE,
): Promise<Fate> {
  let fate: Fate = { kind: "absent" };
  for (const pause of pauses) {
    if (pause > 0) await deps.clock.sleep(pause, signal);
    fate = fateIn(await deps.telnyx.getMessages(sent.conversation, signal), sent);
    if (fate.kind === "answered") break;
  }
  return fate;
}

/** Pure: reads the fate from a conversation's messages, oldest first. Messages have no ids, so it goes by text and count. */
export function fateIn(messages: readonly StoredMessage[], sent: Sent): Fate {
  const copies = messages.flatMap((message, index) => (isInput(message, sent.input) ? [index] : []));
  const last = copies.at(-1);
  if (last === undefined || copies.length <= sent.earlierCopies) return { kind: "absent" };
  const after = messages.slice(last + 1);
  const end = after.findIndex(({ role }) => role === "user");
  const text = (end === -1 ? after : after.slice(0, end))
    .filter((message) => message.role === "assistant" && message.text.trim() !== "")
    .map((message) => message.text)
    .join("\n\n");
  return text === "" ? { kind: "unanswered" } : { kind: "answered", text };
}

const isInput = (message: StoredMessage, input: string) =>
  message.role === "user" && message.text.trim() === input.trim();
