import { calledThere, factOf } from "../../admin/called-there.ts";
import { inert, inertLines } from "../../admin/inert.ts";
import type { RemoteShown } from "../../admin/remote.ts";
import { PatchcordError } from "../../errors.ts";
import type { StoredMessage, TelnyxConversation } from "../../telnyx/telnyx.ts";
import { keyOf } from "./columns.ts";
import type { ListOptions, Session } from "./lists.ts";
import { bold, printerOf, progress, type Terminal } from "./output.ts";
import type { Column } from "./table.ts";

/** Rows that are printed together: a table is as wide as its first ones need. */
const TOGETHER = 50;

const minuteOf = (iso: string | undefined) => (iso ?? "").slice(0, 16).replace("T", " ");

const REMOTE: readonly Column<TelnyxConversation>[] = [
  { name: "begun", value: ({ createdAt }) => createdAt, shown: ({ createdAt }) => minuteOf(createdAt) },
  {
    name: "active",
    value: ({ lastMessageAt }) => lastMessageAt,
    shown: ({ lastMessageAt }) => minuteOf(lastMessageAt),
  },
  { name: "where", value: calledThere, least: 12 },
  { name: "by", value: (row) => factOf(row, "started_by_name"), least: 6 },
  { name: "app", value: (row) => factOf(row, "app"), least: 6 },
  { name: "id", value: ({ id }) => id },
  { name: "name", value: ({ name }) => name, hidden: true },
  { name: "platform", value: (row) => factOf(row, "platform"), hidden: true },
  { name: "kind", value: (row) => factOf(row, "channel_kind"), hidden: true },
  { name: "place", value: (row) => factOf(row, "place"), hidden: true },
];

/** Prints the conversations at Telnyx that meet the query, and says what of it Telnyx cannot tell. Throws what `Admin` throws. */
export async function listRemote(
  { admin, viewer, to }: Session<"remote">,
  { query, format, limit, explain }: ListOptions,
): Promise<void> {
  const found = admin.remote(viewer, { query, ...(limit !== undefined && { limit }) });
  tellUnknown(found.unknown, to);
  if (explain) return to.write(`GET /ai/conversations?${found.filters}\n`);
  const printer = printerOf(format, REMOTE, to);
  const bar = progress(to);
  let [waiting, count]: [TelnyxConversation[], number] = [[], 0];
  const print = async () => {
    bar.clear();
    printer.rows(waiting);
    waiting = [];
    await to.taken();
  };
  for await (const row of found.rows) {
    waiting.push(row);
    count += 1;
    if (waiting.length < TOGETHER) continue;
    await print();
    bar.show(`${count} so far`);
  }
  await print();
  printer.end();
  if (count === limit && format === "table")
    to.tell("There may be more: --all prints them, --limit another number.\n");
}

function tellUnknown(unknown: readonly string[], to: Terminal): void {
  if (unknown.length > 0)
    to.tell(`Telnyx knows nothing of ${unknown.join(", ")}: what depends on that was not looked at.\n`);
}

/** Ids are UUIDs (Telnyx API reference, Get a conversation). */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Prints what Telnyx has of a conversation, by its id here or there, or by a query that finds it alone. Throws `not_found`, `ambiguous`, and what `Admin` throws. */
export async function showRemote(
  session: Session<"remote" | "remoteShow" | "show">,
  asked: string,
  json: boolean,
): Promise<void> {
  const { admin, viewer, to } = session;
  const id = ID.test(asked) ? asked : await idAtTelnyx(session, asked);
  const shown = await admin.remoteShow(viewer, id);
  if (!shown) throw new PatchcordError("not_found", `There is no conversation ${inert(id)} at Telnyx.`);
  if (json) return to.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  to.write(headOf(shown, to));
  for (const message of shown.messages) {
    to.write(said(message, to));
    await to.taken();
  }
}

async function idAtTelnyx(session: Session<"remote" | "show">, asked: string): Promise<string> {
  const { admin, viewer, to } = session;
  const key = keyOf(asked);
  if (key) {
    const known = await admin.show(viewer, key, { limit: 1 });
    if (!known) throw new PatchcordError("not_found", `There is no conversation ${inert(asked)}.`);
    const { telnyxId } = known.conversation;
    if (telnyxId !== undefined) return telnyxId;
    throw new PatchcordError("not_found", `The conversation ${inert(asked)} is not at Telnyx.`);
  }
  const { rows, unknown } = admin.remote(viewer, { query: asked, limit: 2 });
  tellUnknown(unknown, to);
  const [found, other] = await Array.fromAsync(rows);
  if (!found) throw new PatchcordError("not_found", "No conversation at Telnyx meets this query.");
  if (!other) return found.id;
  throw new PatchcordError(
    "ambiguous",
    "Several conversations meet this query: list them, and show one by its id.",
  );
}

function headOf({ conversation, messages }: RemoteShown, to: Terminal): string {
  const { id, createdAt, metadata } = conversation;
  const facts = Object.entries(metadata).map(
    ([key, value]) => `  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [
    bold(inert(calledThere(conversation) ?? id), to),
    inert(`Telnyx ${id}, begun ${minuteOf(createdAt)} UTC, ${messages.length} messages`),
    ...facts.map(inert),
    "",
  ].join("\n");
}

function said({ role, text, sentAt }: StoredMessage, to: Terminal): string {
  const head = bold(inert(`${minuteOf(sentAt)}  ${role}`.trim()), to);
  const lines = text === "" ? ["(no text)"] : inertLines(text);
  return `\n${[head, ...lines].join("\n")}\n`;
}
