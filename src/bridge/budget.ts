import type { Budget } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import type { Account as Shared, Tally } from "../store/replicas.ts";
import type { Health } from "./health.ts";

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

/**
 * A call reaches the platform a moment after it was counted, now sooner, now later: windows over all processes are longer by so much.
 * What this process draws itself is counted when the platform has answered.
 */
const JITTER_MS = 250;

export interface BudgetDeps {
  readonly clock: Clock;
  readonly health: Health;
  /** Where other processes draw on the same budgets. */
  readonly tally?: Tally | undefined;
}

/** One budget in one scope: when it was drawn on lately, by how many it is shared, until when the platform closed it. */
interface Account {
  /** Names it for all processes. */
  readonly id: string;
  readonly rule: Budget;
  drawn: { at: number }[];
  live: number;
  heldUntil: number;
}

/**
 * The budgets of this process. Every live reply of a scope gets drafts at the same even pace, which thins as replies
 * are added; one paint of each window is kept for what is urgent, so that an ending never waits behind drafts. With a tally, a paint is
 * drawn there as well: what all processes together may do.
 */
export function createBudgets(deps: BudgetDeps): Budgets {
  const { clock } = deps;
  const accounts = new Map<string, Account>();

  const open = (scope: Scope): Account[] => {
    for (const [id, account] of accounts) if (isForgotten(account, clock.monotonic())) accounts.delete(id);
    return scope.budgets.map((rule, index) => {
      const id = [scope.platform, index, scope[rule.per]].join("\n");
      const account = accounts.get(id) ?? { id, rule, drawn: [], live: 0, heldUntil: 0 };
      accounts.set(id, account);
      account.live += 1;
      return account;
    });
  };
  return { join: (scope) => allowance(open(scope), deps) };
}

function allowance(accounts: readonly Account[], deps: BudgetDeps): Allowance {
  const { clock } = deps;
  const covering = (kind: PaintRequest["kind"]) => accounts.filter(({ rule }) => rule.covers.includes(kind));
  // A platform may refuse what none of its rules covers.
  const heldUntil = { post: 0, edit: 0 };
  let lastPaint = -Infinity;
  /** Milliseconds until this process may make the paint, as far as it knows. */
  const waitHere = (paint: PaintRequest, covered: readonly Account[]) => {
    const now = clock.monotonic();
    const due = covered.map((account) => earliest(account, paint, { now, lastPaint }));
    return Math.max(now, heldUntil[paint.kind], ...due) - now;
  };

  return {
    async take(paint, signal) {
      const covered = covering(paint.kind);
      for (;;) {
        signal.throwIfAborted();
        let wait = waitHere(paint, covered);
        if (wait <= 0) {
          const draw = { at: clock.monotonic() };
          // Before the others are asked: no other reply of this process may take the same room meanwhile.
          for (const { drawn } of covered) drawn.push(draw);
          wait = await waitElsewhere(deps, paint, covered);
          if (wait <= 0 && !signal.aborted) {
            lastPaint = draw.at;
            return () => void (draw.at = clock.monotonic());
          }
          for (const account of covered) account.drawn = account.drawn.filter((one) => one !== draw);
          if (wait <= 0) continue;
        }
        await clock.sleep(paint.urgent ? wait : Math.min(wait, RECHECK_MS), signal);
      }
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

/**
 * Draws on what all processes share. Milliseconds until there may be room; 0: drawn. Where the tally cannot be asked, the paint is let
 * through on this process's own reckoning: nothing is painted anyway while the database is away, because each paint asks it first, and a
 * final one must not wait for a count. At worst a platform says 429, which is obeyed.
 */
async function waitElsewhere(
  { tally, health }: BudgetDeps,
  paint: PaintRequest,
  covered: readonly Account[],
): Promise<number> {
  if (!tally || covered.length === 0) return 0;
  const shared = covered.map(({ id, rule }): Shared => {
    return { scope: id, most: roomFor(paint, rule), windowMs: rule.windowMs + JITTER_MS };
  });
  try {
    const wait = await tally.draw(shared);
    health.report("tally", undefined);
    return wait;
  } catch (error) {
    health.report("tally", "The paint budgets cannot be counted over all processes now.", error);
    return 0;
  }
}

/** How many of a window's paints this one may be the last of. */
const roomFor = ({ urgent }: PaintRequest, { paints }: Budget) =>
  urgent || paints === 1 ? paints : paints - 1;

/** When this account lets the paint through, on the monotonic clock. */
function earliest(account: Account, paint: PaintRequest, at: { now: number; lastPaint: number }): number {
  const { rule } = account;
  account.drawn = account.drawn.filter((draw) => draw.at > at.now - rule.windowMs);
  const times = account.drawn.map((draw) => draw.at).sort((a, b) => a - b);
  const room = roomFor(paint, rule);
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
