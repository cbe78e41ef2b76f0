import type { OutputItem } from "./output.ts";
import type { NewTwinMessage } from "./state.ts";
import type { Switches } from "./switches.ts";

/** About four characters a token, as the rule of thumb for English has it. */
export function tokenCount(text: string): number {
  return Math.ceil(text.length / 4);
}

export function messageTokens(messages: readonly Pick<NewTwinMessage, "text">[]): number {
  return messages.reduce((sum, message) => sum + tokenCount(message.text ?? ""), 0);
}

/** `usage` of a response, as much of it as the switch lets be told. */
export function usageOf(
  tokens: { history: number; input: number },
  items: readonly OutputItem[],
  form: Switches["usage"],
): Record<string, unknown> | null {
  if (form === "none") return null;
  const reasoning = sum(items.filter((item) => item.type === "reasoning"));
  const output = sum(items);
  const input = tokens.history + tokens.input;
  const totals = { input_tokens: input, output_tokens: output, total_tokens: input + output };
  if (form === "totals") return totals;
  return {
    ...totals,
    input_tokens_details: { cached_tokens: tokens.history, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: reasoning },
  };
}

function sum(items: readonly OutputItem[]): number {
  return items.reduce((total, item) => total + tokenCount(textOf(item)), 0);
}

/** All that an item says. */
export function textOf(item: OutputItem): string {
  if (item.type === "function_call") return item.arguments;
  const parts = item.type === "message" ? item.content : [...item.summary, ...(item.content ?? [])];
  return parts.map((part) => (part.type === "refusal" ? part.refusal : part.text)).join("");
}
