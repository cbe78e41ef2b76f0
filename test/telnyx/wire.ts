/** Streams as servers write them. Shapes: OpenAI's Responses streaming reference. */
export type WireEvent = { readonly type?: string; readonly [field: string]: unknown };

/** `event:` and `data:` lines; numbers the events unless they have a number or `numbered` is false. */
export function wire(
  events: readonly WireEvent[],
  options: { lineEnd?: string; named?: boolean; numbered?: boolean } = {},
): string {
  const { lineEnd = "\n", named = true, numbered = true } = options;
  return events
    .map((event, i) => {
      const data = numbered ? { sequence_number: i, ...event } : event;
      const name = named && event.type !== undefined ? `event: ${event.type}${lineEnd}` : "";
      return `${name}data: ${JSON.stringify(data)}${lineEnd}${lineEnd}`;
    })
    .join("");
}

export const created: WireEvent = {
  type: "response.created",
  response: { id: "resp_1", object: "response", status: "in_progress", output: [] },
};

export function messageItem(id: string, text: string) {
  return {
    id,
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

/** All events of one message, its text in these deltas. */
export function messageEvents(index: number, deltas: readonly string[], id = `msg_${index}`): WireEvent[] {
  const at = { item_id: id, output_index: index, content_index: 0 };
  const text = deltas.join("");
  const part = { type: "output_text", text, annotations: [] };
  return [
    {
      type: "response.output_item.added",
      output_index: index,
      item: { id, type: "message", role: "assistant", status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    ...deltas.map((delta) => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part },
    { type: "response.output_item.done", output_index: index, item: messageItem(id, text) },
  ];
}

export function callItem(id: string, name: string, args: string) {
  return {
    id: `fc_${id}`,
    type: "function_call",
    call_id: id,
    name,
    arguments: args,
    status: "completed",
  };
}

export function callEvents(index: number, id: string, name: string, pieces: readonly string[]): WireEvent[] {
  const at = { item_id: `fc_${id}`, output_index: index };
  const item = callItem(id, name, pieces.join(""));
  return [
    {
      type: "response.output_item.added",
      output_index: index,
      item: { ...item, arguments: "", status: "in_progress" },
    },
    ...pieces.map((delta) => ({ type: "response.function_call_arguments.delta", ...at, delta })),
    { type: "response.function_call_arguments.done", ...at, arguments: pieces.join("") },
    { type: "response.output_item.done", output_index: index, item },
  ];
}

export function reasoningEvents(index: number, text: string): WireEvent[] {
  const at = { item_id: `rs_${index}`, output_index: index };
  const item = {
    id: `rs_${index}`,
    type: "reasoning",
    summary: [],
    content: [{ type: "reasoning_text", text }],
  };
  return [
    { type: "response.output_item.added", output_index: index, item: { ...item, content: [] } },
    { type: "response.reasoning_part.added", ...at, part: { type: "reasoning_text", text: "" } },
    { type: "response.reasoning_text.delta", ...at, content_index: 0, delta: text },
    { type: "response.reasoning_text.done", ...at, content_index: 0, text },
    { type: "response.reasoning_summary_text.delta", ...at, summary_index: 0, delta: text },
    { type: "response.output_item.done", output_index: index, item },
  ];
}

export function completed(output: readonly unknown[], usage?: unknown): WireEvent {
  return {
    type: "response.completed",
    response: { id: "resp_1", object: "response", status: "completed", output, usage },
  };
}

/** A whole turn: one message in these deltas. */
export function textTurn(deltas: readonly string[]): WireEvent[] {
  return [created, ...messageEvents(0, deltas), completed([messageItem("msg_0", deltas.join(""))])];
}
