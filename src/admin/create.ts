import type { Audit } from "../store/audit.ts";
import type { Tokens } from "../store/tokens.ts";
import { createTokenDesk } from "./access/tokens.ts";
import type { Admin, Listed } from "./admin.ts";
import { createAuditing, createRecorder, type Recorder, recorded } from "./audit.ts";
import { type Exporting, exportOf } from "./export.ts";
import type { ExportedText } from "./exporting.ts";
import { parseQuery } from "./query/query.ts";
import { createReading, type ReadingDeps } from "./reading.ts";
import { forget, type ForgettingDeps, hold, personIn } from "./forgetting.ts";
import { createRemote, type RemoteDeps } from "./remote.ts";
import { sync, type SyncDeps } from "./sync.ts";
import { demand, mustSeeAll, type Viewer } from "./viewer.ts";

export interface AdminDeps extends ReadingDeps, SyncDeps, ForgettingDeps {
  /** `exportedText`, where that is best done. */
  readonly exporting: (what: Exporting) => AsyncIterable<ExportedText>;
  readonly audit: Audit;
  readonly tokens: Tokens;
  readonly telnyx: SyncDeps["telnyx"] & ForgettingDeps["telnyx"] & RemoteDeps["telnyx"];
}

/** The service behind every face. `recorder`: the process's one, where something else records as well. */
export function createAdmin(deps: AdminDeps, recorder = createRecorder(deps)): Omit<Admin, "explain"> {
  return {
    ...recordedReading(deps, recorder),
    ...createAuditing({ ...deps, recorder }),
    ...createTokenDesk({ ...deps, recorder }),
    ...createRemote({ ...deps, recorder }),
    export: async function* (viewer, request) {
      const exporting = exportOf(deps.clock, viewer, request);
      const content = request.redact ? `redacted: ${request.query}` : request.query;
      const deed = { what: "export", content, count: ({ turns }: ExportedText) => turns };
      yield* recorded(recorder, viewer, deed, async function* () {
        await deps.archive.refresh();
        yield* deps.exporting(exporting);
      });
    },
    ...erasing(deps, recorder),
    sync: async function* (viewer, request) {
      mustSeeAll(demand(viewer, "sync"));
      const content = request.dry ? "only told" : "put right";
      yield* recorded(recorder, viewer, { what: "sync", content }, () => sync(deps, request, deps.signal));
    },
  };
}

function erasing(deps: AdminDeps, recorder: Recorder): Pick<Admin, "forget" | "heard" | "hold"> {
  return {
    forget: async function* (viewer, request) {
      const { query, person, dry } = request;
      demand(viewer, "forget");
      parseQuery(query, deps.clock.now());
      if (person !== undefined) personIn(person);
      const meant = [dry ? "only told:" : "", query, person === undefined ? "" : `person ${person}`];
      const content = meant.filter((word) => word !== "").join(" ");
      yield* recorded(recorder, viewer, { what: "forget", content }, () => forget(deps, viewer, request));
    },
    heard: async (viewer, person) => {
      demand(viewer, "read");
      const { them } = personIn(person);
      if (viewer.id !== person) mustSeeAll(viewer);
      await deps.archive.refresh();
      const sum = await deps.archive.heardOf(them);
      await recorder.look(viewer, { what: "heard", content: `person ${person}`, rows: sum.messages });
      return sum;
    },
    hold: async (viewer, query, held) => {
      demand(viewer, "hold");
      parseQuery(query, deps.clock.now());
      const end = await recorder.begin(viewer, { what: held ? "hold" : "release", content: query });
      const count = await hold(deps, viewer, { query, held });
      await end(count);
      return count;
    },
  };
}

type Reading = ReturnType<typeof createReading>;
type Told = Pick<Listed<unknown>, "query" | "near">;

/** Who finds nothing is told what there is instead: names as they complete, or that there are such words. */
async function recordNear(recorder: Recorder, viewer: Viewer, { query, near }: Told): Promise<void> {
  if (!near || near.queries.length === 0) return;
  for (const field of new Set(near.unknown.map((one) => one.field))) {
    const content = field === "text" ? query : field;
    await recorder.look(viewer, { what: "names", content, rows: 1, fromAnywhere: field !== "text" });
  }
}

/** What is looked at, recorded before it is shown. `plan` shows nothing that was said or done. */
function recordedReading(deps: AdminDeps, recorder: Recorder): Reading {
  const reading = createReading(deps);
  const lookNear = (viewer: Viewer, found: Told) => recordNear(recorder, viewer, found);
  return {
    plan: (viewer, request) => reading.plan(viewer, request),
    conversations: async (viewer, request) => {
      const found = await reading.conversations(viewer, request);
      const { length: rows } = found.rows;
      await recorder.look(viewer, { what: "conversations", content: found.query, rows, page: request.after });
      await lookNear(viewer, found);
      return found;
    },
    turns: async (viewer, request) => {
      const found = await reading.turns(viewer, request);
      const { length: rows } = found.rows;
      await recorder.look(viewer, { what: "turns", content: found.query, rows, page: request.after });
      await lookNear(viewer, found);
      return found;
    },
    usage: async (viewer, request) => {
      const found = await reading.usage(viewer, request);
      const { turns: rows } = found.total;
      await recorder.look(viewer, { what: "usage", content: found.query, rows, page: found.by });
      await lookNear(viewer, found);
      return found;
    },
    show: async (viewer, key, part) => {
      const shown = await reading.show(viewer, key, part);
      const content = `${key.place} ${key.generation}`;
      // A conversation without turns is shown as well.
      const rows = shown ? Math.max(1, shown.turns.length) : 0;
      await recorder.look(viewer, {
        what: "show",
        content,
        rows,
        page: part?.after ?? part?.from?.toString(),
      });
      return shown;
    },
    names: async (viewer, field, prefix) => {
      const found = await reading.names(viewer, field, prefix);
      // By the field alone: it is asked with each key that is pressed.
      const rows = Math.min(1, found.length);
      await recorder.look(viewer, { what: "names", content: field, rows, fromAnywhere: true });
      return found;
    },
  };
}
