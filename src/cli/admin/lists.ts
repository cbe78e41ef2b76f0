import type { Admin, ListRequest } from "../../admin/admin.ts";
import { inert } from "../../admin/inert.ts";
import { type Near, nothingMeets } from "../../admin/near.ts";
import type { Viewer } from "../../admin/viewer.ts";
import { CONVERSATION, sumColumns, TURN } from "./columns.ts";
import { type Format, printerOf, progress, type Terminal } from "./output.ts";
import type { Column } from "./table.ts";

/** What a command of admins works with: the calls that it makes, of whom, and where it writes. */
export interface Session<Call extends keyof Admin> {
  readonly admin: Pick<Admin, Call>;
  readonly viewer: Viewer;
  readonly to: Terminal;
}

export interface ListOptions {
  readonly query: string;
  readonly format: Format;
  /** How many at the most. Absent: all. */
  readonly limit?: number;
  /** Prints what the query becomes, and asks nothing. */
  readonly explain: boolean;
}

/** How many are asked for at once, `ListRequest.limit`. */
const PAGE = 1_000;

/** Prints the conversations that meet the query. Throws what `Admin` throws. */
export async function listConversations(
  session: Session<"conversations" | "plan">,
  options: ListOptions,
): Promise<void> {
  const { admin, viewer } = session;
  await list(session, options, {
    columns: CONVERSATION,
    ask: (request) => admin.conversations(viewer, request),
  });
}

/** Prints the turns that meet the query. Throws what `Admin` throws. */
export async function listTurns(session: Session<"turns" | "plan">, options: ListOptions): Promise<void> {
  const { admin, viewer } = session;
  await list(session, options, { columns: TURN, ask: (request) => admin.turns(viewer, request) });
}

/** Prints the sums that the query asks for; as a table with all of them together below. Throws what `Admin` throws. */
export async function printUsage(
  { admin, viewer, to }: Session<"usage" | "plan">,
  options: ListOptions,
): Promise<void> {
  const { query, format, limit } = options;
  if (options.explain) return to.write(`${admin.plan(viewer, { query })}\n`);
  const { rows, total, by, near } = await admin.usage(viewer, {
    query,
    ...(limit !== undefined && { limit }),
  });
  const printer = printerOf(format, sumColumns(by), to);
  const together =
    by !== undefined && format === "table" && rows.length > 0 ? [{ ...total, key: "all" }] : [];
  printer.rows([...rows, ...together]);
  printer.end();
  if (near && format === "table") tellNear(near, to);
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
  readonly near?: Near;
}

interface Rows<Row> {
  readonly columns: readonly Column<Row>[];
  readonly ask: (page: Pick<ListRequest, "limit" | "after">) => Promise<Page<Row>>;
}

async function list<Row>(
  { admin, viewer, to }: Session<"plan">,
  options: ListOptions,
  {
    columns,
    ask,
  }: { readonly columns: readonly Column<Row>[]; readonly ask: (request: ListRequest) => Promise<Page<Row>> },
): Promise<void> {
  const { query, limit = Infinity } = options;
  if (options.explain) return to.write(`${admin.plan(viewer, { query, limit: Math.min(limit, PAGE) })}\n`);
  let near: Near | undefined;
  const asking = async (page: Pick<ListRequest, "limit" | "after">) => {
    const found = await ask({ query, ...page });
    near = found.near;
    return found;
  };
  await eachPage(to, options, { columns, ask: asking });
  if (near && options.format === "table") tellNear(near, to);
}

function tellNear(near: Near, to: Terminal): void {
  const instead = near.queries.map((query) => `  ${inert(query)}\n`).join("");
  to.tell(`${inert(nothingMeets(near))}${instead === "" ? "" : " Near it:"}\n${instead}`);
}

/** Prints rows, page by page. Throws what `ask` throws. */
export async function eachPage<Row>(
  to: Terminal,
  { format, limit = Infinity }: Pick<ListOptions, "format" | "limit">,
  { columns, ask }: Rows<Row>,
): Promise<void> {
  const printer = printerOf(format, columns, to);
  const bar = progress(to);
  let [count, after]: [number, string | undefined] = [0, undefined];
  do {
    const page: Page<Row> = await ask({
      limit: Math.min(PAGE, limit - count),
      ...(after !== undefined && { after }),
    });
    bar.clear();
    printer.rows(page.rows);
    await to.taken();
    [count, after] = [count + page.rows.length, page.next];
    if (after !== undefined) bar.show(`${count} so far`);
  } while (after !== undefined && count < limit);
  bar.clear();
  printer.end();
  if (after !== undefined && format === "table")
    to.tell("There are more: --all prints them, --limit another number.\n");
}
