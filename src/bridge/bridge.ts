import type { Links } from "../chat/links.ts";
import type { Listener, Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { AnswerRules } from "../reply/decide.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Replicas } from "../store/replicas.ts";
import type { Store } from "../store/store.ts";
import type { AnswerDeps } from "./answer.ts";
import type { BudgetState } from "./account.ts";
import { createBudgets } from "./budget.ts";
import { type CommandHandler, createCommands } from "./commands.ts";
import { createGate } from "./gate.ts";
import type { Health } from "./health.ts";
import { createIntake } from "./intake.ts";
import { createListening } from "./listening.ts";
import type { Metrics } from "./metrics.ts";
import { createPresses, createStops } from "./presses.ts";
import { createResponder } from "./responder.ts";
import { createWorkers, type Workers } from "./workers.ts";

export interface BridgeDeps extends Pick<AnswerDeps, "telnyx" | "behaviourIn" | "priceOf" | "newKey"> {
  readonly mailbox: Mailbox;
  readonly store: Store;
  readonly replicas: Replicas;
  readonly platforms: readonly Platform[];
  readonly links: Pick<Links, "linkTo">;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly rules: AnswerRules;
  readonly catchUp: CatchUpRules;
  /** What people can ask for by command, beside help. */
  readonly commands: readonly CommandHandler[];
  /** A platform's connection could not be brought back: a new process should try. */
  readonly onDead: (why: Error) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface CatchUpRules {
  /** Whether what was posted while nobody listened is read and answered. */
  readonly enabled: boolean;
  /** A message that was sent longer ago than this is not answered unasked. */
  readonly lateAfterMs: number;
}

/** Everything between the ports. */
export interface Bridge {
  /** What this platform is to be started with. */
  listenerFor(platform: Platform): Listener;
  /** Begins to answer. The platforms may be started before. */
  start(): void;
  /**
   * Lets live replies finish for `graceMs`, hands over everything else, and notes until when everything was heard. Meanwhile messages still
   * come in and are stored, until the platforms are stopped. Safe to call without `start`.
   */
  stop(graceMs: number): Promise<void>;
  readonly workers: Workers;
  /** How the paint budgets of this process stand. */
  budgets(): readonly BudgetState[];
}

export function createBridge(deps: BridgeDeps): Bridge {
  const { replicas, platforms, clock } = deps;
  const gate = createGate(clock);
  const stops = createStops();
  const budgets = createBudgets({ ...deps, tally: replicas.tally });
  const respond = createResponder({
    ...deps,
    stops,
    budgets,
    platforms: new Map(platforms.map((platform) => [platform.name, platform])),
  });
  const workers = createWorkers({ ...deps, gate, respond });
  const intake = createIntake({ ...deps, workers, lateAfterMs: deps.catchUp.lateAfterMs });
  const press = createPresses({ ...deps, control: replicas.control, stops });
  const command = createCommands({ ...deps, handlers: deps.commands });
  const { enabled } = deps.catchUp;
  const listening = createListening({ ...deps, intake, gate, press, command, enabled });
  replicas.control.hear((word) => stops.hear(word));
  replicas.onLost((why) => workers.lose(why));

  return {
    workers,
    budgets: () => budgets.states(),
    listenerFor: (platform) => listening.listenerFor(platform),
    start: () => {
      workers.start();
      listening.start();
    },
    stop: async (graceMs) => {
      try {
        await workers.stop(graceMs);
      } finally {
        await listening.stop();
      }
    },
  };
}
