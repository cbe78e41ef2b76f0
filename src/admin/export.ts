import type { Clock } from "../clock.ts";
import type { Condition, ConversationFacts, Search } from "../store/archive.ts";
import type { ListedConversation, ListedTurn } from "./admin.ts";
import { asked, conversationsFor, type FoundDeps, turnsFor } from "./reading.ts";
import type { Redactor } from "./redact.ts";
import { demand, type Viewer } from "./viewer.ts";
import type { ExportFormat } from "./written.ts";

export interface ExportRequest {
  readonly query: string;
  /** Names become pseudonyms, and what the patterns find is taken out. */
  readonly redact: boolean;
  readonly format: ExportFormat;
}

/** What is exported, and for whom, as plain data: it may be done on another thread. */
export interface Exporting extends Pick<ExportRequest, "redact" | "format"> {
  readonly viewer: Viewer;
  readonly search: Search;
}

/** A conversation, or a part of one that is too long to be in memory as a whole: its parts follow each other. */
export interface ExportedPart {
  readonly conversation: ListedConversation;
  /** Of those that meet the query, the next, oldest first. */
  readonly turns: readonly ListedTurn[];
  /** It is the conversation's first part, and its last: most have one, which is both. */
  readonly begins: boolean;
  readonly ends: boolean;
}

export interface ExportDeps extends FoundDeps {
  readonly redactor: Redactor;
}

/** So many conversations are looked for at once: each search costs some milliseconds, however little it finds. */
const CONVERSATIONS = 200;
/** So many turns are in memory, and are made ready in one go: in about 10 ms, in which the bot does nothing else. */
const TURNS = 250;

/** What a request means. Throws what `Admin` throws. */
export function exportOf(clock: Clock, whoever: Viewer, { query, ...how }: ExportRequest): Exporting {
  const viewer = demand(whoever, "export");
  return { ...how, viewer, search: asked(clock, viewer, { query, limit: CONVERSATIONS }).search };
}

/** The turns that meet the query, by conversation, in the query's order. */
export async function* exported(
  deps: ExportDeps,
  { viewer, search, redact }: Omit<Exporting, "format">,
): AsyncGenerator<ExportedPart> {
  for (let after: string | undefined; ;) {
    const page = await deps.archive.conversations({ ...search, ...(after !== undefined && { after }) });
    const conversations = await conversationsFor(deps, viewer, page.rows);
    const parts = inParts(conversations, turnsIn(deps, viewer, { where: search.where, of: page.rows }));
    yield* redact ? redacted(deps, conversations, parts) : parts;
    if (page.next === undefined) return;
    after = page.next;
  }
}

interface Wanted {
  readonly where: Condition;
  readonly of: readonly ConversationFacts[];
}

async function* turnsIn(
  deps: ExportDeps,
  viewer: Viewer,
  { where, of }: Wanted,
): AsyncGenerator<readonly ListedTurn[]> {
  for await (const turns of deps.archive.turnsIn(of, { where, limit: TURNS }))
    yield await turnsFor(deps, viewer, turns);
}

/** The conversations in their order, with their turns, which come in the same order. Each is there, also without turns. */
async function* inParts(
  conversations: readonly ListedConversation[],
  pages: AsyncIterable<readonly ListedTurn[]>,
): AsyncGenerator<ExportedPart> {
  const left = conversations.values();
  let conversation = left.next().value;
  // They wait until it is known whether they are the last.
  let turns: ListedTurn[] = [];
  let begins = true;
  for await (const page of pages) {
    if (conversation && turns.length > 0 && page.some((turn) => isIn(turn, conversation))) {
      yield { conversation, turns, begins, ends: false };
      [turns, begins] = [[], false];
    }
    for (const turn of page) {
      while (conversation && !isIn(turn, conversation)) {
        yield { conversation, turns, begins, ends: true };
        [conversation, turns, begins] = [left.next().value, [], true];
      }
      turns.push(turn);
    }
  }
  for (; conversation; [conversation, turns, begins] = [left.next().value, [], true])
    yield { conversation, turns, begins, ends: true };
}

const isIn = (turn: ListedTurn, conversation: ListedConversation | undefined) =>
  turn.place === conversation?.place && turn.generation === conversation.generation;

async function* redacted(
  { archive, redactor }: ExportDeps,
  conversations: readonly ListedConversation[],
  parts: AsyncIterable<ExportedPart>,
): AsyncGenerator<ExportedPart> {
  const people = await archive.peopleIn(conversations);
  const others = people.values();
  let redact: ReturnType<Redactor["of"]> | undefined;
  for await (const part of parts) {
    if (part.begins || !redact) redact = redactor.of(part.conversation, others.next().value ?? []);
    yield redact(part);
  }
}
