import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { type Bench, openBench } from "./harness.ts";

/** A bench whose processes can be killed: what they store is in a file. For each test of the suite that calls this, a new one. */
export function useKilledBench(): () => Bench {
  let folder: string;
  let bench: Bench;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "patchcord-"));
    bench = await openBench({ path: join(folder, "test.db"), pageLength: 300 });
  });
  afterEach(async () => {
    // A reply that is begun anew with another text may change a page that was final.
    expect(bench.chat.violations.filter((text) => !text.includes("after it was final"))).toEqual([]);
    await bench.close();
    rmSync(folder, { recursive: true });
  });
  return () => bench;
}
