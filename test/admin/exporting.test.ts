import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportOf } from "../../src/admin/export.ts";
import { createReading } from "../../src/admin/reading.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../src/admin/written.ts";
import { exportingOf, textOf } from "./exporting.ts";
import { adminWorld, type AdminWorld, ROOT } from "./world.ts";

let world: AdminWorld;
beforeEach(() => {
  world = adminWorld();
});
afterEach(() => world.bench.close());

async function pieces(format: ExportFormat, query = "sort:+started") {
  await world.bench.archive.refresh();
  const what = exportOf(world.clock, ROOT, { query, redact: false, format });
  return Array.fromAsync(exportingOf(world.bench.archive)(what));
}
const counted = (all: Awaited<ReturnType<typeof pieces>>) =>
  all.map(({ turns, conversations }) => [turns, conversations]);

describe("an export as text", () => {
  it("has many conversations in a piece, each of which is counted where it ends", async () => {
    for (const channel of ["C1", "C2", "C1"]) await world.ask({ channel, question: "Why?" });
    for (const format of EXPORT_FORMATS) expect(counted(await pieces(format))).toEqual([[3, 2]]);
  });

  it("comes in pieces where it is long, which together are the whole", async () => {
    const question = "x".repeat(100_000);
    for (const channel of ["C1", "C1", "C2", "C2", "C3"]) await world.ask({ channel, question });
    const found = await pieces("jsonl");
    expect(found.length).toBeGreaterThan(1);
    expect(found.reduce((sum, { turns }) => sum + turns, 0)).toBe(5);
    expect(found.reduce((sum, { conversations }) => sum + conversations, 0)).toBe(3);
    const what = exportOf(world.clock, ROOT, { query: "sort:+started", redact: false, format: "jsonl" });
    const text = await textOf(exportingOf(world.bench.archive)(what));
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { turns: unknown[] }).turns.length)).toEqual([2, 2, 1]);
  });

  it("is as JSON lines each conversation as it is shown, with its turns", async () => {
    const odd = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
    const messages = fc.array(
      fc.record({ channel: fc.constantFrom("C1", "C2", "C3"), question: odd, answer: odd }),
      { minLength: 1, maxLength: 6 },
    );
    for (const asked of fc.sample(messages, { numRuns: 4, seed: 5 }).flat()) await world.ask(asked);
    const lines = Buffer.concat((await pieces("jsonl")).map(({ bytes }) => bytes))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    const reading = createReading(world.deps);
    const slowly: unknown[] = [];
    for (const listed of (await reading.conversations(ROOT, { query: "sort:+started" })).rows) {
      const shown = await reading.show(ROOT, listed);
      // How it begins is in its turns.
      slowly.push({ conversation: { ...shown?.conversation, excerpt: undefined }, turns: shown?.turns });
    }
    expect(slowly).toHaveLength(3);
    expect(lines).toEqual(JSON.parse(JSON.stringify(slowly)));
  });

  it("of nothing is what stands before all conversations", async () => {
    const text = async (format: ExportFormat) =>
      Buffer.concat((await pieces(format, "channel:nowhere")).map(({ bytes }) => bytes)).toString();
    expect(await text("jsonl")).toBe("");
    expect(await text("csv")).toMatch(/^turn,at,.*,link\r\n$/);
    expect(await text("markdown")).toBe("# Conversations\n");
  });
});
