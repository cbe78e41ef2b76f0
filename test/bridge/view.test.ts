import { describe, expect, it } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { done, open, refusal, written } from "./view-kit.ts";

describe("a view", () => {
  it("does not ask in a loop where a 429 asks for no wait", async () => {
    const { clock, paints, view } = open({
      onPaint: (_, count) => {
        if (count <= 5) throw refusal("rate_limited", 0);
      },
    });
    const shown = view();
    const finished = shown.finish(done("hello"));
    await clock.advance(500);
    expect(paints.length).toBeLessThanOrEqual(3);
    await clock.advance(5_000);
    await finished;
    await shown.close();
  });

  it("counts a refused paint by when it was refused, not by when it is tried again", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 1, windowMs: 1_000 }] as const;
    const { clock, paints, view } = open({
      budgets,
      onPaint: (_, count) => {
        if (count <= 4) throw refusal("unavailable");
      },
    });
    const shown = view();
    const finished = shown.finish(done("hello"));
    await clock.advance(20_000);
    await finished;
    // Pauses of 0.5, 1, 2 and 4 s; the window of 1 s runs meanwhile.
    expect(paints.slice(0, 5).map(({ at }) => at)).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
    await shown.close();
  });

  it("paints nothing more once it is stopped, though a store is slow to answer", async () => {
    const slow = Promise.withResolvers<void>();
    const { clock, paints, outer, view } = open({ ledger: { checkpoint: () => slow.promise } });
    const shown = view();
    shown.show(written("hello"));
    await clock.advance(100);
    outer.abort(new Error("stopping"));
    slow.resolve();
    await shown.close();
    expect(paints).toEqual([]);
  });

  it("is closed when the call that is under way has ended, and not before", async () => {
    const gate = Promise.withResolvers<void>();
    const { clock, paints, view } = open({ onPaint: () => gate.promise });
    const shown = view();
    shown.show(written("hello"));
    await clock.advance(100);
    expect(paints).toHaveLength(1);
    let closed = false;
    void shown.close().then(() => (closed = true));
    await clock.advance(1_000);
    expect(closed).toBe(false);
    gate.resolve();
    await clock.advance(0);
    expect(closed).toBe(true);
  });

  it("tells at once when it cannot go on, and why", async () => {
    const { clock, view } = open({
      onPaint: (_, count) => {
        if (count === 2) throw refusal("gone");
      },
    });
    const shown = view();
    shown.show(written("hello"));
    await clock.advance(100);
    expect(shown.broken.aborted).toBe(false);
    shown.show(written("hello, world"));
    await clock.advance(100);
    expect(shown.broken.reason).toMatchObject({ kind: "gone" });
    await expect(shown.finish(done("hello, world"))).rejects.toMatchObject({ kind: "gone" });
    await shown.close();
  });

  it("shows that the bot is at work until there is something to read, also where that is an edit", async () => {
    const { clock, busy, view } = open();
    const shown = view({ pages: [{ index: 0, id: "m1" as MessageId }] });
    await clock.advance(1_000);
    expect(busy.map(({ aborted }) => aborted)).toEqual([false]);
    shown.show(written("hello"));
    await clock.advance(100);
    expect(busy.map(({ aborted }) => aborted)).toEqual([true]);
    await shown.close();
  });

  it("gives up a platform that does not answer, after ten minutes and not before", async () => {
    const { clock, view } = open({
      onPaint: () => {
        throw refusal("unavailable");
      },
    });
    const shown = view();
    const ended = shown.finish(done("hello")).then(
      () => "shown",
      () => clock.monotonic(),
    );
    await clock.advance(1_200_000);
    const at = await ended;
    expect(at).toBeGreaterThan(600_000);
    expect(at).toBeLessThan(660_000);
    await shown.close();
    expect(clock.sleeping()).toBe(0);
  });

  it("has patience anew after each paint that was made", async () => {
    const { clock, paints, view } = open({
      onPaint: (_, count) => {
        if (count === 1 || count === 4) throw refusal("unavailable");
      },
    });
    const shown = view();
    shown.show(written("hello"));
    await clock.advance(700_000);
    expect(paints).toHaveLength(3);
    const finished = shown.finish(done("hello, world"));
    await clock.advance(60_000);
    await finished;
    expect(paints.at(-1)?.text).toBe("hello, world");
    await shown.close();
  });
});
