import type { Condition, ConversationFacts, TurnFacts } from "../store/archive.ts";
import type { ListedConversation, ListedTurn } from "./admin.ts";
import { asked, conversationsFor, one, type ReadingDeps, turnsFor } from "./reading.ts";
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
const CONVERSATIONS = 100;
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
    const turns = await turnsIn(deps, search.where, page.rows);
    for (const conversation of await conversationsFor(deps, viewer, page.rows)) {
      const found = await turnsFor(deps, viewer, turns.get(keyOf(conversation)) ?? []);
      const whole = { conversation, turns: found };
      yield redact ? deps.redactor.conversation(whole) : whole;
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

/** All turns of these conversations that meet the condition, by conversation. */
async function turnsIn(
  { archive }: ExportDeps,
  where: Condition,
  conversations: readonly ConversationFacts[],
): Promise<ReadonlyMap<string, readonly TurnFacts[]>> {
  const found = new Map<string, TurnFacts[]>();
  const inThese: Condition = { kind: "any", of: conversations.map(one) };
  for (let after: string | undefined; conversations.length > 0;) {
    const page = await archive.turns({
      where: { kind: "all", of: [where, inThese] },
      sort: { by: "started", direction: "asc" },
      limit: TURNS,
      ...(after !== undefined && { after }),
    });
    for (const turn of page.rows) found.set(keyOf(turn), [...(found.get(keyOf(turn)) ?? []), turn]);
    if (page.next === undefined) break;
    after = page.next;
  }
  return found;
}

const keyOf = ({ place, generation }: ConversationFacts | TurnFacts) => `${generation} ${place}`;
