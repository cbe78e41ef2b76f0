import type { ToolUse } from "../chat/platform.ts";
import { inert } from "./inert.ts";
import type { Addition } from "./stream-step.ts";

/** docs.slack.dev, Task update chunk: at most 256 characters a field. A name that is longer than this says no more. */
const MAX_NAME = 100;

/** What is shown of a tool: its name, which the model writes and which notifies nobody, and whether it is at work. */
function cardOf({ name, isDone }: ToolUse) {
  return {
    title: `Using ${inert(name.slice(0, MAX_NAME).toWellFormed())}`,
    status: isDone ? "complete" : "in_progress",
  };
}

/** A card for each tool, in a message that is posted or edited (docs.slack.dev, Task card block). */
export function cardBlocks(tools: readonly ToolUse[]) {
  return tools.map((tool) => ({ type: "task_card", task_id: tool.id.slice(0, MAX_NAME), ...cardOf(tool) }));
}

/** The same in words, for notifications. Empty without tools. */
export const cardWords = (tools: readonly ToolUse[]) => tools.map((tool) => cardOf(tool).title).join(", ");

/** What a call of a stream adds, in pieces (docs.slack.dev, chat.appendStream, chunks). */
export function chunksOf({ text, tools }: Addition) {
  return [
    ...tools.map((tool) => ({ type: "task_update", id: tool.id.slice(0, MAX_NAME), ...cardOf(tool) })),
    ...(text === "" ? [] : [{ type: "markdown_text", text }]),
  ];
}
