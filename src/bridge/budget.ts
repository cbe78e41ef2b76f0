import type { Budget } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";

/** Where a paint counts: the workspace and the channel that its page is in, and the platform's rules. */
export interface Scope {
  readonly platform: string;
  readonly workspaceId: string;
  readonly channelId: string;
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

/** One budget in one scope: when it was drawn on lately, by whom it is shared, and until when the platform closed it. */
interface Account {
  readonly rule: Budget;
  readonly drawn: { at: number }[];
  live: number;
  heldUntil: number;
}

/**
 * The budgets of this process. Every live reply of a scope gets drafts at the same even pace, which thins as replies
 * are added; one paint of each window is kept for what is urgent, so that an ending never waits behind drafts.
 */
export function createBudgets(clock: Clock): Budgets {
  const accounts = new Map<string, Account>();

  const open = (scope: Scope): { id: string; account: Account }[] =>
    scope.budgets.map((rule, index) => {
      const id = [scope.platform, index, rule.per === "workspace" ? scope.workspaceId : scope.channelId].join(
        "\n",
      );
      const account = accounts.get(id) ?? { rule, drawn: [], live: 0, heldUntil: 0 };
      accounts.set(id, account);
      account.live += 1;
      return { id, account };
    });

  return {
    join(scope) {
      const opened = open(scope);
      const covering = (kind: PaintRequest["kind"]) =>
        opened.map(({ account }) => account).filter(({ rule }) => rule.covers.includes(kind));
      let lastPaint = -Infinity;

      return {
        async take(paint, signal) {
          const drawnOn = covering(paint.kind);
          for (;;) {
            signal.throwIfAborted();
            const now = clock.monotonic();
            const due = Math.max(
              now,
              ...drawnOn.map((account) => earliest(account, paint, { now, lastPaint })),
            );
            if (due <= now) break;
            await clock.sleep(due - now, signal);
          }
          const draw = { at: clock.monotonic() };
          lastPaint = draw.at;
          for (const { drawn } of drawnOn) drawn.push(draw);
          return () => void (draw.at = clock.monotonic());
        },
        hold(kind, ms) {
          for (const account of covering(kind))
            account.heldUntil = Math.max(account.heldUntil, clock.monotonic() + ms);
        },
        leave() {
          for (const { id, account } of opened) {
            account.live -= 1;
            if (account.live === 0 && isQuiet(account, clock.monotonic())) accounts.delete(id);
          }
        },
      };
    },
  };
}

/** When this account lets the paint through, on the monotonic clock. */
function earliest(account: Account, paint: PaintRequest, at: { now: number; lastPaint: number }): number {
  const { rule, drawn } = account;
  while (drawn[0] && drawn[0].at <= at.now - rule.windowMs) drawn.shift();
  const room = paint.urgent || rule.paints === 1 ? rule.paints : rule.paints - 1;
  const blocking = drawn.at(-room);
  const freed = drawn.length >= room && blocking ? blocking.at + rule.windowMs : at.now;
  const paced = paint.urgent ? at.now : at.lastPaint + (rule.windowMs / rule.paints) * account.live;
  return Math.max(freed, paced, account.heldUntil);
}

/** Nothing in it is still worth remembering. */
function isQuiet(account: Account, now: number): boolean {
  return account.heldUntil <= now && account.drawn.every(({ at }) => at <= now - account.rule.windowMs);
}
