import { describe, expect, it } from "vitest";
import { GRACE_MS, IDLE_MS, judge, LONGEST_MS, REPLACE_MS } from "../../../src/admin/session/life.ts";
import type { StoredSession } from "../../../src/store/sessions.ts";

const NOW = 1_000_000_000;
const fresh: StoredSession = {
  id: 1,
  hash: "new",
  former: "old",
  person: "",
  csrf: "",
  openedAt: NOW,
  usedAt: NOW,
  replacedAt: NOW,
  confirmedAt: NOW,
};
const { confirmedAt: _, ...unconfirmed } = fresh;

describe("a session", () => {
  it("is good until it was not used for two hours, or is twelve hours old", () => {
    expect(judge(fresh, "new", NOW + IDLE_MS - 1).kind).toBe("good");
    expect(judge(fresh, "new", NOW + IDLE_MS).kind).toBe("over");
    const busy = (now: number) =>
      judge({ ...fresh, usedAt: now, replacedAt: now, confirmedAt: now }, "new", now).kind;
    expect([busy(NOW + LONGEST_MS - 1), busy(NOW + LONGEST_MS)]).toEqual(["good", "over"]);
    expect([IDLE_MS, LONGEST_MS]).toEqual([2 * 3_600_000, 12 * 3_600_000]);
  });

  it("gets another id after a quarter of an hour", () => {
    expect(judge(fresh, "new", NOW + REPLACE_MS - 1)).toEqual({
      kind: "good",
      confirm: false,
      replace: false,
    });
    expect(judge(fresh, "new", NOW + REPLACE_MS)).toEqual({ kind: "good", confirm: false, replace: true });
  });

  it("is confirmed when its newest id comes back, and not by the one before", () => {
    expect(judge(unconfirmed, "new", NOW)).toMatchObject({ confirm: true });
    expect(judge(unconfirmed, "old", NOW)).toMatchObject({ kind: "good", confirm: false });
  });

  it("goes by the id before for a minute after the newest came back, and is taken for copied then", () => {
    expect(judge(fresh, "old", NOW + GRACE_MS)).toEqual({ kind: "good", confirm: false, replace: false });
    expect(judge(fresh, "old", NOW + GRACE_MS + 1)).toEqual({ kind: "copied" });
  });

  it("goes by the id before for as long as the newest did not come back, and gets another then", () => {
    expect(judge(unconfirmed, "old", NOW + GRACE_MS - 1)).toEqual({
      kind: "good",
      confirm: false,
      replace: false,
    });
    expect(judge(unconfirmed, "old", NOW + GRACE_MS)).toEqual({
      kind: "good",
      confirm: false,
      replace: true,
    });
  });
});
