import { randomBytes } from "node:crypto";
import type { StreamEvent } from "./frame.ts";
import { tokensOf } from "./pace.ts";
import { partEvents, partForm, type Part, type PartForm } from "./part.ts";
import type { Piece } from "./script.ts";
import type { Switches } from "./switches.ts";

/** An output item, as the Responses API shows it. */
export type OutputItem = MessageItem | ReasoningItem | CallItem;

interface MessageItem {
  readonly type: "message";
  readonly id: string;
  readonly role: "assistant";
  readonly status: Status;
  readonly content: readonly Part[];
}

interface ReasoningItem {
  readonly type: "reasoning";
  readonly id: string;
  readonly summary: readonly Part[];
  readonly content?: readonly Part[];
}

interface CallItem {
  readonly type: "function_call";
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: Status;
}

type Status = "in_progress" | "completed" | "incomplete";
type Writing = "text" | "reasoning" | "refusal";

/** The item that is being written; always the last. */
interface Open {
  readonly kind: Writing;
  readonly id: string;
  readonly form: PartForm;
  readonly events: ReturnType<typeof partEvents>;
  text: string;
}

/** Grows an answer's output items piece by piece, and says each step in the events of OpenAI's Responses stream. */
export interface Output {
  readonly items: readonly OutputItem[];
  readonly push: (piece: Extract<Piece, { kind: Writing | "call" | "break" }>) => StreamEvent[];
  /** Closes the item that is open, if one is. */
  readonly close: (status?: "completed" | "incomplete") => StreamEvent[];
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString("hex")}`;
}

export function createOutput(switches: Pick<Switches, "reasoningEvents">): Output {
  const items: OutputItem[] = [];
  let open: Open | undefined;

  const close = (status: "completed" | "incomplete" = "completed"): StreamEvent[] => {
    if (!open) return [];
    const { kind, id, form, text, events } = open;
    open = undefined;
    const item = writtenItem(kind, id, status, [form.make(text)]);
    items[items.length - 1] = item;
    return [...events.done(text), itemEvent("done", item, items.length - 1)];
  };

  const write = (kind: Writing, text: string): StreamEvent[] => {
    if (open?.kind === kind) {
      open.text += text;
      return [open.events.delta(text)];
    }
    const closing = close();
    const form = partForm(kind, switches.reasoningEvents);
    const id = newId(kind === "reasoning" ? "rs" : "msg");
    const item = writtenItem(kind, id, "in_progress", []);
    items.push(item);
    const events = partEvents(form, id, items.length - 1);
    open = { kind, id, form, text, events };
    return [...closing, itemEvent("added", item, items.length - 1), events.added(), events.delta(text)];
  };

  return {
    items,
    close,
    push: (piece) => {
      if (piece.kind === "break") return close();
      if (piece.kind !== "call") return write(piece.kind, piece.text);
      const closing = close();
      const item = callItem(piece);
      items.push(item);
      return [...closing, ...callEvents(item, items.length - 1)];
    },
  };
}

function writtenItem(
  kind: Writing,
  id: string,
  status: Status,
  parts: readonly Part[],
): MessageItem | ReasoningItem {
  if (kind !== "reasoning") return { type: "message", id, role: "assistant", status, content: parts };
  const inSummary = parts[0]?.type === "summary_text";
  return { type: "reasoning", id, summary: inSummary ? parts : [], ...(inSummary ? {} : { content: parts }) };
}

function callItem(piece: Extract<Piece, { kind: "call" }>): CallItem {
  const { name, arguments: text, callId = newId("call") } = piece;
  return {
    type: "function_call",
    id: newId("fc"),
    call_id: callId,
    name,
    arguments: text,
    status: "completed",
  };
}

function itemEvent(step: "added" | "done", item: OutputItem, index: number): StreamEvent {
  return { type: `response.output_item.${step}`, output_index: index, item };
}

function callEvents(item: CallItem, index: number): StreamEvent[] {
  const at = { item_id: item.id, output_index: index };
  return [
    itemEvent("added", { ...item, arguments: "", status: "in_progress" }, index),
    ...tokensOf(item.arguments).map((delta) => ({
      type: "response.function_call_arguments.delta",
      ...at,
      delta,
    })),
    { type: "response.function_call_arguments.done", ...at, arguments: item.arguments },
    itemEvent("done", item, index),
  ];
}
