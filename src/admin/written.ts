import type { ListedConversation, ListedTurn } from "./admin.ts";
import { calledInFull } from "./called.ts";
import { csvRow } from "./csv.ts";
import type { ExportedPart } from "./export.ts";
import { inert } from "./inert.ts";

/** PURE: an export as text. */

export const EXPORT_FORMATS = ["jsonl", "csv", "markdown"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Format {
  /** What stands before all conversations. */
  readonly head: string;
  /** A part of a conversation, with its line ends. */
  readonly write: (exported: ExportedPart) => string;
}

/** The media type. */
export const typeOf = (format: ExportFormat): string => TYPES[format];

/** A conversation a line as JSON; a turn a row as CSV, with the same columns as on the command line; or for people to read. */
export function formatOf(format: ExportFormat): Format {
  return FORMATS[format];
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  jsonl: "application/jsonl",
  csv: "text/csv; charset=utf-8",
  markdown: "text/markdown; charset=utf-8",
};

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

const CELLS: readonly (readonly [name: string, of: (turn: ListedTurn) => string | number | undefined])[] = [
  ["turn", ({ id }) => id],
  ["at", ({ receivedAt }) => iso(receivedAt)],
  ["status", ({ status }) => status],
  ["user", ({ userName }) => userName],
  ["tokens", ({ usage }) => usage && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)],
  ["cost", ({ cost }) => (cost === undefined ? undefined : cost / 1_000_000)],
  ["took", ({ complete }) => complete],
  ["question", ({ content }) => content?.question],
  ["answer", ({ content }) => content?.answer],
  ["platform", ({ platform }) => platform],
  ["workspace_id", ({ workspaceId }) => workspaceId],
  ["workspace", ({ workspaceName }) => workspaceName],
  ["channel_id", ({ channelId }) => channelId],
  ["channel", ({ channelName }) => channelName],
  ["kind", ({ channelKind }) => channelKind],
  ["thread_id", ({ threadId }) => threadId],
  ["thread", ({ threadName }) => threadName],
  ["user_id", ({ userId }) => userId],
  ["model", ({ model }) => model],
  ["error", ({ error }) => error],
  ["first_text", ({ firstText }) => firstText],
  ["conversation", ({ place, generation }) => `${place}#${generation}`],
  ["link", ({ link }) => link],
];

const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  jsonl: { head: "", write: inJson },
  csv: {
    head: csvRow(CELLS.map(([name]) => name)),
    write: ({ turns }) => turns.map((turn) => csvRow(CELLS.map(([, of]) => of(turn)))).join(""),
  },
  markdown: { head: "# Conversations\n", write: inMarkdown },
};

/** What `JSON.stringify` makes of the conversation and all its turns, as far as this part goes. */
function inJson({ conversation, turns, begins, ends }: ExportedPart): string {
  const head = begins ? `{"conversation":${JSON.stringify(conversation)},"turns":[` : ",";
  return `${head}${turns.map((turn) => JSON.stringify(turn)).join(",")}${ends ? "]}\n" : ""}`;
}

function inMarkdown({ conversation, turns, begins }: ExportedPart): string {
  const said = turns.map(turnInMarkdown).join("");
  return begins ? headInMarkdown(conversation) + said : said;
}

function headInMarkdown(conversation: ListedConversation): string {
  const where = plain(calledInFull(conversation));
  const { link, startedAt, startedByName } = conversation;
  const begun = `Begun ${minute(startedAt)} by ${plain(startedByName)}.${link === undefined ? "" : ` <${link}>`}`;
  return `\n## ${where}\n\n${begun}\n`;
}

function turnInMarkdown({ userName, receivedAt, status, content }: ListedTurn): string {
  const asked = `\n**${plain(userName)}**, ${minute(receivedAt)}:\n\n`;
  if (!content) return `${asked}_(not to be read here)_\n`;
  const ended = status === "done" ? "" : ` (${status})`;
  const answer = content.answer === undefined ? "_(no answer)_\n" : quoted(content.answer);
  return `${asked}${quoted(content.question)}\n**The bot**${ended}:\n\n${answer}`;
}

const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");

/** What was said stays Markdown, and cannot leave its quotation: every line of it has the mark before it. */
function quoted(text: string): string {
  return `${text
    .toWellFormed()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")}\n`;
}

/** A name on one line, as it is: nothing in it is Markdown. */
function plain(name: string): string {
  return inert(name).replaceAll(/[\\`*_{}[\]<>()#+\-.!|~&:]/g, String.raw`\$&`);
}
