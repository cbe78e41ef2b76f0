import { type Json, list, record, text } from "./json.ts";
import { mrkdwnToMarkdown } from "./mrkdwn.ts";
import type { SlackPost } from "./post.ts";
import { richTextToMarkdown } from "./richtext.ts";
import type { Words } from "./words.ts";

/**
 * What a post says, as Markdown. Blocks first: they are what people see. A composed message's `rich_text` block says exactly
 * what is bold, code or a list item, where the same `text` can stand for different messages (slackapi/java-slack-sdk#1007)
 * and for a picture with words says only that there is something to see (42wim/matterbridge#2062). `text` is for posts without
 * blocks, attachments for bots that use nothing else.
 */
export function decodePost(post: SlackPost, words: Words): string {
  const said =
    blocksToMarkdown(post.blocks, words) ||
    mrkdwnToMarkdown(post.text, words) ||
    attachmentsToMarkdown(post.attachments, words);
  const files = post.files.map((file) => `[attached file: ${text(file["name"]) ?? "unnamed"}]`);
  return [said, ...files].filter((line) => line !== "").join("\n");
}

function blocksToMarkdown(blocks: readonly Json[], words: Words): string {
  return blocks
    .map((block) => blockToMarkdown(block, words))
    .filter((markdown) => markdown !== "")
    .join("\n\n");
}

function blockToMarkdown(block: Json, words: Words): string {
  switch (block["type"]) {
    case "rich_text":
      return richTextToMarkdown(block, words);
    case "markdown":
      return text(block["text"]) ?? "";
    case "header":
      return `# ${textObject(block["text"], words)}`;
    case "table":
      return tableToMarkdown(block, words);
    case "section":
      return [block["text"], ...list(block["fields"])]
        .map((object) => textObject(object, words))
        .filter((markdown) => markdown !== "")
        .join("\n");
    case "context":
      return list(block["elements"])
        .map((object) => textObject(object, words))
        .join(" ")
        .trim();
    default:
      return "";
  }
}

/** docs.slack.dev, Table block. Slack makes one of a table in the bot's own pages. The first row is the heading: Markdown has no table without. */
function tableToMarkdown(block: Json, words: Words): string {
  const rows = list(block["rows"]).map((row) => {
    const cells = list(row).map((cell) => {
      const content =
        record(cell)["type"] === "rich_text"
          ? richTextToMarkdown(record(cell), words)
          : text(record(cell)["text"]);
      return (content ?? "").replaceAll("\n", " ").replaceAll("|", String.raw`\|`);
    });
    return `| ${cells.join(" | ")} |`;
  });
  const columns = list(list(block["rows"])[0]).length;
  return [...rows.slice(0, 1), `|${" --- |".repeat(columns)}`, ...rows.slice(1)].join("\n");
}

/** docs.slack.dev, Text object. */
function textObject(value: unknown, words: Words): string {
  const object = record(value);
  const content = text(object["text"]) ?? "";
  return object["type"] === "mrkdwn" ? mrkdwnToMarkdown(content, words) : content;
}

function attachmentsToMarkdown(attachments: readonly Json[], words: Words): string {
  return attachments
    .map((attachment) => text(attachment["text"]) ?? text(attachment["fallback"]) ?? "")
    .filter((content) => content !== "")
    .map((content) => mrkdwnToMarkdown(content, words))
    .join("\n");
}

/** Whom and what a post refers to, by id. */
export interface References {
  readonly users: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  /** It calls a group or everybody who is around. */
  readonly crowd: boolean;
}

/** `text` has every mention as a token, also where blocks are what people see; posts of bots may have them in blocks alone. */
export function referencesOf(post: SlackPost): References {
  const users = new Set<string>();
  const channels = new Set<string>();
  let crowd = false;
  for (const [, sigil, id = ""] of post.text.matchAll(/<([@#!])([^<>|]*)/gu)) {
    if (sigil === "@") users.add(id);
    else if (sigil === "#") channels.add(id);
    else crowd ||= !id.startsWith("date");
  }
  for (const element of leavesOf(post.blocks)) {
    const user = text(element["user_id"]);
    const channel = text(element["channel_id"]);
    if (user) users.add(user);
    if (channel) channels.add(channel);
    crowd ||= element["type"] === "broadcast" || element["type"] === "usergroup";
  }
  return { users, channels, crowd };
}

/** The innermost elements of rich text: a section's own, and those of a list's items. */
function leavesOf(blocks: readonly Json[]): readonly Json[] {
  const inner = (part: Json) => list(part["elements"]).map(record);
  return blocks
    .filter((block) => block["type"] === "rich_text")
    .flatMap(inner)
    .flatMap((part) => (part["type"] === "rich_text_list" ? inner(part).flatMap(inner) : inner(part)));
}
