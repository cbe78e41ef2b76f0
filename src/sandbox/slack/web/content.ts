import { defined } from "../defined.ts";
import type { SlackBlock, SlackMetadata } from "../types.ts";
import { checkBlocks } from "./blocks.ts";
import { jsonArg, SlackRefusal, textArg, type Args } from "./method.ts";

/** docs.slack.dev, chat.postMessage, "Truncating content": longer text is cut. */
const MOST_POSTED_TEXT = 40_000;
/** docs.slack.dev, chat.update, error msg_too_long: 4,000 "characters". It is UTF-8 bytes that count (openclaw/openclaw#128613). */
const MOST_UPDATED_BYTES = 4000;
/** docs.slack.dev, chat.postMessage and chat.update, markdown_text. */
const MOST_MARKDOWN_TEXT = 12_000;
/** docs.slack.dev, chat.postMessage, error too_many_attachments. */
const MOST_ATTACHMENTS = 100;

/** What a call wants shown. What is missing was not given. */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly SlackBlock[];
  readonly attachments?: readonly SlackBlock[];
  /** The text was longer than a post keeps. */
  readonly truncated: boolean;
}

/** Reads and checks the content of chat.postMessage, chat.postEphemeral and chat.update. Throws `SlackRefusal`. */
export function readContent(args: Args, kind: "post" | "update"): Content {
  const text = textArg(args, "text");
  const markdown = textArg(args, "markdown_text");
  const blocks = listArg(args, "blocks", "invalid_blocks_format");
  const attachments = listArg(args, "attachments", "invalid_attachments");
  if (markdown !== undefined) return markdownContent(markdown, text, blocks);
  if (!text?.trim() && !blocks?.length && !attachments?.length) throw new SlackRefusal("no_text");
  if (kind === "update" && text !== undefined && Buffer.byteLength(text) > MOST_UPDATED_BYTES)
    throw new SlackRefusal("msg_too_long");
  if (blocks) checkBlocks(blocks);
  if (attachments && attachments.length > MOST_ATTACHMENTS) throw new SlackRefusal("too_many_attachments");
  for (const attachment of attachments ?? [])
    checkBlocks(listArg(attachment, "blocks", "invalid_attachments") ?? []);
  return {
    ...defined({ text: text?.slice(0, MOST_POSTED_TEXT), blocks, attachments }),
    truncated: text !== undefined && text.length > MOST_POSTED_TEXT,
  };
}

function markdownContent(markdown: string, text?: string, blocks?: readonly SlackBlock[]): Content {
  if (text !== undefined || blocks !== undefined) throw new SlackRefusal("markdown_text_conflict");
  if (markdown.trim() === "") throw new SlackRefusal("no_text");
  if (markdown.length > MOST_MARKDOWN_TEXT) throw new SlackRefusal("msg_too_long");
  return { text: markdown, blocks: [{ type: "markdown", text: markdown }], truncated: false };
}

export function listArg(args: Args, name: string, code: string): readonly SlackBlock[] | undefined {
  const value = jsonArg(args, name, code);
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
  if (!isList) throw new SlackRefusal(code);
  return value as SlackBlock[];
}

/** `metadata`: nothing when it was not given, `none` when an empty object takes it away. Throws `SlackRefusal`. */
export function readMetadata(args: Args): SlackMetadata | "none" | undefined {
  const value = jsonArg(args, "metadata", "invalid_metadata_format");
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SlackRefusal("invalid_metadata_format");
  const { event_type, event_payload } = value as Partial<SlackMetadata>;
  if (Object.keys(value).length === 0) return "none";
  const isPayload =
    typeof event_payload === "object" && event_payload !== null && !Array.isArray(event_payload);
  if (typeof event_type !== "string" || event_type === "" || !isPayload)
    throw new SlackRefusal("invalid_metadata_schema");
  return { event_type, event_payload };
}
