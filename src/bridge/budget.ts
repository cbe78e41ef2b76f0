import type { Budget } from "../chat/budget.ts";
import type { Clock } from "../clock.ts";
import type { Account as Shared, Tally } from "../store/replicas.ts";
import {
  type Account,
  type BudgetState,
  close,
  depart,
  isForgotten,
  newAccount,
  type PaintRequest,
  roomIn,
  type Sharer,
  stateOf,
  whenDue,
} from "./account.ts";
import type { Health } from "./health.ts";

/** Where a reply's paints count: what its platform counts them by, and the platform's rules. */
export interface Scope {
  readonly platform: string;
  readonly workspace: string;
  readonly channel: string;
  readonly place: string;
  readonly budgets: readonly Budget[];
}

/** One live reply's share of its scope's budgets. */
export interface Allowance {
  /** Resolves when the paint may be made, having counted it. Rejects when `signal` aborts, nothing counted. */
  take(paint: PaintRequest, signal: AbortSignal): Promise<Paid>;
  /**
   * The platform said 429: nobody paints `kind` for so long in the narrowest scope that it is counted in, or in the one that the platform named,
   * which is taken to allow less than its rule says for a while.
   */
  hold(kind: PaintRequest["kind"], ms: number, per?: Budget["per"]): void;
  /** The reply is finished. Its share goes to the others. */
  leave(): void;
}

/**
 * To be called once the platform has answered, because it counts by when a call reaches it. `counts`: false where the paint was not made, or was refused with a 429. In what
 * all processes share it counts for a window all the same.
 */
export type Paid = (counts?: boolean) => void;

export interface Budgets {
  join(scope: Scope): Allowance;
  /** Those that are drawn on, or held. */
  states(): readonly BudgetState[];
}

/** A draft that waits looks this often whether others have ended, or have grown older, and left it their share. */
const RECHECK_MS = 1_000;
/** And at a quarter of its wait, but not below this part of the shortest window: others that were to go first may be held up elsewhere by then. */
const GLANCE = 0.1;

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

/**
 * The budgets of this process. A page's first text and a reply's ending are painted as soon as the platform's rules let them; drafts
 * when `reply/pace.ts` says so, the one that has been unpainted for longest before the others. Nothing is queued: whoever waits asks for what is newest
 * when it is let through. With a tally, a paint is drawn there as well: what all processes together may do.
 */
export function createBudgets(deps: BudgetDeps): Budgets {
  const { clock } = deps;
  const accounts = new Map<string, Account>();

  const open = (scope: Scope): Account[] => {
    for (const [id, account] of accounts) if (isForgotten(account, clock.monotonic())) accounts.delete(id);
    return scope.budgets.map((rule, index) => {
      const id = [scope.platform, index, scope[rule.per]].join("\n");
      const account = accounts.get(id) ?? newAccount(id, rule);
      accounts.set(id, account);
      return account;
    });
  };
  return {
    join: (scope) => allowance(open(scope), deps),
    states: () => Array.from(accounts.values(), (account) => stateOf(account, clock.monotonic())),
  };
}

function allowance(accounts: readonly Account[], deps: BudgetDeps): Allowance {
  const { clock } = deps;
  const self: Sharer = { begunAt: undefined, lastPaint: -Infinity, waiting: undefined, due: new Map() };
  for (const { live } of accounts) live.add(self);
  const covering = (kind: PaintRequest["kind"]) => accounts.filter(({ rule }) => rule.covers.includes(kind));
  // A platform may refuse what none of its rules covers.
  const heldUntil = new Map<string, number>();

  return {
    async take(paint, signal) {
      self.waiting = paint;
      try {
        for (;;) {
          signal.throwIfAborted();
          const covered = covering(paint.kind);
          const held = (heldUntil.get(paint.kind) ?? 0) - clock.monotonic();
          const taken = held > 0 ? held : await attempt(deps, { self, covered, signal }, paint);
          if (typeof taken === "function") return taken;
          await clock.sleep(paint.urgent ? taken : glanceIn(taken, covered), signal);
        }
      } finally {
        self.waiting = undefined;
        self.due.clear();
      }
    },
    hold(kind, ms, per) {
      const now = clock.monotonic();
      close(covering(kind), now, { ms, per });
      heldUntil.set(kind, Math.max(heldUntil.get(kind) ?? 0, now + ms));
    },
    leave() {
      for (const account of accounts) depart(account, self, clock.monotonic());
    },
  };
}

function glanceIn(wait: number, covered: readonly Account[]): number {
  const shortest = Math.min(...covered.map(({ rule }) => rule.windowMs));
  return Math.min(wait, RECHECK_MS, Math.max(wait / 4, shortest * GLANCE));
}

interface Asking {
  readonly self: Sharer;
  readonly covered: readonly Account[];
  readonly signal: AbortSignal;
}

/** Draws on all that cover the paint, or nothing: what to call once it was answered, or the milliseconds after which to try again. */
async function attempt(
  deps: BudgetDeps,
  { self, covered, signal }: Asking,
  paint: PaintRequest,
): Promise<Paid | number> {
  const { clock } = deps;
  const now = clock.monotonic();
  for (const account of covered) self.due.set(account, whenDue(account, self, { paint, now }));
  const wait = Math.max(now, ...self.due.values()) - now;
  if (wait > 0) return wait;
  const draw = { at: Infinity, isPaint: true };
  // Before the others are asked: no other reply of this process may take the same room meanwhile.
  for (const { drawn } of covered) drawn.add(draw);
  const elsewhere = await waitElsewhere(deps, paint, covered);
  if (elsewhere > 0 || signal.aborted) {
    for (const { drawn } of covered) drawn.delete(draw);
    return elsewhere;
  }
  self.begunAt ??= now;
  self.lastPaint = now;
  self.lastKind = paint.kind;
  if (!paint.urgent) for (const account of covered) account.lastDraft = Math.max(account.lastDraft, now);
  return (counts = true) => {
    draw.at = clock.monotonic();
    if (!counts) for (const { drawn } of covered) drawn.delete(draw);
  };
}

/**
 * Draws on what all processes share. Milliseconds until there may be room; 0: drawn. Where the tally cannot be asked, the paint is let
 * through on this process's own reckoning: nothing is painted anyway while the database is away, because each paint asks it first, and a
 * final one must not wait for a count. At worst a platform says 429, which is obeyed.
 */
async function waitElsewhere(
  { clock, tally, health }: BudgetDeps,
  paint: PaintRequest,
  covered: readonly Account[],
): Promise<number> {
  if (!tally || covered.length === 0) return 0;
  const now = clock.monotonic();
  const shared = covered.map((account): Shared => {
    return {
      scope: account.id,
      most: roomIn(account, paint, now),
      windowMs: account.rule.windowMs + JITTER_MS,
    };
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
