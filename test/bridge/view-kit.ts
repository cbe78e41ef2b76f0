import { createBudgets } from "../../src/bridge/budget.ts";
import { createHealth } from "../../src/bridge/health.ts";
import type { Ledger } from "../../src/bridge/painter.ts";
import { openView } from "../../src/bridge/view.ts";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId } from "../../src/chat/place.ts";
import type { Budget } from "../../src/chat/budget.ts";
import type { Page, Platform } from "../../src/chat/platform.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { advance, newReply, type Reply } from "../../src/reply/reply.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createChat } from "../fakes/chat.ts";
import { createFakeMetrics } from "../fakes/metrics.ts";

export const written = (text: string): Reply => advance(newReply(), { kind: "text", delta: text });
export const done = (text: string): Reply => advance(written(text), { kind: "done" });

interface Setting {
  readonly budgets?: readonly Budget[];
  /** Called with each paint before it is made; what it throws or waits for is the platform's answer. */
  readonly onPaint?: (page: Page, count: number) => Promise<void> | void;
  readonly ledger?: Partial<Ledger>;
  readonly countsAs?: Platform["countsAs"];
}

/** A view on a platform that does what the test wants, with the paints as they were made. */
export function open({ budgets = [], onPaint = () => undefined, ledger = {}, countsAs }: Setting = {}) {
  const clock = fakeClock();
  const paints: { readonly text: string; readonly at: number }[] = [];
  const busy: AbortSignal[] = [];
  const metrics = createFakeMetrics();
  const paint = async (page: Page) => {
    paints.push({ text: page.text, at: clock.monotonic() });
    await onPaint(page, paints.length);
  };
  const platform: Platform = {
    name: "fake",
    limits: { pageLength: 200, budgets },
    start: async () => undefined,
    stop: async () => undefined,
    post: async (_, page) => {
      await paint(page);
      return "m1" as MessageId;
    },
    edit: (_, __, page) => paint(page),
    indicate: (_, signal) => void busy.push(signal),
    ...(countsAs && { countsAs }),
  };
  const question: Message = (() => {
    const chat = createChat({ clock });
    return chat.add(chat.openPlace(), "hello");
  })();
  const outer = new AbortController();
  const shared = createBudgets({ clock, health: createHealth(createLog("silent")) });
  const view = (page: Partial<Ledger> = ledger) =>
    openView(
      {
        platform,
        budgets: shared,
        links: { linkTo: () => undefined },
        behaviourIn: () => ({}),
        metrics,
        clock,
        log: createLog("silent"),
      },
      question,
      {
        turn: 1,
        pages: [],
        checkpoint: async () => undefined,
        confirm: async () => undefined,
        intend: async () => undefined,
        posted: async () => undefined,
        ...page,
      },
      outer.signal,
    );
  return { clock, paints, busy, metrics, outer, view };
}

export const refusal = (kind: PlatformRefusal["kind"], retryAfterMs?: number, per?: PlatformRefusal["per"]) =>
  new PlatformRefusal(
    kind,
    `test_${kind}`,
    "as the test wants",
    retryAfterMs === undefined ? {} : { retryAfterMs, per },
  );
