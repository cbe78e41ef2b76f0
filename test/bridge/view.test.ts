import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createBudgets } from "../../src/bridge/budget.ts";
import type { Ledger } from "../../src/bridge/painter.ts";
import { openView } from "../../src/bridge/view.ts";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId } from "../../src/chat/place.ts";
import type { Budget, Page, Platform } from "../../src/chat/platform.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { advance, newReply, type Reply } from "../../src/reply/reply.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createChat } from "../fakes/chat.ts";

const written = (text: string): Reply => advance(newReply(), { kind: "text", delta: text });
const done = (text: string): Reply => advance(written(text), { kind: "done" });

interface Setting {
  readonly budgets?: readonly Budget[];
  /** Called with each paint before it is made; what it throws or waits for is the platform's answer. */
  readonly onPaint?: (page: Page, count: number) => Promise<void> | void;
  readonly ledger?: Partial<Ledger>;
}

/** A view on a platform that does what the test wants, with the paints as they were made. */
function open({ budgets = [], onPaint = () => undefined, ledger = {} }: Setting = {}) {
  const clock = fakeClock();
  const paints: { readonly text: string; readonly at: number }[] = [];
  const busy: AbortSignal[] = [];
  const paint = async (page: Page) => {
    paints.push({ text: page.text, at: clock.monotonic() });
    await onPaint(page, paints.length);
  };
  const platform: Platform = {
    name: "fake",
    limits: { pageLength: 200, budgets },
    start: async () => undefined,
    stop: async () => undefined,
    post: async (_, page) => {
      await paint(page);
      return "m1" as MessageId;
    },
    edit: (_, __, page) => paint(page),
    indicate: (_, signal) => void busy.push(signal),
  };
  const question: Message = (() => {
    const chat = createChat({ clock });
    return chat.add(chat.openPlace(), "hello");
  })();
  const outer = new AbortController();
  const shared = createBudgets(clock);
  const view = (page: Partial<Ledger> = ledger) =>
    openView(
      { platform, budgets: shared, clock, log: createLog("silent") },
      question,
      {
        turn: 1,
        pages: [],
        checkpoint: async () => undefined,
        intend: async () => undefined,
        posted: async () => undefined,
        ...page,
      },
      outer.signal,
    );
  return { clock, paints, busy, outer, view };
}

const refusal = (kind: PlatformRefusal["kind"], retryAfterMs?: number) =>
  new PlatformRefusal(
    kind,
    `test_${kind}`,
    "as the test wants",
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );

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
    expect(paints.map((paint) => paint.at)).toEqual([0, 1_000]);
    expect(paints[1]?.text).toMatch(/^w0 .*w9 …$|^w0 .*w10 …$/);
    const finished = shown.finish(done(text.trim()));
    await clock.advance(0);
    await finished;
    expect(paints.at(-1)).toEqual({ text: text.trim(), at: 1_900 });
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
  }, 60_000);
});
