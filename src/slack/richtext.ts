import { type Json, list, record, text } from "./json.ts";
import { clean, codeBlock, codeSpan, link, styled } from "./markdown.ts";
import { dateText } from "./mrkdwn.ts";
import type { Words } from "./words.ts";

/** A `rich_text` block as Markdown. Total: what it does not know it leaves out. Reference: docs.slack.dev, Rich text block. */
export function richTextToMarkdown(block: Json, words: Words): string {
  let markdown = "";
  let last = "";
  for (const part of list(block["elements"]).map(record)) {
    const rendered = renderPart(part, words);
    if (rendered === "") continue;
    const kind = text(part["type"]) ?? "";
    markdown += gap(markdown, last, kind) + rendered;
    last = kind;
  }
  return markdown.trim();
}

/** A list or quote swallows the line after it, unless an empty one is between. Lists that differ in depth alone are one list. */
function gap(before: string, last: string, kind: string): string {
  if (before === "") return "";
  const breaks = before.endsWith("\n") ? "" : "\n";
  const swallows = last === "rich_text_list" || last === "rich_text_quote";
  return swallows && kind !== last ? `${breaks}\n` : breaks;
}

function renderPart(part: Json, words: Words): string {
  switch (part["type"]) {
    case "rich_text_section":
      return inline(part, words);
    case "rich_text_list":
      return renderList(part, words);
    case "rich_text_quote":
      return quoted(inline(part, words));
    case "rich_text_preformatted":
      return codeBlock(plain(part, words).replace(/\n$/u, ""), text(part["language"]));
    default:
      return "";
  }
}

function renderList(part: Json, words: Words): string {
  const ordered = part["style"] === "ordered";
  const first = typeof part["offset"] === "number" ? part["offset"] : 0;
  const depth = typeof part["indent"] === "number" ? Math.min(Math.max(0, part["indent"]), 9) : 0;
  const items = list(part["elements"]).map((item, index) => {
    const bullet = ordered ? `${first + index + 1}. ` : "- ";
    const hanging = " ".repeat(bullet.length);
    return `${"    ".repeat(depth)}${bullet}${inline(record(item), words).replaceAll("\n", `\n${"    ".repeat(depth)}${hanging}`)}`;
  });
  const markdown = items.join("\n");
  return part["border"] === 1 ? quoted(markdown) : markdown;
}

function quoted(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}

/** Neighbours of one style are joined before they are marked: `**a****b**` is not bold. */
function inline(part: Json, words: Words): string {
  const runs: { style: string; markdown: string }[] = [];
  for (const element of list(part["elements"]).map(record)) {
    const style = styleOf(element);
    const markdown = renderElement(element, words);
    const last = runs.at(-1);
    if (last?.style === style) last.markdown += markdown;
    else runs.push({ style, markdown });
  }
  return runs.map(({ style, markdown }) => applyStyle(markdown, style)).join("");
}

/** `code` first: inside of it nothing else is markup. */
const STYLES = ["code", "italic", "bold", "strike"] as const;
const MARKS = { italic: "_", bold: "**", strike: "~~" } as const;

function styleOf(element: Json): string {
  const style = record(element["style"]);
  return STYLES.filter((name) => style[name] === true).join(" ");
}

function applyStyle(markdown: string, style: string): string {
  let result = markdown;
  for (const name of style.split(" ")) {
    if (name === "code")
      result = result
        .split("\n")
        .map((line) => (line === "" ? line : codeSpan(line)))
        .join("\n");
    else if (name === "italic" || name === "bold" || name === "strike") result = styled(result, MARKS[name]);
  }
  return result;
}

function renderElement(element: Json, words: Words): string {
  const code = record(element["style"])["code"] === true;
  if (element["type"] === "link" && !code) return link(text(element["url"]) ?? "", text(element["text"]));
  return renderPlain(element, words);
}

function plain(part: Json, words: Words): string {
  return list(part["elements"])
    .map((element) => renderPlain(record(element), words))
    .join("");
}

/** An element in words alone, as code shows it. */
function renderPlain(element: Json, words: Words): string {
  const string = (key: string) => text(element[key]) ?? "";
  switch (element["type"]) {
    case "user":
      return words.user(string("user_id"));
    case "channel":
      return words.channel(string("channel_id"));
    case "usergroup":
      return words.group(string("usergroup_id"));
    case "broadcast":
      return words.broadcast(string("range"));
    case "link":
      return string("text") || string("url");
    case "emoji":
      return emoji(string("name"), string("unicode"));
    case "date":
      return string("fallback") || dateText(Number(element["timestamp"]), text(element["format"]));
    case "color":
      return string("value");
    default:
      return clean(string("text"));
  }
}

/** `unicode` is code points in hexadecimal, joined by hyphens; custom emoji have none. */
function emoji(name: string, unicode: string): string {
  const points = unicode.split("-").map((hex) => Number.parseInt(hex, 16));
  const valid = unicode !== "" && points.every((point) => point > 0 && point <= 0x10_ffff);
  return valid ? String.fromCodePoint(...points) : `:${name}:`;
}
