import { expect } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Claim, Settled } from "../../src/store/mailbox.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";

/*
 * The mailbox as a plain list: what the real one is compared with.
 */

export interface TurnModel {
  readonly id: number;
  readonly name: string;
  readonly sentAt: number;
  late: boolean;
  stopAsked: boolean;
  runAt: number;
  tries: number;
  state: "open" | "postponed" | "settled";
}

export interface Hold {
  readonly claim: Claim;
  readonly owner: string;
  running?: TurnModel;
  lease: number;
  /** When the lease would have run out without any renewal. */
  readonly bareLease: number;
}

export interface BoxModel {
  readonly place: Place;
  readonly turns: TurnModel[];
  due: number | undefined;
  hold: Hold | undefined;
  epoch: number;
}

export interface Model {
  readonly boxes: Map<string, BoxModel>;
  /** Every claim that was ever given, also those that are over. */
  readonly claims: Hold[];
  /** How often the hard cases came up, over all runs. */
  readonly met: Record<HardCase, number>;
}

export const HARD_CASES = [
  "seen again",
  "taken by adding",
  "added behind a running turn",
  "added behind a delay",
  "retry that others wait for",
  "taken up again",
  "settled with an old claim",
  "written with an old claim",
  "lease ran out",
  "lease was renewed in time",
  "handed over",
  "more to take than room",
  "sent before one that came before it",
  "begun, so before one that was sent before it",
  "late",
  "postponed",
  "reopened",
  "reopened before it was postponed",
  "asked to stop",
  "asked in vain",
] as const;
type HardCase = (typeof HARD_CASES)[number];

export function boxOf(model: Model, place: string): BoxModel {
  const box = model.boxes.get(place) ?? {
    place: place as Place,
    turns: [],
    due: undefined,
    hold: undefined,
    epoch: 0,
  };
  model.boxes.set(place, box);
  return box;
}

/** What is open, in the order in which it is handed out: what was begun first, then by when it was sent. */
export function openOf(box: BoxModel): TurnModel[] {
  const rank = (turn: TurnModel) => (turn.tries === 0 ? 1 : 0);
  return box.turns
    .filter((turn) => turn.state === "open")
    .sort((x, y) => rank(x) - rank(y) || x.sentAt - y.sentAt || x.id - y.id);
}

/** A claim was given. */
export function take(model: Model, claim: Claim, by: { owner: string; now: number }): void {
  const box = boxOf(model, claim.place);
  expect(claim.epoch, "the fence grows").toBeGreaterThan(box.epoch);
  box.epoch = claim.epoch;
  const lease = by.now + LEASE_MS;
  box.hold = { claim, owner: by.owner, lease, bareLease: lease };
  box.due = by.now;
  model.claims.push(box.hold);
}

/** How a turn ended that ran. What is settled stays so. */
export function settle(model: Model, turn: TurnModel, settled: Settled, now: number): void {
  if (turn.state !== "open") return;
  if (settled.kind === "retry") turn.runAt = now + settled.delayMs;
  else if (settled.kind !== "postponed") turn.state = "settled";
  else if (turn.late) {
    turn.state = "postponed";
    model.met["postponed"] += 1;
  }
}
