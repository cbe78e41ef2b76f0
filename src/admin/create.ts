import type { Admin } from "./admin.ts";
import { exported, type ExportDeps } from "./export.ts";
import { createReading } from "./reading.ts";
import { sync, type SyncDeps } from "./sync.ts";
import { demand } from "./viewer.ts";

export interface AdminDeps extends ExportDeps, SyncDeps {
  /** Ends what takes long. */
  readonly signal: AbortSignal;
}

/** The service behind every face. */
export function createAdmin(deps: AdminDeps): Omit<Admin, "forget" | "hold" | "explain"> {
  return {
    ...createReading(deps),
    export: (viewer, request) => exported(deps, viewer, request),
    sync: async function* (viewer, request) {
      demand(viewer, "sync");
      yield* sync(deps, request, deps.signal);
    },
  };
}
