import { basename, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The rooms whose files wait for processes, browsers and databases, the slowest first. */
const SLOW = ["chaos", "e2e", "browser", "store", "cli"];
/** What a contract asks is in other files: the shortest of all take the longest, in any room. */
const CONTRACT = "contract.test.ts";

/**
 * Begins with the files that take long, so that none runs alone at the end. By itself Vitest knows how long each took, but not in a
 * fresh clone: there it goes by size, and the slowest file is a short one.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const [room = ""] = relative(import.meta.dirname, moduleId).split("/");
  const place = SLOW.indexOf(room);
  if (place !== -1) return place;
  return basename(moduleId) === CONTRACT ? SLOW.length : SLOW.length + 1;
}
