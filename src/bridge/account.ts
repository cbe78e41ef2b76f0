import type { Budget, Draw } from "../chat/budget.ts";
import {
  type Lesson,
  learn,
  reckoned,
  reserveOf,
  whenDraft,
  whenUrgent,
  type Window,
} from "../reply/pace.ts";

export interface PaintRequest {
  /** What it counts as: see `Budget.covers`. */
  readonly kind: string;
  /** The first text of a page, or anything of a reply that has ended: goes before drafts, and may use what is kept in reserve. */
  readonly urgent: boolean;
  /** When the oldest text came that it would show, on the monotonic clock. Absent: since its reply was painted last. */
  readonly unseenSince?: number | undefined;
  /** Of a draft: when its page will be full, as its text has grown so far, on the monotonic clock. -Infinity: it is. Absent: not foreseen. */
  readonly fullAt?: number | undefined;
}

/** One live reply, as a budget sees it. */
export interface Sharer {
  /** When it painted first. */
  begunAt: number | undefined;
  lastPaint: number;
  /** What that counted as: where its ending will count is told by it. */
  lastKind?: string | undefined;
  /** What it waits to paint. */
  waiting: PaintRequest | undefined;
  /** When each budget would let that through, as of when it was last asked. */
  readonly due: Map<Account, number>;
}

/** One budget in one scope: when it was drawn on lately, who shares it, what the platform said of it. */
export interface Account {
  /** Names it for all processes. */
  readonly id: string;
  readonly rule: Budget;
  readonly live: Set<Sharer>;
  readonly drawn: Set<Draw>;
  lastDraft: number;
  /** When replies ended whose endings count in it. */
  ended: number[];
  heldUntil: number;
  lesson: Lesson | undefined;
}

/** How a budget stands in one scope, for operators. */
export interface BudgetState {
  readonly platform: string;
  readonly per: Budget["per"];
  /** Which workspace, channel or place it is counted in; the platform's name where it is one for all. */
  readonly scope: string;
  /** The kinds of paint that count in it. */
  readonly covers: readonly string[];
  /** Of `paints` in the last `windowMs`, as this process counts them. */
  readonly drawn: number;
  readonly paints: number;
  readonly windowMs: number;
  /** Replies that share it now. */
  readonly live: number;
  /** Milliseconds for which the platform shut it. 0: it did not. */
  readonly heldForMs: number;
}

export function stateOf(account: Account, now: number): BudgetState {
  const { id, rule, live, heldUntil } = account;
  const [platform = "", , scope = ""] = id.split("\n");
  const { drawn, paints, windowMs } = windowOf(account, now);
  return {
    platform,
    scope,
    per: rule.per,
    covers: rule.covers,
    drawn: drawn.length,
    paints,
    windowMs,
    live: live.size,
    heldForMs: Math.max(0, heldUntil - now),
  };
}

export function newAccount(id: string, rule: Budget): Account {
  const { draws: drawn = new Set() } = rule;
  return {
    id,
    rule,
    live: new Set(),
    drawn,
    lastDraft: -Infinity,
    ended: [],
    heldUntil: 0,
    lesson: undefined,
  };
}

/** If what a platform limits is wider, it refuses in each narrow scope as well: so nobody is held up for another's sake. */
const WIDTHS: readonly Budget["per"][] = ["place", "channel", "workspace", "platform"];

/** Whoever is asked to wait for no more than this part of a window was early, by a moment on the way or a clock: that teaches nothing. */
const SLIP = 0.1;

/**
 * The platform said 429: the one of the accounts that it named, or else the narrowest, is shut for so long, and reckoned with less for a while. What was under way when it was shut
 * is refused as well, which teaches nothing more.
 */
export function close(
  accounts: readonly Account[],
  now: number,
  { ms, per }: { readonly ms: number; readonly per?: Budget["per"] | undefined },
): void {
  const [narrowest] = [...accounts].sort((a, b) => WIDTHS.indexOf(a.rule.per) - WIDTHS.indexOf(b.rule.per));
  const held = accounts.find(({ rule }) => rule.per === per) ?? narrowest;
  if (!held) return;
  const isShut = now < held.heldUntil;
  held.heldUntil = Math.max(held.heldUntil, now + ms);
  if (!isShut && ms > held.rule.windowMs * SLIP) held.lesson = learn(held.lesson, held.rule.windowMs, now);
}

/** When this account lets the paint through, on the monotonic clock. */
export function whenDue(account: Account, self: Sharer, at: { paint: PaintRequest; now: number }): number {
  const { paint, now } = at;
  const window = windowOf(account, now);
  if (paint.urgent) return Math.max(account.heldUntil, whenUrgent(window));
  const draft = {
    age: ageOf(self, now),
    after: Math.max(account.lastDraft, self.lastPaint),
    painted: self.lastPaint,
    fullIn: fullIn(account, paint, now),
    ahead: aheadOf(self, account, now),
  };
  return Math.max(account.heldUntil, whenDraft(window, draft));
}

/** How many of the paints that all processes make in a window this one may be the last of. */
export function roomIn(account: Account, { urgent }: PaintRequest, now: number): number {
  const window = windowOf(account, now);
  const asked = Array.from(account.drawn).filter(({ isPaint }) => !isPaint).length;
  const paints = Math.max(1, window.paints - asked - (account.rule.elsewhere ?? 0));
  return urgent ? paints : paints - reserveOf(window);
}

/** Of pages whose posts count elsewhere, nothing has to be foreseen here. */
function fullIn({ rule }: Account, { fullAt = Infinity }: PaintRequest, now: number): number {
  return rule.covers.includes("post") ? Math.max(0, fullAt - now) : Infinity;
}

/**
 * How many wait on the same account and go first: those that are urgent, and drafts of which readers have more: that would show text that is
 * unseen for longer; of as old ones, those that were painted longer ago, and at last those that joined earlier. Whoever another budget holds up
 * takes nothing from this one meanwhile.
 */
function aheadOf(self: Sharer, account: Account, now: number): number {
  const { live, rule } = account;
  let ahead = 0;
  let isEarlier = true;
  for (const other of live) {
    if (other === self) isEarlier = false;
    else if (other.waiting && rule.covers.includes(other.waiting.kind) && !isHeldUp(other, account, now)) {
      const longer = unseenSince(self) - unseenSince(other) || self.lastPaint - other.lastPaint;
      if (other.waiting.urgent || longer > 0 || (longer >= 0 && isEarlier)) ahead += 1;
    }
  }
  return ahead;
}

function isHeldUp({ due }: Sharer, account: Account, now: number): boolean {
  for (const [other, at] of due) if (other !== account && at > now) return true;
  return false;
}

const unseenSince = ({ waiting, lastPaint }: Sharer) => waiting?.unseenSince ?? lastPaint;

function windowOf(account: Account, now: number): Window {
  const { rule, lesson, live } = account;
  for (const draw of account.drawn) if (draw.at <= now - rule.windowMs) account.drawn.delete(draw);
  account.ended = account.ended.filter((at) => at > now - rule.windowMs);
  return {
    now,
    paints: reckoned(rule, { lesson, now }),
    windowMs: rule.windowMs,
    drawn: Array.from(account.drawn, (draw) => Math.min(draw.at, now)).sort((a, b) => a - b),
    ages: Array.from(live)
      .filter((sharer) => mayEndIn(rule, sharer))
      .map((sharer) => ageOf(sharer, now)),
    ended: account.ended,
  };
}

/** The reply is finished: others have its share, and who comes next is reckoned with by how many have ended. */
export function depart(account: Account, self: Sharer, now: number): void {
  if (account.live.delete(self) && self.begunAt !== undefined && mayEndIn(account.rule, self))
    account.ended.push(now);
}

/** Of a reply that has painted nothing it is not known. */
function mayEndIn({ endings }: Budget, { lastKind }: Sharer): boolean {
  if (endings === undefined) return true;
  return lastKind === undefined ? endings.length > 0 : endings.includes(lastKind);
}

const ageOf = ({ begunAt }: Sharer, now: number) => (begunAt === undefined ? 0 : now - begunAt);

/** Nobody shares it, and nothing in it is still worth remembering. */
export function isForgotten({ rule, live, heldUntil, drawn, lesson }: Account, now: number): boolean {
  if (live.size > 0 || heldUntil > now || Array.from(drawn).some(({ at }) => at > now - rule.windowMs))
    return false;
  return reckoned(rule, { lesson, now }) === rule.paints;
}
