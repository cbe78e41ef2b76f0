import { describe, expect } from "vitest";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import type { Added, Claim, Turn } from "../../src/store/mailbox.ts";
import { clockJumps } from "./mailbox-clock.ts";
import { mailboxProperty } from "./mailbox-property.ts";
import { order, wishes } from "./mailbox-wishes.ts";
import { addTaking, messageIn, testOn, type OpenBench, type Test } from "./store-bench.ts";

/** Every implementation of the mailbox passes these. `runs`: how many random histories it goes through. */
export function mailboxContract(name: string, open: OpenBench, runs: number): void {
  describe(`the mailbox on ${name}`, () => {
    const test = testOn(open);
    adding(test);
    running(test);
    takingOver(test);
    order(test);
    wishes(test);
    clockJumps(test);
    mailboxProperty(open, runs);
  });
}

const names = (turns: readonly (Turn | undefined)[]) => turns.map((turn) => turn?.message.id as string);
const places = (claims: readonly Claim[]) => claims.map(({ place }) => place as string).sort();

function adding(test: Test) {
  test("stores a message once, however often and by whomever it is delivered", async ({ bench, a, b }) => {
    const first = await a.add(messageIn("p", "1"), false);
    expect(first).toEqual({ kind: "new", turn: expect.any(Number) });
    expect(await a.add(messageIn("p", "1"), true)).toEqual({ kind: "seen" });
    expect(await b.add(messageIn("p", "1"), true)).toEqual({ kind: "seen" });
    expect(await bench.query("SELECT message_key FROM turn")).toHaveLength(1);
  });

  test("stores a message once also when it is delivered many times at once", async ({ a, b }) => {
    const all = await Promise.all([a, b, a, b].map((box) => box.add(messageIn("p", "1"), true)));
    expect(all.map(({ kind }) => kind).sort()).toEqual(["new", "seen", "seen", "seen"]);
  });

  test("keeps a message that was answered before as seen", async ({ a, b }) => {
    const claim = await addTaking(a, "p", "1");
    const turn = await a.next(claim);
    await a.next(claim, { turn: turn!.id, kind: "done" });
    expect(await b.add(messageIn("p", "1"), true)).toEqual({ kind: "seen" });
  });

  test("gives an idle mailbox to one of those who add to it at once", async ({ a, b }) => {
    const all = await Promise.all(
      ["1", "2", "3"].map((name, i) => [a, b, a][i]!.add(messageIn("p", name), true)),
    );
    expect(all.filter((added: Added) => added.kind === "new" && added.claim)).toHaveLength(1);
  });

  test("gives nothing to those who have no room", async ({ a }) => {
    expect(await a.add(messageIn("p", "1"), false)).not.toHaveProperty("claim");
    expect(await a.sweep(9)).toHaveLength(1);
  });

  test("gives a mailbox that waits for a runner to whoever adds to it with room", async ({ a, b }) => {
    await a.add(messageIn("p", "1"), false);
    const claim = await addTaking(b, "p", "2");
    expect((await b.next(claim))?.message.id).toBe("1");
  });

  test("hands a turn out as it was added", async ({ a }) => {
    const added = await a.add(messageIn("p", "1"), true);
    if (added.kind === "seen" || !added.claim) throw new Error("not taken");
    expect(await a.next(added.claim)).toEqual({
      id: added.turn,
      place: "p",
      message: messageIn("p", "1"),
      tries: 0,
      state: "received",
      late: false,
      stopAsked: false,
    });
  });
}

function running(test: Test) {
  test("runs the turns of a place in the order they were added, and then lets go", async ({ a, b }) => {
    const claim = await addTaking(a, "p", "1");
    await b.add(messageIn("p", "2"), true);
    await a.add(messageIn("p", "3"), true);
    const first = await a.next(claim);
    const second = await a.next(claim, { turn: first!.id, kind: "done" });
    const third = await a.next(claim, { turn: second!.id, kind: "failed", error: "why" });
    const none = await a.next(claim, { turn: third!.id, kind: "stopped" });
    expect(names([first, second, third, none])).toEqual(["1", "2", "3", undefined]);
    expect(await a.sweep(9)).toEqual([]);
  });

  test("lets no one else run a place whose turn is running", async ({ a, b }) => {
    await a.next(await addTaking(a, "p", "1"));
    expect(await b.add(messageIn("p", "2"), true)).not.toHaveProperty("claim");
    expect(await b.sweep(9)).toEqual([]);
  });

  test("reads on before it lets go: what was added while a turn ran is next", async ({ a, b }) => {
    const claim = await addTaking(a, "p", "1");
    const first = await a.next(claim);
    await b.add(messageIn("p", "2"), true);
    expect((await a.next(claim, { turn: first!.id, kind: "done" }))?.message.id).toBe("2");
  });

  test("runs different places side by side", async ({ a }) => {
    const [p, q] = [await addTaking(a, "p", "1"), await addTaking(a, "q", "1")];
    expect(names([await a.next(p), await a.next(q)])).toEqual(["1", "1"]);
  });

  test("stores how a turn ended, and when", async ({ bench, a }) => {
    const claim = await addTaking(a, "p", "1");
    await bench.pass(1_000);
    const turn = await a.next(claim);
    await bench.pass(1_000);
    await a.next(claim, { turn: turn!.id, kind: "failed", error: "rate_limited" });
    const [row] = await bench.query("SELECT state, error, received_at, settled_at FROM turn");
    expect(row).toEqual({
      state: "failed",
      error: "rate_limited",
      received_at: bench.now() - 2_000,
      settled_at: bench.now(),
    });
  });

  test("hands a turn that asked for a retry out again, and nothing of the place before it", async ({
    bench,
    a,
    b,
  }) => {
    const claim = await addTaking(a, "p", "1");
    await a.add(messageIn("p", "2"), true);
    const first = await a.next(claim);
    expect(
      await a.next(claim, { turn: first!.id, kind: "retry", delayMs: 5_000, error: "busy" }),
    ).toBeUndefined();
    await bench.pass(4_999);
    expect(await a.add(messageIn("p", "3"), true)).not.toHaveProperty("claim");
    expect(await a.sweep(9)).toEqual([]);
    await bench.pass(1);
    const [again] = await b.sweep(9);
    expect(await b.next(again!)).toMatchObject({ id: first!.id, tries: 1 });
    expect(await b.next(again!, { turn: first!.id, kind: "retry", delayMs: 0, error: "busy" })).toMatchObject(
      { id: first!.id, tries: 2 },
    );
    expect((await b.next(again!, { turn: first!.id, kind: "done" }))?.message.id).toBe("2");
  });

  test("never unsettles a turn", async ({ bench, a }) => {
    const claim = await addTaking(a, "p", "1");
    await a.add(messageIn("p", "2"), true);
    const first = await a.next(claim);
    const second = await a.next(claim, { turn: first!.id, kind: "done" });
    const settled = await bench.query("SELECT * FROM turn WHERE settled_at IS NOT NULL");
    await bench.pass(10);
    for (const late of [
      { kind: "retry", delayMs: 0, error: "late" },
      { kind: "failed", error: "late" },
    ] as const) {
      expect(await a.next(claim, { turn: first!.id, ...late })).toMatchObject({ id: second!.id });
    }
    expect(await bench.query("SELECT * FROM turn WHERE settled_at IS NOT NULL")).toEqual(settled);
  });

  test("settles no turn of another place", async ({ a }) => {
    const [p, q] = [await addTaking(a, "p", "1"), await addTaking(a, "q", "1")];
    const other = await a.next(q);
    await a.next(p, { turn: other!.id, kind: "done" });
    await a.next(p, { turn: other!.id, kind: "retry", delayMs: 60_000, error: "no" });
    expect(await a.next(q)).toMatchObject({ id: other!.id, tries: 1 });
  });
}

function takingOver(test: Test) {
  test("takes the longest waiting first, and no more than there is room for", async ({ bench, a, b }) => {
    for (const place of ["p", "q", "r"]) {
      await a.add(messageIn(place, "1"), false);
      await bench.pass(1);
    }
    expect(await b.sweep(0)).toEqual([]);
    expect(places(await b.sweep(2))).toEqual(["p", "q"]);
    expect(places(await b.sweep(2))).toEqual(["r"]);
  });

  test("takes mailboxes over whose lease ran out, up to the room that is left", async ({ bench, a, b }) => {
    await addTaking(a, "p", "1");
    await addTaking(a, "q", "1");
    await bench.pass(LEASE_MS + 1);
    await a.add(messageIn("r", "1"), false);
    expect(places(await b.sweep(2))).toContain("r");
    expect(await b.sweep(9)).toHaveLength(1);
  });

  test("shuts out an owner whose lease ran out once another has taken over", async ({ bench, a, b }) => {
    const old = await addTaking(a, "p", "1");
    const turn = await a.next(old);
    await bench.pass(LEASE_MS);
    expect(await b.sweep(9)).toEqual([]);
    await bench.pass(1);
    const [taken] = await b.sweep(9);
    expect(taken!.epoch).toBeGreaterThan(old.epoch);
    expect(await a.next(old, { turn: turn!.id, kind: "done" })).toBeUndefined();
    expect(await b.next(taken!)).toMatchObject({ id: turn!.id, tries: 1 });
  });

  test("leaves an owner its mailboxes for as long as it renews", async ({ bench, a, b }) => {
    const claim = await addTaking(a, "p", "1");
    await addTaking(b, "q", "1");
    await bench.pass(LEASE_MS - 1);
    await a.renew();
    await bench.pass(LEASE_MS);
    expect(places(await b.sweep(9))).toEqual(["q"]);
    expect((await a.next(claim))?.message.id).toBe("1");
  });

  test("hands everything over at once, and what was handed over cannot be settled any more", async ({
    a,
    b,
  }) => {
    const claim = await addTaking(a, "p", "1");
    await addTaking(b, "q", "1");
    const turn = await a.next(claim);
    await a.handOver();
    expect(await a.next(claim, { turn: turn!.id, kind: "done" })).toBeUndefined();
    const taken = await b.sweep(9);
    expect(places(taken)).toEqual(["p"]);
    expect(await b.next(taken[0]!)).toMatchObject({ id: turn!.id, tries: 1 });
  });

  test("ends a claim when the mailbox is let go, also for its last owner", async ({ a, b }) => {
    const claim = await addTaking(a, "p", "1");
    const turn = await a.next(claim);
    await a.next(claim, { turn: turn!.id, kind: "done" });
    await a.add(messageIn("p", "2"), false);
    expect(await a.next(claim)).toBeUndefined();
    expect(places(await b.sweep(9))).toEqual(["p"]);
  });
}
