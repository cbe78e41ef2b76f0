import { describe, expect, it } from "vitest";
import { createLanes } from "../../src/slack/lanes.ts";

describe("lanes", () => {
  it("run the tasks of a lane in the order in which they came, also after one that failed", async () => {
    const inTurn = createLanes();
    const ran: string[] = [];
    const gate = Promise.withResolvers<void>();
    const slow = inTurn("a", async () => {
      await gate.promise;
      ran.push("slow");
      throw new Error("not stored");
    });
    const quick = inTurn("a", async () => void ran.push("quick"));
    await inTurn("b", async () => void ran.push("other lane"));
    expect(ran).toEqual(["other lane"]);
    gate.resolve();
    await expect(slow).rejects.toThrow("not stored");
    await quick;
    expect(ran).toEqual(["other lane", "slow", "quick"]);
  });
});
