import type { Recorder } from "../admin/audit.ts";
import type { ForgettingDeps } from "../admin/forgetting.ts";
import { FORGOTTEN_LATER, fulfil, type Fulfilled } from "../admin/fulfil.ts";
import { retain, type RetainRule } from "../admin/retain.ts";
import { operator } from "../admin/viewer.ts";
import type { Health } from "../bridge/health.ts";
import type { Opened } from "../store/open.ts";
import type { Telnyx } from "../telnyx/telnyx.ts";
import type { AppDeps } from "./parts.ts";

export interface KeepForgettingDeps extends AppDeps {
  readonly database: Pick<Opened, "archive" | "audit" | "erasure" | "replicas">;
  readonly telnyx: Pick<Telnyx, "deleteConversation" | "listConversations">;
  readonly recorder: Recorder;
  readonly rules: readonly RetainRule[];
  readonly health: Health;
}

const EVERY_MS = 30_000;
/** How often the rules are looked at: they are told in days. */
const RETAIN_MS = 3_600_000;
/** One process at a time does it. What two do at once is done once all the same. */
const LEASE_MS = 4 * EVERY_MS;
/** So many wishes are fulfilled together. */
const BATCH = 50;
const STUCK = "What is to be forgotten cannot be forgotten now: the database refuses it.";

/** As the audit names what the bot does by itself. */
const BOT = operator({ id: "forgetting", name: "the bot", via: "bot" });

const isDone = ({ local, telnyx }: Fulfilled) => local === "forgotten" && telnyx !== "later";

/** Whoever asked for it was told that it would come later: this is when it did. */
const toldOf = (done: readonly Fulfilled[]) => ({
  rows: done.length,
  content: done
    .map(({ wish: { conversation } }) => `${conversation.place} ${conversation.generation}`)
    .join(", "),
});

/** Goes on with what was wished and not done yet, and keeps the rules, as long as the bot runs. A failure is no reason to stop answering. */
export function startForgetting(deps: KeepForgettingDeps): { stop(): Promise<void> } {
  const { clock, log, health, database, recorder, rules } = deps;
  const { leases } = database.replicas;
  const stopping = new AbortController();
  const { signal } = stopping;
  const work: ForgettingDeps = { ...database, telnyx: deps.telnyx, clock, signal };
  let retainAt = clock.monotonic();

  const round = async () => {
    if (!(await leases.take("forgetting", LEASE_MS))) return;
    for (;;) {
      const due = await database.erasure.due(clock.now(), BATCH);
      if (due.length === 0 || signal.aborted) break;
      const done = (await fulfil(work, due)).filter(isDone);
      log.info({ conversations: due.length, done: done.length }, "what was to be forgotten was gone on with");
      if (done.length > 0) await recorder.finished(BOT, { what: FORGOTTEN_LATER, ...toldOf(done) });
    }
    if (rules.length === 0 || clock.monotonic() < retainAt) return;
    const conversations = await retain(work, recorder, rules);
    retainAt = clock.monotonic() + RETAIN_MS;
    if (conversations > 0) log.info({ conversations }, "what was kept long enough was forgotten");
  };
  const running = (async () => {
    while (!signal.aborted) {
      await round().then(
        () => health.report("forgetting", undefined),
        (error: unknown) => (signal.aborted ? undefined : health.report("forgetting", STUCK, error)),
      );
      await clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
    await leases.drop("forgetting").catch(() => undefined);
  })();

  return {
    stop: async () => {
      stopping.abort(new Error("the bot is stopping"));
      await running;
    },
  };
}
