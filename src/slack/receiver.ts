import { App, type Receiver } from "@slack/bolt";
import type { Log } from "../log.ts";
import { type Json, record } from "./json.ts";
import { slackLogger } from "./logger.ts";
import type { Identity } from "./parse.ts";
import { webOptions } from "./web.ts";

/** One request or envelope of Slack's, and how to tell Slack that it arrived. */
export interface Delivery {
  readonly body: unknown;
  readonly ack: (response?: unknown) => Promise<void>;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

export interface Intake {
  /**
   * Handles a delivery, and acknowledges it after its message was received. Rejects, with nothing acknowledged, when it
   * was not, and once `close` was called: Slack delivers again.
   */
  deliver(delivery: Delivery): Promise<void>;
  /** Takes no more, and waits for what is being handled. */
  close(): Promise<void>;
}

export interface IntakeDeps {
  readonly self: Identity;
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly log: Log;
  /** Handles the body of an event that may be a message. */
  readonly onEvent: (body: unknown) => Promise<void>;
  /** Handles the body of an event of the agent's. */
  readonly onAgentEvent: (body: unknown) => Promise<void>;
  /** Handles the body of an interaction, and resolves with what is left to do once Slack knows that it arrived. */
  readonly onAction: (body: unknown) => Promise<() => Promise<void>>;
  /** Handles the body of a slash command, which Slack was told of already. Never rejects. */
  readonly onCommand: (body: unknown) => Promise<void>;
}

/** Bolt between Slack's deliveries and our listeners, with acknowledgements that mean what they say. */
export function createIntake(deps: IntakeDeps): Intake {
  const underway = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    underway.add(work);
    work.catch(() => undefined).finally(() => underway.delete(work));
    return work;
  };
  const app = createApp(deps, track);
  let closed = false;
  return {
    deliver: async (delivery) => {
      if (closed) throw new Error("no more deliveries are taken");
      await track(handle(app, delivery, deps.log));
    },
    close: async () => {
      closed = true;
      while (underway.size > 0) await Promise.allSettled(underway);
    },
  };
}

function createApp(deps: IntakeDeps, track: (work: Promise<void>) => Promise<void>): App {
  const { self, botToken, apiUrl, log, onEvent, onAgentEvent, onAction, onCommand } = deps;
  const app = new App({
    receiver: detachedReceiver,
    authorize: async () => ({
      botToken,
      botUserId: self.botUserId,
      ...(self.botId === undefined ? {} : { botId: self.botId }),
    }),
    // What is the bot's own is for `postInEvent` to tell, in one place.
    ignoreSelf: false,
    convoStore: false,
    clientOptions: webOptions(apiUrl, log),
    logger: slackLogger(log),
  });
  app.event("message", ({ body }) => onEvent(body));
  app.event("app_mention", ({ body }) => onEvent(body));
  app.event("app_home_opened", ({ body }) => onAgentEvent(body));
  app.event("agent_session_stopped", ({ body }) => onAgentEvent(body));
  app.action({ type: "block_actions" }, async ({ body, ack }) => {
    const rest = await onAction(body);
    await ack();
    void track(rest());
  });
  // Whatever its name: whoever runs several bots in a workspace may have named it otherwise.
  app.command(/^\//u, async ({ body, ack }) => {
    await ack();
    void track(onCommand(body));
  });
  return app;
}

function withoutNulls(event: Json): Json {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
}

/** Deliveries come to `Intake.deliver`; starting and stopping is the transports' work. */
const detachedReceiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };

/**
 * Bolt acknowledges an event before its listeners run, and a crash would then lose it; so its acknowledgement of events goes nowhere,
 * and the true one is sent when the listeners are done. Everything else is acknowledged by its listener, as Bolt means it.
 */
async function handle(app: App, { body, ack, ...retry }: Delivery, log: Log): Promise<void> {
  const whole = record(body);
  const { event, type } = whole;
  const isEvent = event !== undefined;
  // Bolt stumbles over an author that is null, where it takes one that is missing.
  const sound = isEvent ? { ...whole, event: withoutNulls(record(event)) } : whole;
  if (type === "app_rate_limited")
    log.warn("Slack drops events of this app: more than 30,000 came in an hour");
  else await app.processEvent({ ...retry, body: sound, ack: isEvent ? async () => {} : ack });
  if (isEvent || type === "app_rate_limited") await ack();
}
