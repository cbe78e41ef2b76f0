import type fc from "fast-check";
import { expect } from "vitest";
import type { Claim, Settled } from "../../src/store/mailbox.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import { boxOf, openOf, settle, take, type Model, type TurnModel } from "./mailbox-model.ts";
import { messageIn, type StoreBench } from "./store-bench.ts";

/*
 * Commands that do one thing to the list and to the real mailbox, and compare. What the mailbox leaves open (which of several it
 * takes) is read from its answer and judged.
 */

type MailboxCommand = fc.AsyncCommand<Model, StoreBench>;

const command = (name: string, run: MailboxCommand["run"]): MailboxCommand => ({
  check: () => true,
  run,
  toString: () => name,
});

/** What is added: who was sent when, by which name. */
export interface Addition {
  readonly owner: string;
  readonly place: string;
  readonly name: string;
  readonly room: boolean;
  readonly late: boolean;
  readonly sentAt: number;
}

export function add({ owner, place, name, room, late, sentAt }: Addition): MailboxCommand {
  const how = `${room ? ", room" : ""}${late ? ", late" : ""}, ${sentAt}`;
  return command(`${owner}.add(${place}/${name}${how})`, async (model, bench) => {
    const box = boxOf(model, place);
    const now = bench.now();
    const added = await bench.mailbox(owner).add({ ...messageIn(place, name), sentAt }, room, late);
    if (box.turns.some((turn) => turn.name === name)) {
      model.met["seen again"] += 1;
      expect(added).toEqual({ kind: "seen" });
      return;
    }
    if (added.kind === "seen") throw new Error(`${place}/${name} is new`);
    const last = box.turns.at(-1)?.id ?? 0;
    expect(added.turn, "the order of the ids").toBeGreaterThan(last);
    const turn = { id: added.turn, name, sentAt, late, stopAsked: false, runAt: now, tries: 0 };
    if (late) model.met["late"] += 1;
    if (openOf(box).some((other) => other.tries === 0 && other.sentAt > sentAt))
      model.met["sent before one that came before it"] += 1;
    if (openOf(box).some((other) => other.tries > 0 && other.sentAt > sentAt))
      model.met["begun, so before one that was sent before it"] += 1;
    box.turns.push({ ...turn, state: "open" });

    const runnable = !box.hold && (box.due === undefined || box.due <= now);
    expect(added.claim !== undefined, "taken by adding").toBe(room && runnable);
    if (added.claim) {
      model.met["taken by adding"] += 1;
      take(model, added.claim, { owner, now });
    } else if (!box.hold) {
      if (!runnable) model.met["added behind a delay"] += 1;
      box.due ??= now;
    } else if (box.hold.running) model.met["added behind a running turn"] += 1;
  });
}

export type Ending = "nothing" | "done" | "failed" | "stopped" | "postponed" | { readonly delayMs: number };

/** Settles what the claim runs, if anything, and reads on. `pick` counts back from the newest claim, over ones too. */
export function next(pick: number, ending: Ending): MailboxCommand {
  return command(`next(-${pick}, ${JSON.stringify(ending)})`, async (model, bench) => {
    const hold = model.claims.at(-1 - (pick % (model.claims.length || 1)));
    if (!hold) return;
    const box = boxOf(model, hold.claim.place);
    const settled = settlement(hold.running, ending);
    const turn = await bench.mailbox(hold.owner).next(hold.claim, settled);
    if (box.hold !== hold) {
      if (settled) model.met["settled with an old claim"] += 1;
      expect(turn, "an old claim").toBeUndefined();
      return;
    }
    const now = bench.now();
    if (settled && hold.running) {
      settle(model, hold.running, settled, now);
    }
    const [head, ...behind] = openOf(box);
    if (head && head.runAt <= now) {
      const { id, tries, late, stopAsked, sentAt } = head;
      const message = { ...messageIn(box.place, head.name), sentAt };
      expect(turn).toMatchObject({ id, tries, late, stopAsked, message });
      if (head.tries > 0) model.met["taken up again"] += 1;
      head.tries += 1;
      hold.running = head;
      return;
    }
    if (behind.length > 0) model.met["retry that others wait for"] += 1;
    expect(turn, "let go").toBeUndefined();
    box.hold = undefined;
    box.due = head?.runAt;
  });
}

function settlement(running: TurnModel | undefined, ending: Ending): Settled | undefined {
  if (!running || ending === "nothing") return undefined;
  if (typeof ending === "object") return { turn: running.id, kind: "retry", error: "again", ...ending };
  return { turn: running.id, kind: ending };
}

export function sweep(owner: string, room: number): MailboxCommand {
  return command(`${owner}.sweep(${room})`, async (model, bench) => {
    const now = bench.now();
    const boxes = [...model.boxes.values()];
    const due = boxes.filter((box) => !box.hold && box.due !== undefined && box.due <= now);
    const lapsed = boxes.filter((box) => box.hold && box.hold.lease < now);
    const renewed = boxes.filter((box) => box.hold && box.hold.lease >= now && box.hold.bareLease < now);
    model.met["lease was renewed in time"] += renewed.length;
    if (due.length + lapsed.length > room) model.met["more to take than room"] += 1;

    const taken = await bench.mailbox(owner).sweep(room);
    const places = new Set<string>(taken.map((claim) => claim.place));
    expect(places.size).toBe(taken.length);
    const tookDue = due.filter((box) => places.has(box.place));
    const tookLapsed = lapsed.filter((box) => places.has(box.place));
    expect(tookDue).toHaveLength(Math.min(room, due.length));
    expect(tookLapsed).toHaveLength(Math.min(room - tookDue.length, lapsed.length));
    expect(taken).toHaveLength(tookDue.length + tookLapsed.length);
    const left = due.filter((box) => !places.has(box.place)).map((box) => box.due ?? 0);
    for (const box of tookDue)
      expect(box.due, "longest waiting first").toBeLessThanOrEqual(Math.min(...left));

    model.met["lease ran out"] += tookLapsed.length;
    for (const claim of taken) take(model, claim, { owner, now });
  });
}

const byPlace = (claims: readonly Claim[]) => claims.toSorted((a, b) => a.place.localeCompare(b.place));

export function renew(owner: string): MailboxCommand {
  return command(`${owner}.renew()`, async (model, bench) => {
    const renewed = await bench.mailbox(owner).renew();
    const held = [...model.boxes.values()].flatMap(({ hold }) => (hold?.owner === owner ? [hold.claim] : []));
    expect(byPlace(renewed)).toEqual(byPlace(held));
    for (const { hold } of model.boxes.values()) {
      if (hold?.owner === owner) hold.lease = bench.now() + LEASE_MS;
    }
  });
}

export function handOver(owner: string): MailboxCommand {
  return command(`${owner}.handOver()`, async (model, bench) => {
    await bench.mailbox(owner).handOver();
    for (const box of model.boxes.values()) {
      if (box.hold?.owner !== owner) continue;
      model.met["handed over"] += 1;
      box.hold = undefined;
      box.due = bench.now();
    }
  });
}

/** Somebody presses a button of one of the place's turns. `pick` counts from its first. */
export function reopen(owner: string, place: string, pick: number): MailboxCommand {
  return command(`${owner}.reopen(${place}, ${pick})`, async (model, bench) => {
    const box = boxOf(model, place);
    const turn = box.turns[pick % (box.turns.length || 1)];
    const reopened = await bench.mailbox(owner).reopen(box.place, turn?.id ?? 1);
    expect(reopened).toBe(turn !== undefined && turn.late && turn.state !== "settled");
    if (!turn || !reopened) return;
    model.met[turn.state === "open" ? "reopened before it was postponed" : "reopened"] += 1;
    Object.assign(turn, { state: "open", late: false, stopAsked: false, tries: 0, runAt: bench.now() });
    if (!box.hold) box.due ??= bench.now();
  });
}

export function askStop(owner: string, place: string, pick: number): MailboxCommand {
  return command(`${owner}.askStop(${place}, ${pick})`, async (model, bench) => {
    const box = boxOf(model, place);
    const turn = box.turns[pick % (box.turns.length || 1)];
    const asked = await bench.mailbox(owner).askStop(box.place, turn?.id ?? 1);
    expect(asked).toBe(turn?.state === "open");
    model.met[asked ? "asked to stop" : "asked in vain"] += 1;
    if (turn && asked) turn.stopAsked = true;
  });
}

/** A write of the store's with some claim: the mailbox's fence is the store's too. */
export function write(pick: number): MailboxCommand {
  return command(`write(-${pick})`, async (model, bench) => {
    const hold = model.claims.at(-1 - (pick % (model.claims.length || 1)));
    const turn = hold && boxOf(model, hold.claim.place).turns[0];
    if (!hold || !turn) return;
    const written = bench.store.markPageIntended(hold.claim, turn.id, 0);
    if (boxOf(model, hold.claim.place).hold === hold) return written;
    model.met["written with an old claim"] += 1;
    await expect(written).rejects.toMatchObject({ code: "fenced" });
  });
}

export function pass(ms: number): MailboxCommand {
  return command(`pass(${ms})`, (_model, bench) => bench.pass(ms));
}
