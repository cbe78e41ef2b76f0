import type { Clock } from "../../clock.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { envelopeOf, eventsOf, type AppEvent } from "./events.ts";
import type { SlackDeliveryTimes } from "./contract.ts";
import type { SlackBlock, SlackDelivery, SlackDisturbance } from "./types.ts";
import type { World } from "./world.ts";

/** What came of one attempt. `reason` is what the next attempt tells the app. */
export type Outcome =
  | { readonly kind: "acknowledged" }
  | { readonly kind: "failed"; readonly reason: string }
  /** The app asked for no further attempts. */
  | { readonly kind: "refused" };

export interface Attempt {
  readonly payload: SlackBlock;
  /** 0 is the first. */
  readonly number: number;
  /** Why there is this further attempt. */
  readonly reason: string;
}

/** A way to the app: sockets or HTTP. `send` resolves when it is acknowledged, or cannot be any more. */
export interface Transport {
  readonly via: "socket" | "http";
  send(attempt: Attempt, seen: (connection: number) => void): Promise<Outcome>;
}

export interface DeliveryDeps {
  readonly world: World;
  readonly clock: Clock;
  readonly times: SlackDeliveryTimes;
  readonly scopes: ReadonlySet<string>;
  readonly subscriptions: ReadonlySet<string>;
  /** Asked anew for each attempt: the mode may change. */
  readonly transport: () => Transport;
  readonly signal: AbortSignal;
  /** How many attempts are remembered. */
  readonly keep: number;
}

export interface Delivery {
  readonly attempts: readonly SlackDelivery[];
  disturb(disturbance: SlackDisturbance): void;
  releaseHeld(): void;
  dispatch(event: SlackBlock): void;
  deliver(payload: SlackBlock): void;
  /** Sends an interaction, which is sent once. Resolves with whether it was acknowledged in time. */
  readonly interact: (payload: SlackBlock) => Promise<boolean>;
}

/** Sends each change of the workspace to the app as events, at least once, as Slack does (docs.slack.dev, Events API). */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const attempts = createLedger<SlackDelivery>(deps.keep);
  const disturbances: { what: SlackDisturbance; left: number }[] = [];
  const held: SlackBlock[] = [];

  const start = (payload: SlackBlock, loseAck = false) =>
    void attemptAll({ ...deps, ...attempts }, payload, loseAck).catch((error: unknown) => {
      // Closing ends every wait with the signal's reason.
      if (!deps.signal.aborted) throw error;
    });

  const dispatch = (event: SlackBlock) => {
    const payload = envelopeOf(deps.world, deps.world.newId("Ev"), event);
    const struck = disturbances.find(({ what, left }) => left > 0 && (what.matches?.(event) ?? true));
    if (struck) struck.left -= 1;
    switch (struck?.what.effect) {
      case "hold":
        held.push(payload);
        break;
      case "twice":
        start(payload);
        start(payload);
        break;
      default:
        start(payload, struck?.what.effect === "lose-ack");
    }
  };

  deps.world.watch((change) => {
    for (const event of eventsOf(deps.world, change)) if (isWanted(deps, event)) dispatch(event.event);
  });

  return {
    attempts: attempts.entries,
    disturb: (what) => void disturbances.push({ what, left: what.times }),
    releaseHeld: () =>
      held
        .splice(0)
        .reverse()
        .forEach((payload) => start(payload)),
    dispatch,
    deliver: (payload) => start(payload),
    interact: async (payload) => {
      const only = { payload, number: 0, reason: "" };
      return (await attemptOnce({ ...deps, ...attempts }, only, false)).kind === "acknowledged";
    },
  };
}

function isWanted({ scopes, subscriptions }: DeliveryDeps, event: AppEvent): boolean {
  return subscriptions.has(event.subscription) && event.scopes.some((scope) => scopes.has(scope));
}

/** What the twin reads of a payload. A payload of the test's own may lack all of it. */
interface Envelope {
  readonly event?: { readonly type?: string };
  readonly event_id?: string;
  readonly type?: string;
}

type AttemptDeps = DeliveryDeps & Ledger<SlackDelivery>;

async function attemptAll(deps: AttemptDeps, payload: SlackBlock, loseAck: boolean): Promise<void> {
  let reason = "";
  for (let number = 0; number <= deps.times.retryAfterMs.length; number += 1) {
    if (number > 0) await deps.clock.sleep(deps.times.retryAfterMs[number - 1] ?? 0, deps.signal);
    const outcome = await attemptOnce(deps, { payload, number, reason }, loseAck && number === 0);
    if (outcome.kind !== "failed") return;
    reason = outcome.reason;
  }
}

async function attemptOnce(deps: AttemptDeps, attempt: Attempt, loseAck: boolean): Promise<Outcome> {
  const transport = deps.transport();
  const { event, event_id: eventId, type } = attempt.payload as Envelope;
  const record: { -readonly [K in keyof SlackDelivery]: SlackDelivery[K] } = {
    eventId: eventId ?? "",
    type: event?.type ?? type ?? "",
    payload: attempt.payload,
    attempt: attempt.number,
    via: transport.via,
    state: "open",
  };
  deps.add(record);
  const outcome = await transport.send(attempt, (connection) => void (record.connection = connection));
  const lost: Outcome = { kind: "failed", reason: transport.via === "http" ? "http_timeout" : "timeout" };
  const result = loseAck && outcome.kind === "acknowledged" ? lost : outcome;
  record.state = result.kind === "acknowledged" ? "acknowledged" : "failed";
  return result;
}
