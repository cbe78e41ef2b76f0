import { describe, expect, it } from "vitest";
import type { Page } from "../../src/chat/platform.ts";
import { done, open, refusal, written } from "./view-kit.ts";

describe("a paint that waits", () => {
  it("since the platform refused all that the bot does is made then, and its own channel allows no less", async () => {
    const both = { covers: ["post", "edit"] };
    const budgets = [
      { ...both, per: "place", paints: 4, windowMs: 5_000 },
      { ...both, per: "platform", paints: 40, windowMs: 1_000 },
    ] as const;
    const onPaint = (_: Page, count: number) => {
      if (count === 1) throw refusal("rate_limited", 600, "platform");
    };
    const { clock, paints, view } = open({ budgets, onPaint });
    const shown = view();
    const finished = shown.finish(done("A paragraph of some length, four times. ".repeat(14)));
    await clock.advance(1_000);
    expect(paints.map(({ at }) => at)).toEqual([0, 600, 600, 600, 600]);
    await finished;
    await shown.close();
  });

  it("for a kind that it is none of any more when it is let through, takes nothing from that kind's budget", async () => {
    // Two are kept for the endings.
    const budgets = [{ covers: ["append"], per: "workspace", paints: 3, windowMs: 300_000 }] as const;
    let asked = 0;
    const countsAs = (_: unknown, { text }: Page, id?: string) => {
      if (id === undefined) return "post";
      if (text.startsWith("other")) return "append";
      asked += 1;
      return asked === 1 ? "append" : "edit";
    };
    const { clock, paints, view } = open({ budgets, countsAs });
    const [shown, other] = [view(), view()];
    for (const text of ["one", "one and more"]) {
      shown.show(written(text));
      await clock.advance(30_000);
    }
    for (const text of ["other", "other and more"]) {
      other.show(written(text));
      await clock.advance(30_000);
    }
    const texts = ["one …", "one and more …", "other …", "other and more …"];
    expect(paints.map(({ text }) => text)).toEqual(texts);
    await Promise.all([shown.close(), other.close()]);
  });

  it("since it was refused for a moment is made as soon as that is over, and has cost the others none", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }] as const;
    const onPaint = (_: Page, count: number) => {
      if (count === 5) throw refusal("rate_limited", 40);
    };
    const { clock, paints, view } = open({ budgets, onPaint });
    const shown = view();
    const finished = shown.finish(done("A paragraph of some length, four times. ".repeat(18)));
    await clock.advance(500);
    expect(paints.map(({ at }) => at)).toEqual([0, 0, 0, 0, 0, 250]);
    await finished;
    await shown.close();
  });

  it("does not spend on one kind of paint what it was given for another, when that changes while it waits", async () => {
    const budgets = [
      { covers: ["append"], per: "workspace", paints: 10, windowMs: 10_000 },
      { covers: ["edit"], per: "workspace", paints: 1, windowMs: 60_000 },
    ] as const;
    let isStream = false;
    const countsAs = (_: unknown, __: Page, id?: string) =>
      id === undefined ? "post" : isStream ? "append" : "edit";
    const { clock, paints, view } = open({ budgets, countsAs });
    const other = view();
    other.show(written("a"));
    await clock.advance(0);
    const finished = other.finish(done("a b"));
    await clock.advance(0);
    await finished;
    await other.close();
    expect(paints.map(({ text }) => text)).toEqual(["a …", "a b"]);

    isStream = true;
    const shown = view();
    shown.show(written("one"));
    await clock.advance(0);
    shown.show(written("one two"));
    await clock.advance(0);
    isStream = false;
    await clock.advance(20_000);
    // The only edit of this minute was made.
    expect(paints.slice(2).map(({ text }) => text)).toEqual(["one …"]);
    await clock.advance(60_000);
    expect(paints.slice(2).map(({ text }) => text)).toEqual(["one …", "one two …"]);
    await shown.close();
  });
});
