/** Where a piece of text belongs, as far as the event says. */
export interface Spot {
  /** `output_index`. */
  readonly index?: number | undefined;
  /** `item_id`. */
  readonly id?: string | undefined;
  /** `content_index`. */
  readonly part?: number | undefined;
}

/**
 * What of the answer has been passed on. The same text comes up to four times: in deltas, when its part is done, when
 * its message is done, and in the whole response. Each `add…` returns what is new, to be shown after all that came before.
 *
 * Only the end of what was said can grow: text that turns out to be missing further back, or to differ, stays as it was
 * shown, because to repeat it all would be worse.
 */
export interface Said {
  readonly messages: Message[];
  text: string;
}

interface Message {
  readonly spot: Spot;
  /** Where in the text it begins. Its end is where the next one begins, after a gap. */
  start: number;
  /** The `content_index` that is being written, and where in the text it begins. */
  part: number | undefined;
  partStart: number;
}

/** Between two messages of one answer. Models write Markdown. */
const GAP = "\n\n";

export function nothingYet(): Said {
  return { messages: [], text: "" };
}

/** Something that can be seen was said. */
export function isVisible(said: Said): boolean {
  return /\S/.test(said.text);
}

/** An output message begins. */
export function openMessage(said: Said, spot: Spot): void {
  const newest = said.messages.at(-1);
  const again = newest?.spot.id !== undefined && newest.spot.id === spot.id;
  if (!again) begin(said, spot);
}

export function addDelta(said: Said, spot: Spot, text: string): string {
  const newest = said.messages.at(-1);
  const message = newest && isSame(newest.spot, spot) ? newest : begin(said, spot);
  turnTo(said, message, spot.part);
  return say(said, message, text);
}

/** A part of a message, complete. */
export function addPart(said: Said, spot: Spot, text: string): string {
  const message = growing(said, spot, text);
  if (!message || (spot.part ?? Infinity) < (message.part ?? 0)) return "";
  turnTo(said, message, spot.part);
  return say(said, message, rest(said.text.slice(message.partStart), text));
}

/** A message, complete. */
export function addMessage(said: Said, spot: Spot, text: string): string {
  const message = growing(said, spot, text);
  return message ? say(said, message, rest(said.text.slice(message.start), text)) : "";
}

/** The messages as they are shown together. */
export function wholeOf(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(GAP);
}

/** All messages, complete. */
export function addAll(said: Said, texts: readonly string[]): string {
  const added = rest(said.text, wholeOf(texts));
  said.text += added;
  return added;
}

function say(said: Said, message: Message, text: string): string {
  if (text === "") return "";
  const isFirst = message.start === said.text.length;
  const gap = isFirst && said.text !== "" ? GAP : "";
  if (isFirst) message.start = message.partStart = said.text.length + gap.length;
  said.text += gap + text;
  return gap + text;
}

/** The message that a complete text belongs to; undefined when it can add nothing any more. */
function growing(said: Said, spot: Spot, text: string): Message | undefined {
  const newest = said.messages.at(-1);
  if (newest && isSame(newest.spot, spot)) return newest;
  const passed = said.messages.some((message) => isSame(message.spot, spot));
  // Some servers give an item another id or index when it is done: the text tells that it is the same.
  const isNewest = newest && said.text.slice(newest.start) === text;
  return passed || isNewest ? undefined : begin(said, spot);
}

function begin(said: Said, spot: Spot): Message {
  const start = said.text.length;
  const message = { spot, start, part: spot.part, partStart: start };
  said.messages.push(message);
  return message;
}

/** Of a text that is complete, what comes after `known`. */
function rest(known: string, text: string): string {
  return text.startsWith(known) ? text.slice(known.length) : "";
}

function turnTo({ text }: Said, message: Message, part: number | undefined): void {
  if (part === undefined || part === message.part) return;
  if (message.part !== undefined) message.partStart = text.length;
  message.part = part;
}

/** The index goes before the id: servers are known to change ids within an item. What is not said does not differ. */
function isSame(a: Spot, b: Spot): boolean {
  if (a.index !== undefined && b.index !== undefined) return a.index === b.index;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}
