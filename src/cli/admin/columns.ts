import type { ListedConversation, ListedTurn } from "../../admin/admin.ts";
import { calledInFull, sumCalled } from "../../admin/called.ts";
import type { Difference } from "../../admin/sync.ts";
import { inert } from "../../admin/inert.ts";
import type { ConversationKey, PlaceFacts } from "../../store/archive.ts";
import type { Sum, SumBy } from "../../store/sums.ts";
import type { Column } from "./table.ts";

/** How a conversation is named on the command line: `show` takes it. */
export const idOf = ({ place, generation }: ConversationKey) => `${place}#${generation}`;

/** Undefined: it is no such name. */
export function keyOf(id: string): ConversationKey | undefined {
  const [, place, generation] = /^(\S+)#(\d{1,9})$/.exec(id) ?? [];
  return place === undefined
    ? undefined
    : { place: place as ConversationKey["place"], generation: Number(generation) };
}

/** `2026-11-28 01:30`, in UTC. */
export const timeOf = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
const isoOf = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
/** Millionths of a dollar as dollars. */
export const dollarsOf = (cost: number | undefined) => (cost === undefined ? undefined : cost / 1_000_000);
const moneyOf = (cost: number | undefined) => (cost === undefined ? "" : `$${(cost / 1_000_000).toFixed(4)}`);
export const secondsOf = (ms: number | undefined) => (ms === undefined ? "" : `${(ms / 1_000).toFixed(1)} s`);

const PLACE: readonly Column<PlaceFacts>[] = [
  { name: "platform", value: (row) => row.platform, hidden: true },
  { name: "workspace_id", value: (row) => row.workspaceId, hidden: true },
  { name: "workspace", value: (row) => row.workspaceName, hidden: true },
  { name: "channel_id", value: (row) => row.channelId, hidden: true },
  { name: "channel", value: (row) => row.channelName, hidden: true },
  { name: "kind", value: (row) => row.channelKind, hidden: true },
  { name: "thread_id", value: (row) => row.threadId, hidden: true },
  { name: "thread", value: (row) => row.threadName, hidden: true },
];

export const CONVERSATION: readonly Column<ListedConversation>[] = [
  { name: "active", value: (row) => isoOf(row.activeAt), shown: (row) => timeOf(row.activeAt) },
  { name: "where", value: calledInFull, least: 12 },
  { name: "by", value: (row) => row.startedByName, least: 6 },
  { name: "turns", value: (row) => row.turns },
  { name: "failed", value: (row) => row.failed },
  { name: "tokens", value: (row) => row.tokens },
  { name: "cost", value: (row) => dollarsOf(row.cost), shown: (row) => moneyOf(row.cost) },
  { name: "id", value: idOf, least: 16 },
  ...PLACE,
  { name: "excerpt", value: (row) => row.excerpt, hidden: true },
  { name: "started", value: (row) => isoOf(row.startedAt), hidden: true },
  { name: "by_id", value: (row) => row.startedById, hidden: true },
  { name: "telnyx_id", value: (row) => row.telnyxId, hidden: true },
  { name: "held", value: (row) => row.held, hidden: true },
  { name: "link", value: (row) => row.link, hidden: true },
];

export const TURN: readonly Column<ListedTurn>[] = [
  { name: "turn", value: (row) => row.id },
  { name: "at", value: (row) => isoOf(row.receivedAt), shown: (row) => timeOf(row.receivedAt) },
  { name: "status", value: (row) => row.status },
  { name: "where", value: calledInFull, least: 12 },
  { name: "user", value: (row) => row.userName, least: 6 },
  { name: "tokens", value: ({ usage }) => usage && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) },
  { name: "cost", value: (row) => dollarsOf(row.cost), shown: (row) => moneyOf(row.cost) },
  { name: "took", value: (row) => row.complete, shown: (row) => secondsOf(row.complete) },
  { name: "question", value: (row) => row.content?.question, least: 10 },
  { name: "answer", value: (row) => row.content?.answer, hidden: true },
  ...PLACE,
  { name: "user_id", value: (row) => row.userId, hidden: true },
  { name: "model", value: (row) => row.model, hidden: true },
  { name: "error", value: (row) => row.error, hidden: true },
  { name: "first_text", value: (row) => row.firstText, hidden: true },
  { name: "conversation", value: idOf, hidden: true },
  { name: "link", value: (row) => row.link, hidden: true },
];

/** Of sums by this; by nothing, one row is of all. */
export const sumColumns = (by: SumBy | undefined): readonly Column<Sum>[] => [
  {
    name: "key",
    value: ({ key }) => (by === undefined ? "all" : key),
    shown: (row) => sumCalled(row, by),
    least: 12,
  },
  { name: "name", value: (row) => row.name, hidden: true },
  { name: "turns", value: (row) => row.turns },
  { name: "conversations", value: (row) => row.conversations },
  { name: "people", value: (row) => row.people },
  { name: "failed", value: (row) => row.failed },
  { name: "tokens", value: (row) => row.tokens },
  { name: "cost", value: (row) => dollarsOf(row.cost), shown: (row) => moneyOf(row.cost) },
  {
    name: "first_median",
    value: (row) => row.firstText?.median,
    shown: (row) => secondsOf(row.firstText?.median),
  },
  { name: "first_p95", value: (row) => row.firstText?.p95, hidden: true },
  {
    name: "complete_median",
    value: (row) => row.complete?.median,
    shown: (row) => secondsOf(row.complete?.median),
  },
  { name: "complete_p95", value: (row) => row.complete?.p95, hidden: true },
  { name: "kind", value: (row) => row.kind, hidden: true },
];

/** A difference, and whether it was put right, on one line. */
export function differenceLine(difference: Difference): string {
  const because = difference.why === undefined ? "" : ` (${difference.why})`;
  return inert(
    `${difference.telnyxId}: ${whatDiffers(difference)}${difference.done ? ", put right" : ""}${because}`,
  );
}

function whatDiffers(row: Difference): string {
  if (row.kind === "missing_here") return `${row.name ?? "a conversation"} is not known here`;
  const one = `${row.name ?? "a conversation"} (${idOf(row.conversation)})`;
  if (row.kind === "gone_there") return `${one} is gone at Telnyx`;
  const changes = row.changes.map(({ key, there = "nothing", here }) => `${key} ${there} → ${here}`);
  return `${one} is called otherwise: ${changes.join(", ")}`;
}
