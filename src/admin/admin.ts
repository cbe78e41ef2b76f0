import type { ConversationFacts, ConversationKey, TurnContent, TurnFacts } from "../store/archive.ts";
import type { Grouping, Sum, SumBy } from "../store/sums.ts";
import type { HeardSum } from "../store/heard.ts";
import type { Head, Verdict } from "../store/audit.ts";
import type { TokenDesk } from "./access/tokens.ts";
import type { Audited, AuditRequest } from "./audit.ts";
import type { Explanation } from "./explain.ts";
import type { ExportRequest } from "./export.ts";
import type { ExportedText } from "./exporting.ts";
import type { Forgotten, ForgetRequest } from "./forget.ts";
import type { Near } from "./near.ts";
import type { Completed } from "./query/field.ts";
import type { Remote, RemoteRequest, RemoteShown } from "./remote.ts";
import type { Difference, SyncRequest } from "./sync.ts";
import type { Viewer } from "./viewer.ts";

/**
 * What all faces ask: the command line, the API, the console and the command in the chat. Every call checks what the viewer may, and answers
 * with plain data. What it shows or does is in the audit before anybody sees it; what cannot be recorded is refused. Throws `QueryError` for a
 * query that is not right, `PatchcordError` `not_allowed` for what the viewer may not and `not_recorded`, and the store's errors.
 */
export interface Admin extends TokenDesk {
  conversations(viewer: Viewer, request: ListRequest): Promise<Listed<ListedConversation>>;
  turns(viewer: Viewer, request: ListRequest): Promise<Listed<ListedTurn>>;
  usage(viewer: Viewer, request: UsageRequest): Promise<Usage>;
  /** A part of what was said in a conversation, oldest first. Undefined: there is none that this viewer may see. */
  show(viewer: Viewer, key: ConversationKey, part?: Part): Promise<Shown | undefined>;
  /** Names that begin so, or models of whose name it is a part, for completion. It is asked with every key that is pressed. */
  names(viewer: Viewer, field: Completed, prefix: string): Promise<readonly string[]>;
  /** The statement that a query becomes. */
  plan(viewer: Viewer, request: ListRequest): string;
  /** The turns that meet the query, by conversation, as text: in pieces, so that it takes the same memory however much there is. Needs the right `export`. */
  export(viewer: Viewer, request: ExportRequest): AsyncIterable<ExportedText>;
  /** Tells of each conversation what was forgotten of it. Needs the right `forget`. What was asked for is done also if nobody listens. */
  forget(viewer: Viewer, request: ForgetRequest): AsyncIterable<Forgotten>;
  /** How much of what this person (`slack:T1:U1`) said the model was given without being asked by them. For that person, and for who sees everything. */
  heard(viewer: Viewer, person: string): Promise<HeardSum>;
  /** Keeps what meets the query from being forgotten, or no longer. Returns how many conversations. Needs the right `hold`. */
  hold(viewer: Viewer, query: string, held: boolean): Promise<number>;
  /** Compares with Telnyx, and puts right what differs if that is asked for. Needs the right `sync`. */
  sync(viewer: Viewer, request: SyncRequest): AsyncIterable<Difference>;
  /** Conversations at Telnyx that meet the query, also others than ours. Nothing is asked before they are read. For who sees everything. */
  remote(viewer: Viewer, request: RemoteRequest): Remote;
  /** What Telnyx has of a conversation, by its id there. For who sees everything. */
  remoteShow(viewer: Viewer, id: string): Promise<RemoteShown | undefined>;
  /** What became of a message, and why, by a link to it or to our answer, or as `turn:17`. */
  explain(viewer: Viewer, link: string): Promise<Explanation>;
  /** What was looked at and done, the newest first: what the viewer did, or all of it for who sees everything. Needs the right `audit`. */
  audit(viewer: Viewer, request: AuditRequest): Promise<Audited>;
  /** Whether the audit is as it was written. `head`: an entry that was noted elsewhere. Needs the right `audit`. */
  verify(viewer: Viewer, head?: Head): Promise<Verdict>;
}

export interface ListRequest {
  readonly query: string;
  /** 50 if left out, at most 1,000. */
  readonly limit?: number;
  /** Goes on behind a page's `next`. */
  readonly after?: string;
}

export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
  /** The query as it was understood. */
  readonly query: string;
  /** Where nothing was found and a part of the query is why. */
  readonly near?: Near;
}

export interface ListedConversation extends ConversationFacts {
  /** Whether the viewer may read what was said. */
  readonly readable: boolean;
  /** How it begins, in a few plain words: only where that may be read, and was not forgotten. */
  readonly excerpt?: string;
  /** The address of its first message on its platform. */
  readonly link?: string;
}

export interface ListedTurn extends TurnFacts {
  readonly readable: boolean;
  readonly link?: string;
  /** Only where it may be read, and was not forgotten. */
  readonly content?: TurnContent;
}

export interface UsageRequest {
  readonly query: string;
  /** In place of the query's `by:`. */
  readonly by?: SumBy;
  /** How many rows, at most 400. */
  readonly limit?: number;
  /** By what else it is summed for the same page: asked for at once, the turns are looked at once. */
  readonly also?: readonly Grouping[];
}

export interface Usage {
  readonly query: string;
  readonly by?: SumBy;
  readonly rows: readonly Sum[];
  readonly total: Sum;
  /** Where there are no turns and a part of the query is why. */
  readonly near?: Near;
  /** The rows of each of `UsageRequest.also`, in its place. */
  readonly also?: readonly (readonly Sum[])[];
}

export interface Part {
  readonly limit?: number;
  readonly after?: string;
  /** Begins with this turn. */
  readonly from?: number;
}

export interface Shown {
  readonly conversation: ListedConversation;
  readonly turns: readonly ListedTurn[];
  readonly next?: string;
}
