import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { killAtEachStep } from "./kills.ts";
import { factorNow } from "./clock.ts";
import { withRun } from "./run-kit.ts";
import { rollingRestart } from "./rolling.ts";
import { turmoil } from "./turmoil.ts";

/* A short run of the suite, on every test run. The whole of it: `npm run chaos`. */
const SEED = 20_261_123;

describe(
  "the bot in processes of its own, with everything in between going wrong",
  { timeout: 600_000 },
  () => {
    it("answers each question once and in order, wherever it is killed", async () => {
      const options = { database: "sqlite", replicas: 1, seed: SEED, factor: factorNow() } as const;
      let kills = 0;
      const { stories } = await withRun(options, async (run) => {
        ({ kills } = await killAtEachStep(run, [40, 150]));
      });
      expect(stories).toEqual([]);
      expect(kills).toBe(2);
    });

    it("hands over to the other replica when one is killed, or restarted under load", async () => {
      const options = { database: "postgres", replicas: 2, seed: SEED, factor: factorNow() } as const;
      let kills = 0;
      const { stories, evidence } = await withRun(options, async (run) => {
        ({ kills } = await killAtEachStep(run, [60, 100]));
        await rollingRestart(run);
      });
      expect(stories).toEqual([]);
      expect(kills).toBe(2);
      expect(evidence.turns.map(({ state }) => state)).toEqual(evidence.asks.map(() => "done"));
    });

    it("comes through faults of every kind at once", async () => {
      const options = { database: "sqlite", replicas: 1, seed: SEED, factor: factorNow() } as const;
      let ended = "";
      const { stories, evidence } = await withRun(options, async (run) => {
        ended = await turmoil(run, { turns: 20, database: "sqlite", faults: "" });
      });
      expect(stories).toEqual([]);
      expect(ended).toBe("whole");
      expect(evidence.turns).toHaveLength(20);
      expect(evidence.troubles.length).toBeGreaterThan(5);
    });
  },
);

describe("npm run chaos", () => {
  it("says what is wrong with its options, and exits with a code that says so", () => {
    const script = resolve("test/chaos/run.ts");
    const { status, stdout } = spawnSync(process.execPath, [script, "--database", "mysql"], {
      encoding: "utf8",
    });
    expect(stdout).toContain("--database takes sqlite or postgres");
    expect(status).toBe(2);
  });
});
