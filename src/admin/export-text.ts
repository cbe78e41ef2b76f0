import type { ListedTurn } from "./admin.ts";
import { csvRow } from "./csv.ts";
import type { ExportedConversation } from "./export.ts";
import { inert } from "./inert.ts";

/** How an export is written. */
export interface ExportFormat {
  readonly name: "jsonl" | "csv" | "md";
  readonly label: string;
  readonly type: string;
  /** What stands before the first conversation. */
  readonly head: string;
  readonly text: (exported: ExportedConversation) => string;
}

type Cell = string | number | boolean | undefined;
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

/** A turn a row. Cost in US dollars, times in milliseconds. */
const COLUMNS: readonly (readonly [name: string, value: (turn: ListedTurn) => Cell])[] = [
  ["turn", ({ id }) => id],
  ["at", ({ receivedAt }) => iso(receivedAt)],
  ["status", ({ status }) => status],
  ["user", ({ userName }) => userName],
  ["question", ({ content }) => content?.question],
  ["answer", ({ content }) => content?.answer],
  ["tokens", ({ usage }) => usage && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)],
  ["cost", ({ cost }) => (cost === undefined ? undefined : cost / 1_000_000)],
  ["took", ({ complete }) => complete],
  ["first_text", ({ firstText }) => firstText],
  ["model", ({ model }) => model],
  ["error", ({ error }) => error],
  ["platform", ({ platform }) => platform],
  ["workspace_id", ({ workspaceId }) => workspaceId],
  ["workspace", ({ workspaceName }) => workspaceName],
  ["channel_id", ({ channelId }) => channelId],
  ["channel", ({ channelName }) => channelName],
  ["kind", ({ channelKind }) => channelKind],
  ["thread_id", ({ threadId }) => threadId],
  ["thread", ({ threadName }) => threadName],
  ["user_id", ({ userId }) => userId],
  ["conversation", ({ place, generation }) => `${place}#${generation}`],
  ["link", ({ link }) => link],
];

/** JSON: a conversation with its turns on each line. CSV: a turn a row. Markdown: to be read. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    name: "jsonl",
    label: "JSON, a conversation a line",
    type: "application/x-ndjson",
    head: "",
    text: (exported) => `${JSON.stringify(exported)}\n`,
  },
  {
    name: "csv",
    label: "CSV, a turn a row",
    type: "text/csv; charset=utf-8",
    head: csvRow(COLUMNS.map(([name]) => name)),
    text: ({ turns }) => turns.map((turn) => csvRow(COLUMNS.map(([, value]) => value(turn)))).join(""),
  },
  {
    name: "md",
    label: "Markdown, to be read",
    type: "text/markdown; charset=utf-8",
    head: "",
    text: markdownOf,
  },
];

function markdownOf({ conversation, turns }: ExportedConversation): string {
  const { workspaceName, workspaceId, channelName, channelId, threadName, place, generation } = conversation;
  const names = [
    workspaceName ?? workspaceId,
    channelName ?? channelId,
    ...(threadName === undefined ? [] : [threadName]),
  ];
  const head = `# ${names.map(escaped).join(" › ")}\n\n${escaped(`${place}#${generation}`)}\n`;
  return `${head}\n${turns.map(turnOf).join("\n")}\n`;
}

function turnOf(turn: ListedTurn): string {
  const { userName, userId, receivedAt, status, model, content, readable } = turn;
  const when = `${new Date(receivedAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const unsaid =
    status === "forgotten" ? "*forgotten*" : readable ? "*no words*" : "*not for whoever exported this*";
  const facts = [status, ...(model === undefined ? [] : [model])].map(escaped).join(", ");
  return [
    `**${escaped(userName || userId)}**, ${when}, turn ${turn.id}`,
    quoted(content?.question ?? unsaid),
    `**Answer** (${facts})`,
    quoted(content?.answer ?? unsaid),
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}

/** What was said stays in its quote, whatever Markdown it has. */
const quoted = (text: string) =>
  text
    .toWellFormed()
    .split(/\r\n|[\n\r]/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
/** A name is no Markdown (CommonMark, 2.4). */
const escaped = (text: string) => inert(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
