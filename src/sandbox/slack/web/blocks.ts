import type { SlackBlock } from "../types.ts";
import { invalid, SlackRefusal } from "./method.ts";

/** docs.slack.dev, Block Kit, Blocks: at most 50 in a message. */
const MOST_BLOCKS = 50;
/** docs.slack.dev, Markdown block: 12,000 characters over all markdown blocks of a payload. */
const MOST_MARKDOWN = 12_000;
/** Undocumented: above some 13,200 characters in all blocks Slack refuses (slackapi/bolt-js#2509). */
const MOST_CHARACTERS = 13_200;

type Check = (block: SlackBlock, at: string) => readonly string[];

/** Block types that are legal in messages and that the twin takes as they are. */
const UNCHECKED = [
  "alert",
  "card",
  "carousel",
  "container",
  "context_actions",
  "data_table",
  "data_visualization",
  "divider",
  "file",
  "input",
  "plan",
  "task_card",
  "video",
];

/** The limits of each block type (docs.slack.dev, Block Kit, the block's own page). */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...UNCHECKED.map((type): [string, Check] => [type, () => []]),
  ["section", checkSection],
  ["header", ({ text }, at) => checkText(text, `${at}/text`, { most: 150, types: ["plain_text"] })],
  ["context", ({ elements }, at) => checkList(elements, `${at}/elements`, 10)],
  ["actions", checkActions],
  ["markdown", ({ text }, at) => checkString(text, `${at}/text`, MOST_MARKDOWN)],
  ["image", ({ alt_text }, at) => checkString(alt_text, `${at}/alt_text`, 2000)],
  ["rich_text", checkRichText],
  ["table", checkTable],
]);

/** Refuses what Slack refuses in the blocks of a message. Throws `SlackRefusal`. */
export function checkBlocks(blocks: readonly SlackBlock[]): void {
  if (blocks.length > MOST_BLOCKS) {
    throw invalid("invalid_blocks", `no more than ${MOST_BLOCKS} items allowed [json-pointer:/blocks]`);
  }
  if (blocks.filter((block) => block["type"] === "table").length > 1)
    throw new SlackRefusal("only_one_table_allowed");
  const markdown = blocks.filter((block) => block["type"] === "markdown");
  if (charactersIn(markdown.map((block) => block["text"])) > MOST_MARKDOWN)
    throw new SlackRefusal("msg_blocks_too_long");
  const problems = [...blocks.flatMap(checkBlock), ...checkIds(blocks)];
  if (problems.length) throw invalid("invalid_blocks", ...problems);
  if (charactersIn(blocks) > MOST_CHARACTERS) throw new SlackRefusal("msg_blocks_too_long");
}

/** The length of every text in a JSON value. */
function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + charactersIn(one), 0);
}

function checkBlock(block: SlackBlock, index: number): readonly string[] {
  const at = `/blocks/${index}`;
  const type = block["type"];
  const check = typeof type === "string" ? CHECKS.get(type) : undefined;
  if (!check) return [`unsupported type: ${String(type)} [json-pointer:${at}/type]`];
  const id = block["block_id"] === undefined ? [] : checkString(block["block_id"], `${at}/block_id`, 255);
  return [...id, ...check(block, at)];
}

function checkIds(blocks: readonly SlackBlock[]): readonly string[] {
  const ids = blocks.map((block) => block["block_id"]).filter((id) => id !== undefined);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  return twice.map((id) => `\`block_id\` already exists: ${JSON.stringify(id)} [json-pointer:/blocks]`);
}

function checkString(value: unknown, at: string, most: number): readonly string[] {
  if (typeof value !== "string") return [`missing required field [json-pointer:${at}]`];
  if (value.length < 1) return [`must be more than 0 characters [json-pointer:${at}]`];
  return value.length > most ? [`must be less than ${most + 1} characters [json-pointer:${at}]`] : [];
}

function checkText(
  value: unknown,
  at: string,
  { most, types = ["plain_text", "mrkdwn"] }: { most: number; types?: readonly string[] },
): readonly string[] {
  const text = (typeof value === "object" && value !== null ? value : {}) as SlackBlock;
  if (!types.includes(String(text["type"])))
    return [`unsupported type: ${String(text["type"])} [json-pointer:${at}/type]`];
  return checkString(text["text"], `${at}/text`, most);
}

function checkList(value: unknown, at: string, most: number): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return [`missing required field [json-pointer:${at}]`];
  return value.length > most ? [`no more than ${most} items allowed [json-pointer:${at}]`] : [];
}

function checkSection({ text, fields }: SlackBlock, at: string): readonly string[] {
  if (fields === undefined) return checkText(text, `${at}/text`, { most: 3000 });
  const list = Array.isArray(fields) ? (fields as unknown[]) : [];
  return [
    ...(text === undefined ? [] : checkText(text, `${at}/text`, { most: 3000 })),
    ...checkList(fields, `${at}/fields`, 10),
    ...list.flatMap((field, i) => checkText(field, `${at}/fields/${i}`, { most: 2000 })),
  ];
}

function checkActions({ elements }: SlackBlock, at: string): readonly string[] {
  const list = Array.isArray(elements) ? (elements as SlackBlock[]) : [];
  const ids = list.map((element) => element["action_id"]).filter((id) => id !== undefined);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  return [
    ...checkList(elements, `${at}/elements`, 25),
    ...list.flatMap((element, i) => checkElement(element, `${at}/elements/${i}`)),
    ...twice.map((id) => `\`action_id\` already exists: ${JSON.stringify(id)} [json-pointer:${at}/elements]`),
  ];
}

/** docs.slack.dev, Actions block, "Compatible block elements". */
const INTERACTIVE =
  /^(?:button|checkboxes|radio_buttons|overflow|datepicker|datetimepicker|timepicker|workflow_button|icon_button|feedback_buttons|(?:multi_)?(?:static|external|users|conversations|channels)_select)$/u;

function checkElement(element: SlackBlock, at: string): readonly string[] {
  const { type, text, value, action_id, style } = element;
  if (!INTERACTIVE.test(String(type))) return [`unsupported type: ${String(type)} [json-pointer:${at}/type]`];
  const isStyled = style === undefined || style === "primary" || style === "danger";
  return [
    ...(isStyled ? [] : [`must be a valid enum value [json-pointer:${at}/style]`]),
    ...(type === "button" ? checkText(text, `${at}/text`, { most: 75, types: ["plain_text"] }) : []),
    ...(value === undefined ? [] : checkString(value, `${at}/value`, 2000)),
    ...(action_id === undefined ? [] : checkString(action_id, `${at}/action_id`, 255)),
  ];
}

const RICH = ["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"];

function checkRichText({ elements }: SlackBlock, at: string): readonly string[] {
  const list = Array.isArray(elements) ? (elements as SlackBlock[]) : [];
  const strange = list.filter((element) => !RICH.includes(String(element["type"])));
  return [
    ...(Array.isArray(elements) ? [] : [`missing required field [json-pointer:${at}/elements]`]),
    ...strange.map((one) => `unsupported type: ${String(one["type"])} [json-pointer:${at}/elements]`),
  ];
}

function checkTable({ rows }: SlackBlock, at: string): readonly string[] {
  const list = Array.isArray(rows) ? (rows as unknown[]) : [];
  return [
    ...checkList(rows, `${at}/rows`, 100),
    ...list.flatMap((row, i) => checkList(row, `${at}/rows/${i}`, 20)),
    ...(charactersIn(list) > 10_000 ? [`table is too large [json-pointer:${at}]`] : []),
  ];
}
