import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { say } from "../fakes/telnyx.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();

it("keeps with each turn the model, its price and the instructions that held when it was asked", async () => {
  const kept: unknown[] = [];
  const storeAs = (store: Store): Store => ({
    ...store,
    markCalling: (claim, turn, facts) => {
      kept.push(facts.asked?.settings);
      return store.markCalling(claim, turn, facts);
    },
  });
  const bench = await open({ storeAs });
  const { chat, telnyx, settle } = bench;
  telnyx.model(() => say("An answer."));
  const place = chat.openPlace();
  await chat.say(place, "hello");
  await settle(5_000);
  await chat.say(place, "hello again");
  await settle(5_000);
  const instructions = createHash("sha256").update("Be brief.").digest("hex");
  expect(kept).toEqual([
    { instructions, instructed: "now" },
    { instructions, instructed: "before" },
  ]);
  const { archive } = bench.now().database;
  const refreshed = archive.refresh();
  await settle(1_000);
  await refreshed;
  const { rows } = await archive.turns({
    where: { kind: "all", of: [] },
    sort: { by: "started", direction: "asc" },
    limit: 9,
  });
  expect(rows).toMatchObject([{ model: "test/model" }, { model: "test/model" }]);
  for (const { usage, cost } of rows)
    expect(cost).toBe(Math.round((usage?.inputTokens ?? 0) * 0.3 + (usage?.outputTokens ?? 0) * 1.2));
  expect(rows[0]?.cost).toBeGreaterThan(0);
});
