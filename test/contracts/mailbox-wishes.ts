import { expect } from "vitest";
import type { Claim, Mailbox, Turn } from "../../src/store/mailbox.ts";
import { addTaking, messageIn, p, type Test } from "./store-bench.ts";

const sent = (name: string, sentAt: number) => ({ ...messageIn(p, name), sentAt });

/** Runs the mailbox until it lets go. Returns the turns in the order in which they were handed out. */
async function runAll(mailbox: Mailbox, claim: Claim): Promise<string[]> {
  const ran: string[] = [];
  for (let turn = await mailbox.next(claim); turn;) {
    ran.push(turn.message.id);
    turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
  }
  return ran;
}

/** The part of the mailbox's contract that is about the order in which turns are handed out. */
export function order(test: Test) {
  test("hands out by when messages were sent, and those sent at once as they came", async ({ a }) => {
    for (const [name, at] of [
      ["third", 30],
      ["first", 10],
      ["second", 20],
      ["as early", 10],
      ["fourth", 1_000],
    ] as const)
      await a.add(sent(name, at), false);
    const [claim] = await a.sweep(1);
    expect(await runAll(a, claim!)).toEqual(["first", "as early", "second", "third", "fourth"]);
  });

  test("brings a turn that was begun to its end before one that was sent before it", async ({
    bench,
    a,
    b,
  }) => {
    const added = await a.add(sent("begun", 50), true);
    if (added.kind === "seen" || !added.claim) throw new Error("not taken");
    const begun = await a.next(added.claim);
    await a.add(sent("earlier", 10), false);
    await a.next(added.claim, { turn: begun!.id, kind: "retry", delayMs: 100, error: "busy" });
    expect(await b.sweep(9), "what waits behind it waits").toEqual([]);
    await bench.pass(100);
    const [claim] = await b.sweep(9);
    expect(await runAll(b, claim!)).toEqual(["begun", "earlier"]);
  });
}

/** A turn that came late, put off and its mailbox let go. */
async function postponed(a: Mailbox): Promise<{ claim: Claim; turn: Turn }> {
  await a.add(sent("late", 10), false, true);
  const [claim] = await a.sweep(1);
  const turn = await a.next(claim!);
  expect(turn).toMatchObject({ late: true, tries: 0 });
  expect(await a.next(claim!, { turn: turn!.id, kind: "postponed" })).toBeUndefined();
  return { claim: claim!, turn: turn! };
}

/** The part that is about what people ask for by buttons. */
export function wishes(test: Test) {
  test("lets a postponed turn rest, and hands it out once more when it is asked for", async ({
    bench,
    a,
    b,
  }) => {
    const { turn } = await postponed(a);
    expect(await bench.query("SELECT state, settled_at FROM turn")).toEqual([
      { state: "postponed", settled_at: bench.now() },
    ]);
    await bench.pass(1_000_000);
    expect(await b.sweep(9)).toEqual([]);
    expect(await b.add(sent("late", 10), true)).toEqual({ kind: "seen" });

    expect(await b.reopen(p, turn.id)).toBe(true);
    expect(await b.reopen(p, turn.id), "once").toBe(false);
    const [claim] = await b.sweep(9);
    expect(await b.next(claim!)).toMatchObject({ id: turn.id, late: false, tries: 0, state: "received" });
    expect(await b.reopen(p, turn.id), "while it runs").toBe(false);
    await b.next(claim!, { turn: turn.id, kind: "done" });
    expect(await b.reopen(p, turn.id), "when it has ended").toBe(false);
    expect(await b.sweep(9)).toEqual([]);
  });

  test("answers what is asked for before its offer is settled", async ({ a, b }) => {
    await a.add(sent("late", 10), false, true);
    const [claim] = await a.sweep(1);
    const turn = await a.next(claim!);
    expect(await b.reopen(p, turn!.id)).toBe(true);
    expect(await b.reopen(p, turn!.id), "once").toBe(false);
    const again = await a.next(claim!, { turn: turn!.id, kind: "postponed" });
    expect(again).toMatchObject({ id: turn!.id, late: false, state: "received" });
    expect(await a.next(claim!, { turn: turn!.id, kind: "done" })).toBeUndefined();
    expect(await b.reopen(p, turn!.id), "when it has ended").toBe(false);
  });

  test("reopens behind the turn that runs, and its owner reads on", async ({ a, b }) => {
    const { turn } = await postponed(a);
    const claim = await addTaking(a, p, "runs");
    const running = await a.next(claim);
    expect(await b.reopen(p, turn.id)).toBe(true);
    expect(await b.sweep(9)).toEqual([]);
    expect(await a.next(claim, { turn: running!.id, kind: "done" })).toMatchObject({ id: turn.id });
  });

  test("reopens only what the place has, and what was postponed", async ({ a, b }) => {
    const { turn } = await postponed(a);
    const other = await addTaking(a, "q", "1");
    expect(await b.reopen(other.place, turn.id)).toBe(false);
    expect(await b.reopen(p, turn.id + 1)).toBe(false);
    expect(await b.reopen(p, 4_711)).toBe(false);
    expect(await b.sweep(9)).toEqual([]);
  });

  test("tells whoever takes a turn up that somebody asked for it to end", async ({ a, b }) => {
    const claim = await addTaking(a, p, "1");
    const turn = await a.next(claim);
    const waiting = await a.add(messageIn(p, "2"), false);
    if (waiting.kind === "seen") throw new Error("seen");
    expect(turn).toMatchObject({ stopAsked: false });
    expect(await b.askStop(claim.place, turn!.id)).toBe(true);
    expect(await b.askStop(claim.place, turn!.id)).toBe(true);
    expect(await b.askStop(claim.place, waiting.turn), "before it was begun").toBe(true);
    await a.handOver();
    const [taken] = await b.sweep(9);
    expect(await b.next(taken!)).toMatchObject({ id: turn!.id, stopAsked: true });
    const second = await b.next(taken!, { turn: turn!.id, kind: "stopped" });
    expect(second).toMatchObject({ id: waiting.turn, stopAsked: true });
  });

  test("asks for the end of whatever is run in a place, and says which turn that is", async ({ a, b }) => {
    const claim = await addTaking(a, p, "1");
    await a.add(messageIn(p, "2"), false);
    expect(await b.askStopHere(claim.place), "before it was begun").toBeUndefined();
    const turn = await a.next(claim);
    expect(await b.askStopHere(claim.place)).toBe(turn!.id);
    const second = await a.next(claim, { turn: turn!.id, kind: "stopped" });
    expect(second).toMatchObject({ stopAsked: false });
    expect(await b.askStopHere(claim.place)).toBe(second!.id);
    await a.next(claim, { turn: second!.id, kind: "done" });
    expect(await b.askStopHere(claim.place)).toBeUndefined();
  });

  test("asks in vain for the end of what has ended, or is not of the place", async ({ bench, a, b }) => {
    const claim = await addTaking(a, p, "1");
    const turn = await a.next(claim);
    const other = await addTaking(a, "q", "1");
    expect(await b.askStop(other.place, turn!.id)).toBe(false);
    expect(await b.askStop(claim.place, 4_711)).toBe(false);
    await a.next(claim, { turn: turn!.id, kind: "done" });
    expect(await b.askStop(claim.place, turn!.id)).toBe(false);
    expect(await bench.query("SELECT id FROM turn WHERE stop_asked")).toEqual([]);
  });

  test("says which mailboxes a renewal renewed, also one whose claim was never heard of", async ({
    a,
    b,
  }) => {
    const claims = [await addTaking(a, "p", "1"), await addTaking(a, "q", "1")];
    await addTaking(b, "r", "1");
    const renewed = await a.renew();
    expect(renewed.toSorted((x, y) => x.place.localeCompare(y.place))).toEqual(claims);
    await a.handOver();
    expect(await a.renew()).toEqual([]);
  });
}
