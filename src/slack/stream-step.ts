import type { Place } from "../chat/place.ts";
import type { Page, PostKey, ToolUse } from "../chat/platform.ts";
import { grownText, wholeText } from "./stream-text.ts";

/** A message of ours that is streamed: what was sent of it. */
export interface Stream {
  readonly place: Place;
  readonly key: PostKey;
  /** On the monotonic clock, in milliseconds. */
  readonly startedAt: number;
  readonly sent: string;
  readonly tools: readonly ToolUse[];
  /** The answer to a call was lost: it may show more than was sent. */
  readonly unsure: boolean;
}

/** What a call adds to a stream. */
export interface Addition {
  readonly text: string;
  readonly tools: readonly ToolUse[];
}

/** What brings a stream to show the page; `leave`: it is ended, and the message is edited from then on. */
export type Step = Call | { readonly kind: "nothing" } | { readonly kind: "leave" };

export interface Call {
  readonly kind: "append" | "stop";
  readonly add: Addition;
}

/**
 * Slack ends a stream some five minutes after its start, whatever is appended (slackapi/node-slack-sdk#2702). Before that it is ended, and
 * the same message goes on by edits: a new one would break a sentence for no reason that a reader could see.
 */
export const STREAM_MS = 240_000;
/** Less than a streamed message was measured to hold, in UTF-8 bytes: 10,571 (openclaw/openclaw#143882). */
const MAX_BYTES = 10_500;
/** About what a card takes beside its title. */
const CARD_BYTES = 40;

/** The next call for a stream. Pure. `now` on the monotonic clock. */
export function stepFor(stream: Stream, page: Page, now: number): Step {
  const { sent, unsure, startedAt } = stream;
  const isGrowing = page.final || page.written !== undefined;
  if (unsure || !isGrowing || now - startedAt >= STREAM_MS) return { kind: "leave" };
  const text = page.final ? wholeText(page.text) : grownText(page.written ?? "");
  const tools = newTools(stream, page);
  // What a draft ends with may be held back again; it is not taken back for that.
  if (!page.final && sent.startsWith(text))
    return tools.length === 0 ? { kind: "nothing" } : { kind: "append", add: { text: "", tools } };
  if (!text.startsWith(sent) || !hasRoom(text, page.tools ?? [])) return { kind: "leave" };
  return { kind: page.final ? "stop" : "append", add: { text: text.slice(sent.length), tools } };
}

export const isEmpty = ({ text, tools }: Addition) => text === "" && tools.length === 0;

/** The stream once the addition is in it. */
export function grown(stream: Stream, { text, tools }: Addition): Stream {
  const others = stream.tools.filter(({ id }) => !tools.some((tool) => tool.id === id));
  return { ...stream, sent: stream.sent + text, tools: [...others, ...tools], unsure: false };
}

/** Tools that are not shown as they are now. */
function newTools({ tools: shown }: Stream, { tools = [] }: Page): readonly ToolUse[] {
  return tools.filter(({ id, isDone }) => !shown.some((tool) => tool.id === id && tool.isDone === isDone));
}

/** Whether one streamed message holds the text and the cards. */
export function hasRoom(text: string, tools: readonly ToolUse[]): boolean {
  const size = (part: string) => new TextEncoder().encode(part).length;
  const cards = tools.reduce((sum, { name }) => sum + size(name) + CARD_BYTES, 0);
  return size(text) + cards <= MAX_BYTES;
}
