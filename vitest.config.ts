import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most of the time is spent waiting, for sockets and processes: as many workers as there are cores.
    maxWorkers: "100%",
  },
});
