import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { Page } from "../../src/chat/platform.ts";
import { done, open, written } from "./view-kit.ts";

describe("a view and its budget", () => {
  it("shows a reply's first text at once, though the budget has room for nothing else", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const { clock, paints, view } = open({ budgets });
    const long = view();
    void long.finish(done("A paragraph of some length, four times. ".repeat(14)));
    await clock.advance(0);
    expect(paints).toHaveLength(4);
    const other = view();
    other.show(written("hello"));
    await clock.advance(100);
    expect(paints.map(({ text }) => text)).toContain("hello …");
    await Promise.all([long.close(), other.close()]);
  });

  it("leaves its share of a budget to others when it is closed", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const { clock, paints, view } = open({ budgets });
    for (let reply = 0; reply < 4; reply += 1) {
      const shown = view();
      const finished = shown.finish(done("hello"));
      await clock.advance(10_000);
      await finished;
      await shown.close();
    }
    const before = paints.length;
    const shown = view();
    for (let word = 1; word < 40; word += 1) {
      shown.show(written("word ".repeat(word)));
      await clock.advance(250);
    }
    expect(paints.length - before).toBeGreaterThan(7);
    await shown.close();
  });

  it("shows the newest text when its turn comes, and nothing that was overtaken", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const { clock, paints, view } = open({ budgets });
    const shown = view();
    let text = "";
    for (let word = 0; word < 19; word += 1) {
      text += `w${word} `;
      shown.show(written(text));
      await clock.advance(100);
    }
    expect(paints.map((paint) => paint.at)).toEqual([0, 1_250]);
    expect(paints[1]?.text).toMatch(/^w0 .*w1[123] …$/);
    const finished = shown.finish(done(text.trim()));
    await clock.advance(0);
    await finished;
    expect(paints.at(-1)).toEqual({ text: text.trim(), at: 1_900 });
    await shown.close();
  });

  it("posts a page as soon as the one before is full, and drafts go on at their pace", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const { clock, paints, view } = open({ budgets });
    const shown = view();
    let text = "";
    for (let word = 0; word < 100; word += 1) {
      text += `w${word} `;
      shown.show(written(text));
      await clock.advance(100);
    }
    const full = paints.findIndex((paint) => paint.text.startsWith("w0 ") && !paint.text.endsWith("…"));
    expect(full).toBeGreaterThan(1);
    expect(paints[full + 1]?.text.startsWith("w0 ")).toBe(false);
    expect(paints[full + 1]!.at - paints[full]!.at).toBeLessThan(100);
    for (const [index, { at }] of paints.entries())
      expect(at - (paints[index - 5]?.at ?? -Infinity)).toBeGreaterThanOrEqual(5_000);
    await shown.close();
  });

  /** When a text is painted in its first five seconds that grows by two characters every so often, on pages of 170. */
  async function paintsOf(everyMs: number) {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const { clock, paints, view } = open({ budgets });
    const shown = view();
    for (let text = "x"; clock.monotonic() < 4_990; text += "xx") {
      shown.show(written(text));
      await clock.advance(everyMs);
    }
    await shown.close();
    return paints.map(({ at, text }) => (text.endsWith("…") ? at : `${at} full`));
  }

  it("paints a page as soon as it is full, with a draft before that if there is time for one", async () => {
    expect(await paintsOf(25)).toEqual([0, 1_250, "2125 full", 2_125]);
    // Full at 3,825: of a draft at 3,750, and what is painted then, an ending would have to wait until 5,000.
    expect(await paintsOf(45)).toEqual([0, 1_250, 2_500, "4100 full", 4_100]);
    // Full at 4,250.
    expect(await paintsOf(50)).toEqual([0, 1_250, 2_500, 3_750]);
  });

  it("counts a paint as what the platform says it is", async () => {
    const budgets = [
      { covers: ["append"], per: "workspace", paints: 2, windowMs: 60_000 },
      { covers: ["edit"], per: "workspace", paints: 50, windowMs: 60_000 },
    ] as const;
    const countsAs = (_: unknown, page: Page, id?: string) =>
      id === undefined ? "post" : page.final ? "edit" : "append";
    const { clock, paints, view } = open({ budgets, countsAs });
    const shown = view();
    for (let word = 1; word < 20; word += 1) {
      shown.show(written("word ".repeat(word)));
      await clock.advance(3_000);
    }
    // One of the two is kept for an ending that might count there.
    expect(paints).toHaveLength(2);
    const finished = shown.finish(done("word ".repeat(20)));
    await clock.advance(0);
    await finished;
    expect(paints).toHaveLength(3);
    await shown.close();
  });

  it("makes no paint that would show nothing new, and waits for what comes", async () => {
    const countsAs = (_: unknown, page: Page, id?: string) =>
      id !== undefined && page.text.includes("half") ? undefined : "post";
    const { clock, paints, view } = open({ countsAs });
    const shown = view();
    for (const text of ["one", "one half", "one half more", "one whole"]) {
      shown.show(written(text));
      await clock.advance(10);
    }
    expect(paints.map(({ text }) => text)).toEqual(["one …", "one whole …"]);
    shown.show(written("one whole half"));
    await clock.advance(10);
    const finished = shown.finish(done("one whole half"));
    await clock.advance(0);
    await finished;
    expect(paints.at(-1)?.text).toBe("one whole half");
    await shown.close();
  });

  it("leaves nothing behind on a signal that lives as long as the process", async () => {
    const { clock, outer, view } = open();
    for (let turn = 0; turn < 50; turn += 1) {
      const shown = view();
      shown.show(written("hello"));
      await clock.advance(1);
      await shown.finish(done("hello"));
      await shown.close();
    }
    expect(getEventListeners(outer.signal, "abort")).toEqual([]);
    expect(clock.sleeping()).toBe(0);
  });
});

describe("three hundred live replies in one workspace", () => {
  it("all come to their end within what the platform allows", async () => {
    const budgets = [
      { covers: ["post"], per: "place", paints: 5, windowMs: 5_000 },
      { covers: ["edit"], per: "workspace", paints: 50, windowMs: 60_000 },
    ] as const;
    const { clock, paints, view } = open({ budgets });
    const ended: number[] = [];
    for (let reply = 0; reply < 300; reply += 1) {
      const shown = view();
      shown.show(written("begun"));
      if (reply % 10 === 0) await clock.advance(10);
      void shown
        .finish(done("begun and ended"))
        .then(() => shown.close())
        .then(() => ended.push(clock.monotonic()));
    }
    await clock.advance(400_000);
    expect(ended).toHaveLength(300);
    const ends = paints.filter(({ text }) => text === "begun and ended").map(({ at }) => at);
    expect(ends).toHaveLength(300);
    expect(clock.sleeping()).toBe(0);
  });
});
