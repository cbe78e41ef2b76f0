import { describe, expect, it } from "vitest";
import {
  type Account,
  close,
  depart,
  isForgotten,
  newAccount,
  type PaintRequest,
  roomIn,
  type Sharer,
  stateOf,
  whenDue,
} from "../../src/bridge/account.ts";
import type { Budget } from "../../src/chat/budget.ts";
import { whenDraft } from "../../src/reply/pace.ts";

const EDITS: Budget = { covers: ["edit"], per: "workspace", paints: 10, windowMs: 60_000 };
const draft = (unseenSince?: number): PaintRequest => ({ kind: "edit", urgent: false, unseenSince });
const ending: PaintRequest = { kind: "edit", urgent: true };

/** A live reply that painted first and last at these times, and waits for something, or for nothing. */
const sharer = (lastPaint: number, waiting?: PaintRequest): Sharer => ({
  begunAt: 0,
  lastPaint,
  waiting,
  due: new Map(),
});

function shared(sharers: readonly Sharer[], rule: Budget = EDITS): Account {
  const account = newAccount("fake", rule);
  for (const one of sharers) account.live.add(one);
  return account;
}

describe("who waits for the same budget", () => {
  const NOW = 10_000;
  /** How many are let through before `self`, read off the pace. */
  function aheadOf(self: Sharer, others: readonly Sharer[], isFirst = true): number {
    const account = shared(isFirst ? [self, ...others] : [...others, self], { ...EDITS, paints: 6 });
    const due = whenDue(account, self, { paint: self.waiting!, now: NOW });
    const ages = Array.from(account.live, () => NOW);
    const window = { now: NOW, paints: 6, windowMs: 60_000, drawn: [], ages, ended: [] };
    const dueWith = (ahead: number) =>
      whenDraft(window, {
        age: NOW,
        after: self.lastPaint,
        painted: self.lastPaint,
        ahead,
        fullIn: Infinity,
      });
    return [0, 1, 2].find((ahead) => dueWith(ahead) === due)!;
  }

  it("goes before others where its text is unseen for longer, whoever painted last", () => {
    expect(aheadOf(sharer(9_000, draft(5_000)), [sharer(4_000, draft(6_000))])).toBe(0);
    expect(aheadOf(sharer(4_000, draft(6_000)), [sharer(9_000, draft(5_000))])).toBe(1);
  });

  it("goes before others that painted later, where its text is unseen for as long", () => {
    expect(aheadOf(sharer(4_000, draft(5_000)), [sharer(4_500, draft(5_000))], false)).toBe(0);
    expect(aheadOf(sharer(4_500, draft(5_000)), [sharer(4_000, draft(5_000))])).toBe(1);
  });

  it("goes before others that joined later, where all else is the same", () => {
    const twin = () => sharer(4_000, draft(5_000));
    expect([aheadOf(twin(), [twin()]), aheadOf(twin(), [twin()], false)]).toEqual([0, 1]);
  });

  it("goes behind what is urgent, however new that is", () => {
    expect(aheadOf(sharer(4_000, draft(5_000)), [sharer(9_999, ending)])).toBe(1);
  });

  it("waits for nobody who waits for something else, or for nothing", () => {
    const elsewhere = sharer(1_000, { kind: "post", urgent: true });
    expect(aheadOf(sharer(9_000, draft(9_000)), [elsewhere, sharer(1_000)])).toBe(0);
  });

  it("waits for nobody whom another budget holds up, until that lets it through", () => {
    const own = newAccount("its channel", EDITS);
    const behind = (due: number) => {
      const other = sharer(1_000, draft(5_000));
      other.due.set(own, due);
      return aheadOf(sharer(9_000, draft(9_000)), [other]);
    };
    expect([behind(NOW + 1), behind(NOW)]).toEqual([0, 1]);
  });
});

describe("what a budget keeps back", () => {
  it("is kept from drafts, in the tally of all processes too, and not from endings", () => {
    const account = shared([sharer(0), sharer(0), sharer(0)]);
    expect([roomIn(account, draft(), 0), roomIn(account, ending, 0)]).toEqual([7, 10]);
  });

  it("leaves room in the tally for what is asked beside paints, by this process and by others", () => {
    const draws = new Set([
      { at: 0, isPaint: false },
      { at: 0, isPaint: true },
    ]);
    const rule: Budget = { ...EDITS, per: "platform", draws, elsewhere: 2 };
    expect(roomIn(shared([sharer(0)], rule), ending, 1)).toBe(7);
    expect(roomIn(shared([sharer(0)], { ...rule, elsewhere: 20 }), ending, 1)).toBe(1);
  });

  it("is one paint for all where no endings are painted in it", () => {
    const account = shared([sharer(0), sharer(0), sharer(0)], { ...EDITS, endings: [] });
    expect(roomIn(account, draft(), 0)).toBe(9);
  });

  it("is for the replies that will end in it, and for those of which it is not known yet", () => {
    const kinds = ["edit", "append", "start", "append", undefined];
    const sharers = kinds.map((lastKind) => ({ ...sharer(0), lastKind }));
    const account = shared(sharers, { ...EDITS, endings: ["post", "edit"] });
    expect(roomIn(account, draft(), 0)).toBe(8);
  });
});

describe("a draft whose page is nearly full", () => {
  const NOW = 20_000;
  const dueIn = (rule: Budget, fullAt?: number) => {
    const self = sharer(NOW - 1_250, draft());
    const account = shared([self], { ...rule, paints: 5, windowMs: 5_000 });
    for (const ago of [1_250, 2_500, 3_750]) account.drawn.add({ at: NOW - ago, isPaint: true });
    return whenDue(account, self, { paint: { ...draft(), fullAt }, now: NOW }) - NOW;
  };

  it("leaves room for the next page's post, where that counts too", () => {
    const both: Budget = { ...EDITS, covers: ["edit", "post"] };
    expect([dueIn(both), dueIn(both, NOW + 1_000), dueIn(both, NOW + 100)]).toEqual([0, 0, 1_250]);
    expect(dueIn(EDITS, NOW + 100)).toBe(0);
  });

  it("is told from one whose page is full", () => {
    const both: Budget = { ...EDITS, covers: ["edit", "post"] };
    expect(dueIn(both, -Infinity)).toBe(1_250 - 900);
    expect(dueIn(EDITS, -Infinity)).toBe(0);
  });
});

describe("a 429", () => {
  it("shuts a budget for as long as it said, whatever a later one says", () => {
    const account = shared([]);
    close([account], 0, { ms: 30_000 });
    close([account], 1_000, { ms: 2_000 });
    const due = (now: number) => whenDue(account, sharer(0), { paint: ending, now });
    expect([due(1_000), due(30_000)]).toEqual([30_000, 30_000]);
  });
});

describe("what a 429 teaches", () => {
  const paintsAfter = (...closed: readonly (readonly [at: number, ms: number])[]) => {
    const account = shared([]);
    for (const [at, ms] of closed) close([account], at, { ms });
    return stateOf(account, closed.at(-1)?.[0] ?? 0).paints;
  };

  it("is taught once by all that was under way when a budget was shut, and again by what comes later", () => {
    expect(paintsAfter([0, 10_000])).toBe(7);
    expect(paintsAfter([0, 10_000], [1, 10_000], [2, 9_000])).toBe(7);
    expect(paintsAfter([0, 10_000], [10_000, 10_000])).toBe(5);
  });
});

describe("a budget that nobody shares", () => {
  it("is remembered while it is shut, while paints of it count, and while it is reckoned with less", () => {
    const held = shared([]);
    close([held], 0, { ms: 5_000 });
    // So short a wait teaches nothing.
    expect([isForgotten(held, 4_999), isForgotten(held, 5_000)]).toEqual([false, true]);
    const drawn = shared([]);
    drawn.drawn.add({ at: 0, isPaint: true });
    expect([isForgotten(drawn, 59_999), isForgotten(drawn, 60_000)]).toEqual([false, true]);
    const taught = shared([]);
    close([taught], 0, { ms: 30_000 });
    expect([isForgotten(taught, 120_000), isForgotten(taught, 20 * 60_000)]).toEqual([false, true]);
  });

  it("is remembered while it is shared", () => {
    expect(isForgotten(shared([sharer(0)]), 10 ** 9)).toBe(false);
  });
});

describe("replies that have ended", () => {
  const NOW = 40_000;
  /** How many paints are left to a reply's drafts, ten seconds after three that had begun before it ended. */
  function roomAfter(lastKind: string, begunAt: number | null = 0): number {
    const rule = { ...EDITS, endings: ["edit"] };
    const before = [1, 2, 3].map((): Sharer => ({
      ...sharer(25_000),
      lastKind,
      begunAt: begunAt ?? undefined,
    }));
    const account = shared(before, rule);
    for (let i = 0; i < 4; i += 1) account.drawn.add({ at: 20_000, isPaint: true });
    for (const one of before) depart(account, one, 30_000);
    account.live.add({ ...sharer(35_000), begunAt: 35_000, lastKind: "edit" });
    expect(account.live.size).toBe(1);
    return roomIn(account, draft(), NOW);
  }

  it("leave paints kept for those who follow, where their own endings counted", () => {
    expect(roomAfter("edit")).toBe(0);
    expect(roomAfter("append")).toBe(9);
    expect(roomAfter("edit", null)).toBe(9);
  });

  it("are forgotten with their window", () => {
    const account = shared([sharer(0)]);
    for (const one of account.live) depart(account, one, 0);
    account.live.add({ ...sharer(50_000), begunAt: 50_000 });
    whenDue(account, sharer(50_000), { paint: ending, now: 60_001 });
    expect(account.ended).toEqual([]);
  });
});
