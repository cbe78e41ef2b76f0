import type { Condition, ConversationFacts, TurnFacts } from "../store/archive.ts";
import type { ListedConversation, ListedTurn } from "./admin.ts";
import { asked, conversationsFor, type ReadingDeps, turnsFor } from "./reading.ts";
import type { Redactor } from "./redact.ts";
import { demand, type Viewer } from "./viewer.ts";

export interface ExportRequest {
  readonly query: string;
  /** Names become pseudonyms, and what the patterns find is taken out. */
  readonly redact: boolean;
}

export interface ExportedConversation {
  readonly conversation: ListedConversation;
  /** Those that meet the query, oldest first. */
  readonly turns: readonly ListedTurn[];
}

export interface ExportDeps extends ReadingDeps {
  readonly redactor: Redactor;
}

/** So many conversations, and at most so many turns at once: a conversation is in memory as a whole, and not much more. */
const CONVERSATIONS = 500;
const TURNS = 1_000;

/** The turns that meet the query, by conversation, in the query's order. Throws what `Admin` throws. */
export async function* exported(
  deps: ExportDeps,
  whoever: Viewer,
  { query, redact }: ExportRequest,
): AsyncGenerator<ExportedConversation> {
  const viewer = demand(whoever, "export");
  const { search } = asked(deps.clock, viewer, { query, limit: CONVERSATIONS });
  await deps.archive.refresh();
  for (let after: string | undefined; ;) {
    const page = await deps.archive.conversations({ ...search, ...(after !== undefined && { after }) });
    const turns = await turnsIn(deps, viewer, { where: search.where, conversations: page.rows });
    for (const conversation of await conversationsFor(deps, viewer, page.rows)) {
      const whole = { conversation, turns: turns.get(keyOf(conversation)) ?? [] };
      yield redact ? deps.redactor.conversation(whole) : whole;
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

interface Page {
  readonly where: Condition;
  readonly conversations: readonly ConversationFacts[];
}

/** All turns of these conversations that meet the condition, by conversation, and of no others: asked for together, since each question costs more than a turn. */
async function turnsIn(
  deps: ExportDeps,
  viewer: Viewer,
  { where, conversations }: Page,
): Promise<ReadonlyMap<string, readonly ListedTurn[]>> {
  const found = new Map<string, ListedTurn[]>(conversations.map((conversation) => [keyOf(conversation), []]));
  const inThese: Condition = {
    kind: "word",
    field: "place",
    values: conversations.map(({ place }) => place),
  };
  for (let after: string | undefined; conversations.length > 0;) {
    const page = await deps.archive.turns({
      where: { kind: "all", of: [inThese, where] },
      sort: { by: "started", direction: "asc" },
      limit: TURNS,
      ...(after !== undefined && { after }),
    });
    // A place may have had other conversations, too.
    const theirs = page.rows.filter((turn) => found.has(keyOf(turn)));
    for (const turn of await turnsFor(deps, viewer, theirs)) found.get(keyOf(turn))?.push(turn);
    if (page.next === undefined) break;
    after = page.next;
  }
  return found;
}

const keyOf = ({ place, generation }: ConversationFacts | TurnFacts) => `${generation} ${place}`;
