import type { SlackBlock } from "../types.ts";
import { checkBlocks } from "./blocks.ts";
import { jsonArg, SlackRefusal, textArg, type Args } from "./method.ts";

/** docs.slack.dev, chat.startStream, chat.appendStream and chat.stopStream, markdown_text: a call's limit. */
const MOST_MARKDOWN_TEXT = 12_000;
/** docs.slack.dev, Task update chunk: each field's limit. */
const MOST_TASK_FIELD = 256;
const TASK_STATES = ["pending", "in_progress", "complete", "error"];

/** One piece that a call adds to a streamed message. */
export type Chunk =
  | { readonly type: "markdown_text"; readonly text: string }
  | { readonly type: "task_update"; readonly id: string; readonly title: string; readonly status: string }
  | { readonly type: "plan_update"; readonly title: string }
  | { readonly type: "blocks"; readonly blocks: readonly SlackBlock[] };

/** What a call adds: `markdown_text`, then `chunks`. Throws `SlackRefusal`. */
export function readChunks(args: Args): readonly Chunk[] {
  const text = textArg(args, "markdown_text");
  const chunks = jsonArg(args, "chunks", "invalid_chunks") ?? [];
  if (!Array.isArray(chunks) || !chunks.every(isChunk)) throw new SlackRefusal("invalid_chunks");
  const all: readonly Chunk[] = [
    ...(text === undefined ? [] : [{ type: "markdown_text", text } as const]),
    ...chunks,
  ];
  for (const chunk of all) {
    if (chunk.type === "markdown_text" && chunk.text.length > MOST_MARKDOWN_TEXT)
      throw new SlackRefusal("msg_too_long");
    if (chunk.type === "blocks") checkBlocks(chunk.blocks);
  }
  return all;
}

function isChunk(value: unknown): value is Chunk {
  if (typeof value !== "object" || value === null) return false;
  const { type, text, id, title, status, details, output, blocks } = value as SlackBlock;
  const isField = (field: unknown) => typeof field === "string" && field.length <= MOST_TASK_FIELD;
  switch (type) {
    case "markdown_text":
      return typeof text === "string";
    case "task_update":
      return [id, title, details ?? "", output ?? ""].every(isField) && TASK_STATES.includes(String(status));
    case "plan_update":
      return isField(title);
    case "blocks":
      return Array.isArray(blocks);
    default:
      return false;
  }
}

/** The blocks of a streamed message after `chunks` came. Text goes on where text stopped; a task's newest state takes its card's place. */
export function withChunks(blocks: readonly SlackBlock[], chunks: readonly Chunk[]): readonly SlackBlock[] {
  return chunks.reduce(withChunk, blocks);
}

function withChunk(blocks: readonly SlackBlock[], chunk: Chunk): readonly SlackBlock[] {
  switch (chunk.type) {
    case "markdown_text":
      return withText(blocks, chunk.text);
    case "task_update":
      return put(blocks, "task_card", cardOf(blocks, chunk));
    case "plan_update":
      return put(blocks, "plan", { type: "plan", title: chunk.title });
    case "blocks":
      return [...blocks, ...chunk.blocks];
    default:
      return chunk satisfies never;
  }
}

function withText(blocks: readonly SlackBlock[], text: string): readonly SlackBlock[] {
  const last = blocks.at(-1);
  if (text === "") return blocks;
  if (last?.["type"] !== "markdown") return [...blocks, { type: "markdown", text }];
  return [...blocks.slice(0, -1), { type: "markdown", text: String(last["text"]) + text }];
}

/** Title and status are replaced, details and output appended (docs.slack.dev, Task update chunk). */
function cardOf(blocks: readonly SlackBlock[], chunk: Chunk & { readonly type: "task_update" }): SlackBlock {
  const { id, type: _type, ...fields } = chunk as SlackBlock;
  const before = blocks.find((block) => block["type"] === "task_card" && block["task_id"] === id) ?? {};
  const grown = (name: string) => {
    const whole = [before[name], fields[name]].filter((part) => typeof part === "string").join("");
    return whole === "" ? {} : { [name]: whole };
  };
  return { ...before, ...fields, type: "task_card", task_id: id, ...grown("details"), ...grown("output") };
}

function put(blocks: readonly SlackBlock[], type: string, block: SlackBlock): readonly SlackBlock[] {
  const isSame = (one: SlackBlock) => one["type"] === type && one["task_id"] === block["task_id"];
  return blocks.some(isSame) ? blocks.map((one) => (isSame(one) ? block : one)) : [...blocks, block];
}

/** The Markdown of a streamed message: what stands in its text. */
export function markdownOf(blocks: readonly SlackBlock[]): string {
  return blocks
    .filter((block) => block["type"] === "markdown")
    .map((block) => block["text"])
    .join("\n\n");
}
