import type { Clock } from "../clock.ts";
import { listQuery } from "../telnyx/filters.ts";
import { type StoredMessage, type Telnyx, type TelnyxConversation, TelnyxError } from "../telnyx/telnyx.ts";
import { type Recorder, recorded } from "./audit.ts";
import { parseQuery, printQuery, type Query } from "./query/query.ts";
import { atTelnyx, toTelnyx } from "./query/telnyx.ts";
import { demand, mustSeeAll, type Viewer } from "./viewer.ts";

export interface RemoteRequest {
  readonly query: string;
  /** How many at the most. Absent: all. */
  readonly limit?: number;
}

/** What Telnyx is asked, and what it gives. */
export interface Remote {
  /** The query as it was understood. */
  readonly query: string;
  /** What Telnyx is asked, as its API has it; the rest is looked at when the list has come. */
  readonly filters: string;
  /** What Telnyx knows nothing of, by the query's fields: what depends on it is left out of the question. */
  readonly unknown: readonly string[];
  /** Asked for as they are read, in the order in which the conversations were made. */
  readonly rows: AsyncIterable<TelnyxConversation>;
}

export interface RemoteShown {
  readonly conversation: TelnyxConversation;
  readonly messages: readonly StoredMessage[];
}

export interface RemoteDeps {
  readonly telnyx: Pick<Telnyx, "listConversations" | "getConversation" | "getMessages">;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** How many rows are asked for at once, at the least (src/telnyx/listing.ts). */
const PAGE = 100;

/**
 * What Telnyx itself has: also conversations that other tools made, and those that were lost here. Nothing there says who may see what, so it is for whoever sees
 * everything. Rejects with what `Admin` throws, and with `TelnyxError`.
 */
export function createRemote(deps: RemoteDeps) {
  const { telnyx, clock, recorder, signal } = deps;
  return {
    remote: (viewer: Viewer, { query: text, limit = Infinity }: RemoteRequest): Remote => {
      mustSeeAll(demand(viewer, "read"));
      const query = parseQuery(text, clock.now());
      const printed = printQuery(query);
      const { where, or, unknown } = toTelnyx(query.where);
      const order = orderOf(query);
      const filters = listQuery({ where, or, order, limit: Math.min(PAGE, limit) });
      const asked = telnyx.listConversations.bind(telnyx, { where, or, order }, signal);
      const rows = recorded(recorder, viewer, { what: "remote", content: printed }, () =>
        meeting(query, asked, limit),
      );
      return { query: printed, filters: decodeURIComponent(filters), unknown, rows };
    },
    /** Undefined: there is no such conversation. */
    remoteShow: async (viewer: Viewer, id: string): Promise<RemoteShown | undefined> => {
      mustSeeAll(demand(viewer, "read"));
      const shown = await shownAt(deps, id);
      if (shown)
        await recorder.look(viewer, {
          what: "remote_show",
          content: id,
          rows: Math.max(1, shown.messages.length),
        });
      return shown;
    },
  };
}

/** Of Telnyx's orders the one by the newest message has no place for conversations without one. */
const orderOf = ({ sort }: Query) =>
  ({ by: "created_at", direction: sort.by === "started" ? sort.direction : "desc" }) as const;

/** What is not decided by what Telnyx knows counts as met. */
async function* meeting(
  { where }: Query,
  ask: () => AsyncIterable<TelnyxConversation>,
  limit: number,
): AsyncGenerator<TelnyxConversation> {
  let count = 0;
  for await (const row of ask()) {
    if (atTelnyx(where, row) === false) continue;
    yield row;
    count += 1;
    if (count >= limit) return;
  }
}

async function shownAt({ telnyx, signal }: RemoteDeps, id: string): Promise<RemoteShown | undefined> {
  try {
    const conversation = await telnyx.getConversation(id, signal);
    return { conversation, messages: await telnyx.getMessages(id, signal) };
  } catch (error) {
    if (error instanceof TelnyxError && error.reason === "conversation_gone") return undefined;
    throw error;
  }
}
