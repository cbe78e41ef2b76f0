import type { OutputItem } from "./output.ts";
import type { Outcome } from "./run.ts";
import type { NewTwinMessage, TwinState } from "./state.ts";
import type { Switches } from "./switches.ts";
import type { TurnRequest } from "./turn.ts";
import { textOf } from "./usage.ts";

/**
 * Stores a turn on its conversation, when the `persistence` switch says. The endpoint page has it that input, output,
 * reasoning and tool calls are appended, and that later turns can rely on the instructions: they go in as a system message.
 * `begin` is called when the model starts, `settle` once, when it has ended.
 */
export function createStoring(
  deps: { state: TwinState; switches: Switches },
  turn: TurnRequest,
): { begin: () => void; settle: (outcome: Outcome, items: readonly OutputItem[]) => void } {
  const { conversation, instructions } = turn;
  if (conversation === undefined) return { begin: () => {}, settle: () => {} };
  const input: NewTwinMessage[] = [
    ...(instructions === undefined ? [] : [{ role: "system", text: instructions }]),
    ...turn.input,
  ];
  // As it was when the turn began, should a test switch in the middle.
  const mode = deps.switches.persistence;
  return {
    begin: () => {
      if (mode !== "on_completion") deps.state.addMessages(conversation, input);
    },
    settle: (outcome, items) => {
      const finished = outcome === "completed" || outcome === "incomplete";
      if (!finished && mode !== "partial") return;
      const output = items.map(messageOf).filter((message) => message.text !== "");
      deps.state.addMessages(conversation, mode === "on_completion" ? [...input, ...output] : output);
    },
  };
}

function messageOf(item: OutputItem): NewTwinMessage {
  if (item.type !== "function_call")
    return { role: item.type === "reasoning" ? "reasoning" : "assistant", text: textOf(item) };
  const { call_id: id, name } = item;
  return { role: "assistant", text: null, toolCalls: [{ id, name, arguments: item.arguments }] };
}
