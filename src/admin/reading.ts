import type { Links } from "../chat/links.ts";
import type { MessageId } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import type {
  Archive,
  Condition,
  ConversationFacts,
  ConversationKey,
  PlaceFacts,
  Search,
  TurnContent,
  TurnFacts,
} from "../store/archive.ts";
import type { Readable } from "../store/aside.ts";
import type { SumBy } from "../store/sums.ts";
import type {
  Admin,
  Listed,
  ListedConversation,
  ListedTurn,
  ListRequest,
  Part,
  Shown,
  Usage,
  UsageRequest,
} from "./admin.ts";
import { keyText, readableAmong, withExcerpts } from "./excerpts.ts";
import { namesFor } from "./names.ts";
import { type Near, nearTo } from "./near.ts";
import { parseQuery, printQuery, type Query } from "./query/query.ts";
import { demand, readBy, readsAll, seenBy, seesAll, type Viewer, within } from "./viewer.ts";

export interface ReadingDeps {
  readonly archive: Archive;
  readonly links: Links;
  readonly clock: Clock;
}

/** What it takes to look at what a search found. */
export interface FoundDeps extends Pick<ReadingDeps, "links"> {
  readonly archive: Readable;
}

const DEFAULT_LIMIT = 50;
const MOST = 1_000;
const MOST_NAMES = 20;
/** One row a day for a year, or all that anybody looks through. */
const MOST_SUMS = 400;

type Reading = Pick<Admin, "conversations" | "turns" | "usage" | "show" | "names" | "plan">;

/** What admins look at. */
export function createReading(deps: ReadingDeps): Reading {
  const { archive, clock } = deps;
  return {
    async conversations(viewer, request) {
      const { query, search } = asked(clock, viewer, request);
      await archive.refresh();
      const { rows, next } = await archive.conversations(search);
      const conversations = await conversationsFor(deps, viewer, rows);
      const found = listed(query, await withExcerpts(archive, viewer, conversations), next);
      return { ...found, ...(await ifEmpty(deps, viewer, { query, search, rows })) };
    },
    async turns(viewer, request) {
      const { query, search } = asked(clock, viewer, request);
      await archive.refresh();
      const { rows, next } = await archive.turns(search);
      const found = listed(query, await turnsFor(deps, viewer, rows), next);
      return { ...found, ...(await ifEmpty(deps, viewer, { query, search, rows })) };
    },
    async usage(viewer, request) {
      await archive.refresh();
      return usageFor(deps, viewer, request);
    },
    async show(viewer, key, part = {}) {
      demand(viewer, "read");
      await archive.refresh();
      return shownTo(deps, viewer, key, part);
    },
    async names(viewer, field, prefix) {
      demand(viewer, "read");
      return namesFor(archive, viewer, { field, prefix, limit: MOST_NAMES });
    },
    plan: (viewer, request) => archive.explain(asked(clock, viewer, request).search),
  };
}

/** What a viewer's question becomes. Throws `QueryError`, and `not_allowed` for who may not look at all. */
export function asked(
  clock: Clock,
  viewer: Viewer,
  { query: text, limit = DEFAULT_LIMIT, after }: ListRequest,
): { readonly query: Query; readonly search: Search } {
  demand(viewer, "read");
  const query = parseQuery(text, clock.now());
  return {
    query,
    search: {
      where: within(query.where, viewer),
      sort: query.sort,
      limit: Math.min(MOST, Math.max(1, Math.trunc(limit))),
      ...(after !== undefined && { after }),
    },
  };
}

function listed<Row>(query: Query, rows: readonly Row[], next: string | undefined): Listed<Row> {
  return { rows, query: printQuery(query), ...(next !== undefined && { next }) };
}

interface Sought {
  readonly query: Query;
  readonly search: Pick<Search, "after">;
  readonly rows: readonly unknown[];
}

/** Behind the last row of what was found there is nothing to be explained. */
async function ifEmpty(
  { archive }: Pick<ReadingDeps, "archive">,
  viewer: Viewer,
  { query, search: { after }, rows }: Sought,
): Promise<{ readonly near?: Near }> {
  if (rows.length > 0 || after !== undefined) return {};
  const near = await nearTo(archive, viewer, query);
  return near ? { near } : {};
}

async function usageFor(
  { archive, clock }: ReadingDeps,
  viewer: Viewer,
  request: UsageRequest,
): Promise<Usage> {
  const { query, search } = asked(clock, viewer, request);
  const by: SumBy | undefined = request.by ?? query.by;
  const { limit, also } = request;
  const groupings = [
    { ...(by !== undefined && { by }), ...(limit !== undefined && { limit }) },
    ...(also ?? []),
  ].map((one) => ({
    ...one,
    limit: Math.min(MOST_SUMS, one.limit ?? MOST_SUMS),
    // The same channel or person may be called otherwise where the viewer sees nothing.
    ...(!seesAll(viewer) && { namedIn: seenBy(viewer) }),
  }));
  const [[total] = [], rows = [], ...others] = await archive.sums(search.where, [{}, ...groupings]);
  if (!total) throw new Error("a sum without a key has one row");
  return {
    query: printQuery(query),
    rows,
    total,
    ...(total.turns === 0 && (await ifEmpty({ archive }, viewer, { query, search, rows: [] }))),
    ...(also && { also: others }),
    ...(by !== undefined && { by }),
  };
}

async function shownTo(
  deps: ReadingDeps,
  viewer: Viewer,
  key: ConversationKey,
  { limit = DEFAULT_LIMIT, after, from }: Part,
): Promise<Shown | undefined> {
  const where = within(one(key), viewer);
  const turn = from === undefined ? undefined : await deps.archive.turn(from);
  // Nothing is shown by when something was said elsewhere.
  const begin = turn?.place === key.place && turn.generation === key.generation ? turn : undefined;
  const { rows } = await deps.archive.conversations({ where, sort: OLDEST_FIRST, limit: 1 });
  const conversations = await conversationsFor(deps, viewer, rows);
  const [conversation] = await withExcerpts(deps.archive, viewer, conversations);
  if (!conversation) return undefined;
  const since: Condition = { kind: "number", field: "at", from: begin?.receivedAt ?? 0 };
  const page = await deps.archive.turns({
    where: begin ? { kind: "all", of: [where, since] } : where,
    sort: OLDEST_FIRST,
    limit: Math.min(MOST, limit),
    ...(after !== undefined && { after }),
  });
  return {
    conversation,
    turns: await turnsFor(deps, viewer, page.rows),
    ...(page.next !== undefined && { next: page.next }),
  };
}

const OLDEST_FIRST = { by: "started", direction: "asc" } as const;

/** That conversation, and no other. */
export function one({ place, generation }: ConversationKey): Condition {
  return {
    kind: "all",
    of: [
      { kind: "word", field: "place", values: [place] },
      { kind: "number", field: "generation", from: generation, below: generation + 1 },
    ],
  };
}

/** The conversations with whether the viewer may read what was said in them. */
export async function conversationsFor(
  { archive, links }: FoundDeps,
  viewer: Viewer,
  rows: readonly ConversationFacts[],
): Promise<readonly ListedConversation[]> {
  const linked = rows.map((row) => ({ ...row, ...linkTo(links, row, row.firstMessageId) }));
  if (rows.length === 0 || readsAll(viewer)) return linked.map((row) => ({ ...row, readable: true }));
  const readable = new Set((await archive.meeting(rows, readBy(viewer))).map(keyText));
  return linked.map((row) => ({ ...row, readable: readable.has(keyText(row)) }));
}

/** The address of a message of that place, where it can be told. */
export function linkTo(
  links: Links,
  { platform, place, workspaceUrl }: PlaceFacts,
  message: string | undefined,
): { readonly link?: string } {
  if (message === undefined) return {};
  const at = { place, id: message as MessageId, ...(workspaceUrl !== undefined && { workspaceUrl }) };
  const link = links.linkTo(platform, at);
  return link === undefined ? {} : { link };
}

/** The turns with what was said in them, where the viewer may read it, and with their links. */
export async function turnsFor(
  { archive, links }: FoundDeps,
  viewer: Viewer,
  turns: readonly TurnFacts[],
): Promise<readonly ListedTurn[]> {
  const ids = turns.map(({ id }) => id);
  const readable = await readableAmong(archive, viewer, ids);
  const contents = await archive.contents(ids.filter((id) => readable.has(id)));
  const contentOf = new Map<number, TurnContent>(contents.map((content) => [content.turn, content]));
  return turns.map((turn) => {
    const content = contentOf.get(turn.id);
    return {
      ...turn,
      readable: readable.has(turn.id),
      ...linkTo(links, turn, turn.messageId),
      ...(content && { content }),
    };
  });
}
