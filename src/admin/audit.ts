import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Audit, AuditSearch, Entry, Head, NewEntry, Verdict } from "../store/audit.ts";
import { demand, readsAll, type Viewer } from "./viewer.ts";

/** Writes down who looked at what. What cannot be written down is refused: both reject with `not_recorded`. */
export interface Recorder {
  /**
   * Somebody is about to be shown these rows. What shows none is not recorded, and a look that is repeated within a minute and shows no more
   * than before is one entry: a page that follows a reply asks every second. Each query that showed something is an entry of its own, also
   * those on the way to what somebody types: else a beginning of it would be a way to look unseen.
   */
  look(viewer: Viewer, look: Look): Promise<void>;
  /** Something is about to be done. What it returns is called at its end, with how many rows that were. */
  begin(viewer: Viewer, deed: Pick<Look, "what" | "content">): Promise<(rows: number) => Promise<void>>;
  /** Something has come to its end that was recorded when it was asked for. */
  finished(viewer: Viewer, deed: Omit<Look, "page">): Promise<void>;
}

interface Look extends Pick<NewEntry, "what" | "content"> {
  readonly rows: number;
  /** Which page of it. */
  readonly page?: string | undefined;
  /** It is asked again by processes that know nothing of each other, as a shell does that completes: the audit itself is asked whether it is the same look. */
  readonly fromAnywhere?: boolean;
}

/** Milliseconds in which a look that is repeated is the same. */
const SAME_MS = 60_000;
/** More kinds of names than complete. */
const LATELY = 20;
/** So many looks are remembered before those that are over are let go. */
const REMEMBERED = 1_000;

export function createRecorder({ audit, clock }: RecorderDeps): Recorder {
  const recent = new Map<string, { readonly until: number; readonly rows: number }>();
  const write = async ({ id: who, via }: Viewer, entry: Omit<NewEntry, "who" | "via">) => {
    try {
      return await audit.append({ who, via, ...entry });
    } catch (cause) {
      throw new PatchcordError(
        "not_recorded",
        "What admins look at and do is recorded, and that cannot be done now: so nothing is shown or done. Please try again in a minute.",
        { cause },
      );
    }
  };
  const wasWritten = async ({ id: who, via }: Viewer, { what, content, rows }: Look) => {
    const search = { who, what: [what], since: clock.now() - SAME_MS, limit: LATELY };
    const found = await audit.list(search);
    return found.rows.some((one) => one.via === via && one.content === content && (one.rows ?? 0) >= rows);
  };
  return {
    look: async (viewer, { what, content, rows, page, fromAnywhere }) => {
      const now = clock.monotonic();
      const key = JSON.stringify([viewer.id, viewer.via, what, content, page]);
      const before = recent.get(key);
      if (rows === 0 || (before && before.until > now && before.rows >= rows)) return;
      if (!(fromAnywhere && (await wasWritten(viewer, { what, content, rows }))))
        await write(viewer, { what, content, rows });
      if (recent.size >= REMEMBERED)
        for (const [other, { until }] of recent) if (until <= now) recent.delete(other);
      recent.set(key, { until: now + SAME_MS, rows });
    },
    finished: async (viewer, deed) => void (await write(viewer, deed)),
    begin: async (viewer, { what, content }) => {
      const about = await write(viewer, { what, content });
      return async (rows) => void (await write(viewer, { what: `${what}.end`, content: "", about, rows }));
    },
  };
}

interface RecorderDeps {
  readonly audit: Pick<Audit, "append" | "list">;
  readonly clock: Clock;
}

interface Deed<Row> extends Pick<Look, "what" | "content"> {
  readonly count?: (row: Row) => number;
}

/** The rows as they come, between an entry before the first of them and one behind the last, or the last that anybody took. */
export async function* recorded<Row>(
  recorder: Recorder,
  viewer: Viewer,
  { what, content, count = () => 1 }: Deed<Row>,
  rows: () => AsyncIterable<Row>,
): AsyncGenerator<Row> {
  const end = await recorder.begin(viewer, { what, content });
  let shown = 0;
  try {
    for await (const row of rows()) {
      shown += count(row);
      yield row;
    }
  } finally {
    await end(shown);
  }
}

export interface AuditRequest extends Omit<AuditSearch, "limit"> {
  /** 50 if left out, at most 1,000. */
  readonly limit?: number;
}

export interface Audited {
  readonly rows: readonly Entry[];
  readonly next?: string;
}

/** What the audit is asked. Whoever does not see everything sees what they did themselves. Throws `not_allowed`, `not_recorded`, and the store's errors. */
export function createAuditing({ audit, recorder }: { audit: Audit; recorder: Recorder }) {
  return {
    audit: async (viewer: Viewer, { limit = 50, ...search }: AuditRequest): Promise<Audited> => {
      demand(viewer, "audit");
      const found = await audit.list({ ...search, limit, ...(!readsAll(viewer) && { who: viewer.id }) });
      const { after: page, ...asked } = search;
      await recorder.look(viewer, {
        what: "audit",
        content: JSON.stringify(asked),
        rows: found.rows.length,
        page,
      });
      return found;
    },
    verify: (viewer: Viewer, head?: Head): Promise<Verdict> => {
      demand(viewer, "audit");
      return audit.verify(head);
    },
  };
}
