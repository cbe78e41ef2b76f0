import type { Admin } from "../admin.ts";
import { complete, type Completion } from "../query/complete.ts";
import type { Viewer } from "../viewer.ts";

/** What may stand at the cursor. Only names that the viewer may see are among it. Throws what `Admin` throws. */
export function completionFor(
  admin: Admin,
  viewer: Viewer,
  { text, cursor }: { readonly text: string; readonly cursor: number },
): Promise<Completion> {
  return complete(text, cursor, (what, prefix) => admin.names(viewer, what, prefix));
}
