import type { Budget } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";

/** Where a reply's paints count: what its platform counts them by, and the platform's rules. */
export interface Scope {
  readonly platform: string;
  readonly workspace: string;
  readonly channel: string;
  readonly place: string;
  readonly budgets: readonly Budget[];
}

export interface PaintRequest {
  readonly kind: "post" | "edit";
  /** A final page, or the first text of a reply: goes before drafts, and may use what is kept in reserve. */
  readonly urgent: boolean;
}

/** One live reply's share of its scope's budgets. */
export interface Allowance {
  /**
   * Resolves when the paint may be made, having counted it; call what it resolves to once the platform has answered,
   * because the platform counts by when a call reaches it. Rejects when `signal` aborts, nothing counted.
   */
  take(paint: PaintRequest, signal: AbortSignal): Promise<() => void>;
  /** The platform said 429: nobody in this scope paints `kind` for so long. */
  hold(kind: PaintRequest["kind"], ms: number): void;
  /** The reply is finished. Its share goes to the others. */
  leave(): void;
}

export interface Budgets {
  join(scope: Scope): Allowance;
}

/** A draft that waits looks this often whether other replies have ended, and left it their share. */
const RECHECK_MS = 1_000;

/** One budget in one scope: when it was drawn on lately, by how many it is shared, until when the platform closed it. */
interface Account {
  readonly rule: Budget;
  drawn: { at: number }[];
  live: number;
  heldUntil: number;
}

/**
 * The budgets of this process. Every live reply of a scope gets drafts at the same even pace, which thins as replies
 * are added; one paint of each window is kept for what is urgent, so that an ending never waits behind drafts.
 */
export function createBudgets(clock: Clock): Budgets {
  const accounts = new Map<string, Account>();

  const open = (scope: Scope): Account[] => {
    for (const [id, account] of accounts) if (isForgotten(account, clock.monotonic())) accounts.delete(id);
    return scope.budgets.map((rule, index) => {
      const id = [scope.platform, index, scope[rule.per]].join("\n");
      const account = accounts.get(id) ?? { rule, drawn: [], live: 0, heldUntil: 0 };
      accounts.set(id, account);
      account.live += 1;
      return account;
    });
  };
  return { join: (scope) => allowance(open(scope), clock) };
}

function allowance(accounts: readonly Account[], clock: Clock): Allowance {
  const covering = (kind: PaintRequest["kind"]) => accounts.filter(({ rule }) => rule.covers.includes(kind));
  // A platform may refuse what none of its rules covers.
  const heldUntil = { post: 0, edit: 0 };
  let lastPaint = -Infinity;

  return {
    async take(paint, signal) {
      for (;;) {
        signal.throwIfAborted();
        const now = clock.monotonic();
        const due = Math.max(
          now,
          heldUntil[paint.kind],
          ...covering(paint.kind).map((account) => earliest(account, paint, { now, lastPaint })),
        );
        if (due <= now) break;
        await clock.sleep(paint.urgent ? due - now : Math.min(due - now, RECHECK_MS), signal);
      }
      const draw = { at: clock.monotonic() };
      lastPaint = draw.at;
      for (const { drawn } of covering(paint.kind)) drawn.push(draw);
      return () => void (draw.at = clock.monotonic());
    },
    hold(kind, ms) {
      for (const held of covering(kind)) held.heldUntil = Math.max(held.heldUntil, clock.monotonic() + ms);
      heldUntil[kind] = Math.max(heldUntil[kind], clock.monotonic() + ms);
    },
    leave() {
      for (const account of accounts) account.live -= 1;
    },
  };
}

/** When this account lets the paint through, on the monotonic clock. */
function earliest(account: Account, paint: PaintRequest, at: { now: number; lastPaint: number }): number {
  const { rule } = account;
  account.drawn = account.drawn.filter((draw) => draw.at > at.now - rule.windowMs);
  const times = account.drawn.map((draw) => draw.at).sort((a, b) => a - b);
  const room = paint.urgent || rule.paints === 1 ? rule.paints : rule.paints - 1;
  const blocking = times.at(-room);
  const freed = times.length >= room && blocking !== undefined ? blocking + rule.windowMs : at.now;
  const paced = paint.urgent ? at.now : at.lastPaint + (rule.windowMs / rule.paints) * account.live;
  return Math.max(freed, paced, account.heldUntil);
}

/** Nobody shares it, and nothing in it is still worth remembering. */
function isForgotten(account: Account, now: number): boolean {
  const { rule, live, heldUntil, drawn } = account;
  return live === 0 && heldUntil <= now && drawn.every(({ at }) => at <= now - rule.windowMs);
}
