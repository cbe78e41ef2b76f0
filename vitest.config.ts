import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./test/eventually.ts";
import { SlowFirst } from "./test/slow-first.ts";

// The processes that tests start load much of what was compiled for those before them.
process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "node-compile-cache");

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    globalSetup: ["test/in-memory.ts"],
    // They end what hangs. How long something takes on a busy machine is no test's question.
    testTimeout: 4 * PATIENCE_MS,
    hookTimeout: 4 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
    // Files share a worker and the modules it has loaded, which keep no state: loading them for each file anew takes half of the time.
    // So a module that tests share registers no hooks: it would for the first file alone.
    isolate: false,
    // More than half of a worker's time is spent waiting, for sockets, processes and pauses: two for each core.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: SlowFirst },
  },
});
