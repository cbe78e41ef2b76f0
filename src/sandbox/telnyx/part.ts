import type { StreamEvent } from "./frame.ts";
import type { Switches } from "./switches.ts";

/** What an output item's text is made of. */
export type Part =
  | { readonly type: "output_text"; readonly text: string; readonly annotations: readonly [] }
  | { readonly type: "refusal"; readonly refusal: string }
  | { readonly type: "reasoning_text"; readonly text: string }
  | { readonly type: "summary_text"; readonly text: string };

/** How a kind of text streams: a part is added, grows by deltas, is done. Names as in OpenAI's Responses stream. */
export interface PartForm {
  /** Before `.added` and `.done`. */
  readonly part: string;
  /** Before `.delta` and `.done`. */
  readonly text: string;
  /** The field of the whole text in `.done`. */
  readonly field: "text" | "refusal";
  readonly index: "content_index" | "summary_index";
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly make: (text: string) => Part;
}

const OUTPUT_TEXT: PartForm = {
  part: "response.content_part",
  text: "response.output_text",
  field: "text",
  index: "content_index",
  extra: { logprobs: [] },
  make: (text) => ({ type: "output_text", text, annotations: [] }),
};

const REFUSAL: PartForm = {
  part: "response.content_part",
  text: "response.refusal",
  field: "refusal",
  index: "content_index",
  make: (refusal) => ({ type: "refusal", refusal }),
};

const REASONING: Readonly<Record<Switches["reasoningEvents"], PartForm>> = {
  text: {
    part: "response.content_part",
    text: "response.reasoning_text",
    field: "text",
    index: "content_index",
    make: (text) => ({ type: "reasoning_text", text }),
  },
  summary: {
    part: "response.reasoning_summary_part",
    text: "response.reasoning_summary_text",
    field: "text",
    index: "summary_index",
    make: (text) => ({ type: "summary_text", text }),
  },
  // vLLM's, in no OpenAI SDK's union: github.com/vllm-project/vllm, entrypoints/openai, Responses.
  vllm: {
    part: "response.reasoning_part",
    text: "response.reasoning_text",
    field: "text",
    index: "content_index",
    make: (text) => ({ type: "reasoning_text", text }),
  },
};

export function partForm(
  kind: "text" | "reasoning" | "refusal",
  reasoning: Switches["reasoningEvents"],
): PartForm {
  if (kind === "reasoning") return REASONING[reasoning];
  return kind === "text" ? OUTPUT_TEXT : REFUSAL;
}

/** The events of one part of the item at `index`. */
export function partEvents(form: PartForm, itemId: string, index: number) {
  const at = { item_id: itemId, output_index: index, [form.index]: 0 };
  return {
    added: (): StreamEvent => ({ type: `${form.part}.added`, ...at, part: form.make("") }),
    delta: (delta: string): StreamEvent => ({ type: `${form.text}.delta`, ...at, delta, ...form.extra }),
    done: (text: string): StreamEvent[] => [
      { type: `${form.text}.done`, ...at, [form.field]: text, ...form.extra },
      { type: `${form.part}.done`, ...at, part: form.make(text) },
    ],
  };
}
