import { expect, test } from "vitest";
import { createBudgets } from "../../src/bridge/budget.ts";
import { createHealth } from "../../src/bridge/health.ts";
import { createLog } from "../../src/log.ts";
import { LIMITS } from "../../src/slack/format.ts";
import { fakeClock } from "../fakes/clock.ts";

const never = new AbortController().signal;

/** Replies that have shown their first text as this kind of paint, each in a channel of its own. */
async function live(kinds: readonly string[]) {
  const clock = fakeClock();
  const budgets = createBudgets({ clock, health: createHealth(createLog("silent")) });
  const replies = kinds.map((_, index) =>
    budgets.join({
      platform: "slack",
      workspace: "T1",
      channel: `C${index}`,
      place: `C${index}/t`,
      budgets: LIMITS.budgets,
    }),
  );
  for (const [index, kind] of kinds.entries()) (await replies[index]!.take({ kind, urgent: true }, never))();
  let drafts = 0;
  const draw = async () => {
    for (;;) {
      (await replies[0]!.take({ kind: "edit", urgent: false }, never))();
      drafts += 1;
    }
  };
  void draw();
  await clock.advance(59_000);
  return drafts;
}

test("of a minute's edits one is kept for each reply that is edited, and none for those that are streamed", async () => {
  const edited = Array.from({ length: 40 }, () => "post");
  const streamed = Array.from({ length: 40 }, () => "start");
  expect(await live(["post"])).toBeGreaterThan(40);
  expect(await live(["post", ...streamed])).toBeGreaterThan(40);
  expect(await live(["post", ...edited])).toBeLessThan(15);
});
