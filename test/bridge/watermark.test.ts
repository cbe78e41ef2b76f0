import { expect, it } from "vitest";
import { useBenches } from "./harness.ts";

const open = useBenches();

it("is there as soon as a part is heard for the first time: whoever is killed then has missed only what came after", async () => {
  const bench = await open();
  await bench.clock.advance(100);
  const { process, database } = bench.now();
  const until = await database.store.listenedUntil(process.name, "");
  expect(until).toBeGreaterThan(bench.clock.now() - 1_000);
});
