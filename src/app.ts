import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { createAccess } from "./admin/access/people.ts";
import { createRecorder } from "./admin/audit.ts";
import { retainRuleIn } from "./admin/retain.ts";
import { commandsFor } from "./app/commands.ts";
import { openPatiently } from "./app/database.ts";
import { faceWarnings, openFaces } from "./app/faces.ts";
import { startForgetting } from "./app/forgetting.ts";
import { startIndexing } from "./app/indexing.ts";
import { checkModels } from "./app/models.ts";
import { type AppDeps, exclusiveOn, type Parts, REAL } from "./app/parts.ts";
import { keepPrices } from "./app/prices.ts";
import { answerRules } from "./app/rules.ts";
import { openService } from "./app/service.ts";
import { createUndo, type Undo } from "./app/undo.ts";
import type { Behaviour } from "./bridge/answer.ts";
import { type Bridge, createBridge } from "./bridge/bridge.ts";
import { createHealth, type Health } from "./bridge/health.ts";
import type { Message } from "./chat/message.ts";
import type { Platform } from "./chat/platform.ts";
import type { Config } from "./config.ts";
import { asError, PatchcordError } from "./errors.ts";
import { createHttp, listen } from "./http.ts";
import { createMetrics } from "./metrics.ts";
import type { Telnyx } from "./telnyx/telnyx.ts";

export interface App {
  /** Where the HTTP port listens. */
  readonly url: string;
  /** Resolves when it cannot go on and a new process should try, with the reason. It still has to be stopped. */
  readonly failed: Promise<Error>;
  /** Takes no more messages, lets live replies finish, closes everything. Resolves when nothing is left running. */
  stop(): Promise<void>;
}

/** How long live replies may go on after a stop was asked for. Supervisors commonly kill after 30 s. */
const GRACE_MS = 25_000;

/** Builds everything and starts it; the only place where the parts meet. Throws `ConfigError`, or what made the start impossible. */
export async function startApp(config: Config, deps: AppDeps, parts: Parts = REAL): Promise<App> {
  const undo = createUndo();
  const failed = Promise.withResolvers<Error>();
  try {
    const url = await startAll(config, { ...deps, parts, undo, onDead: failed.resolve });
    return { url, failed: failed.promise, stop: () => undo.run() };
  } catch (error) {
    await undo
      .run()
      .catch((cause: unknown) =>
        deps.log.error({ err: asError(cause) }, "what was started was not all stopped"),
      );
    throw error;
  }
}

interface StartDeps extends AppDeps {
  readonly parts: Parts;
  /** Gets a step for each thing that has to be stopped. */
  readonly undo: Undo;
  readonly onDead: (why: Error) => void;
}

/** Starts everything. Returns where the HTTP port listens. */
async function startAll(config: Config, { parts, undo, onDead, ...deps }: StartDeps): Promise<string> {
  const { env } = config;
  const telnyx = parts.openTelnyx(config, deps);
  undo.push(() => telnyx.close());
  const health = createHealth(deps.log);
  const metrics = createMetrics();
  let platforms: readonly Platform[] = [];
  let faces = (): Promise<Hono> | undefined => undefined;
  let ready = false;
  const state = () => ({ ready, problems: health.problems() });
  // Before anything is waited for: the port tells that the bot is starting, and keeps the process alive, which sleeps do not.
  const server = await listen(
    createHttp(
      () => platforms,
      state,
      metrics,
      () => faces(),
    ),
    { host: env.HOST, port: env.PORT },
  );
  undo.push(() => server.close());
  const { database, priceOf, recorder } = await openGround(config, { ...deps, parts, undo, telnyx, health });
  deps.unwanted?.throwIfAborted();

  platforms = await parts.openPlatforms(config, { ...deps, exclusive: exclusiveOn(database, deps) });
  const around = { ...deps, ...rulesOf(config), database, recorder, telnyx, platforms, links: parts.links };
  const admin = openService(config, { ...around, undo });
  const bridge = createBridge({
    ...around,
    ...database,
    health,
    metrics,
    priceOf,
    newKey: randomUUID,
    commands: commandsFor(admin, createAccess(config.file.admin.grants)),
    onDead,
  });
  faces = openFaces(config, { ...around, admin, state, bridge, undo, here: () => server.url });
  undo.push(() => stopAll(platforms));
  // Undone first: while live replies finish, messages still come in, and wait in the mailbox for the next start.
  undo.push(() => bridge.stop(GRACE_MS));
  await begin(platforms, bridge, deps);
  undo.push(() => void (ready = false));
  ready = true;
  announce(config, deps, { url: server.url, platforms });
  return server.url;
}

async function begin(platforms: readonly Platform[], bridge: Bridge, { unwanted }: AppDeps): Promise<void> {
  await startPlatforms(platforms, bridge);
  unwanted?.throwIfAborted();
  bridge.start();
}

function announce(
  config: Config,
  { log }: AppDeps,
  { url, platforms }: { readonly url: string; readonly platforms: readonly Platform[] },
): void {
  const warnings = [...platforms.flatMap((platform) => platform.warnings ?? []), ...faceWarnings(config)];
  for (const warning of warnings) log.warn(warning);
  log.info(
    { url, platforms: platforms.map(({ name }) => name), model: config.file.model },
    "patchcord is ready",
  );
}

interface GroundDeps extends Omit<StartDeps, "onDead"> {
  readonly telnyx: Telnyx;
  readonly health: Health;
}

/** What the bridge stands on: the database, whose index is kept up to date, and what models cost. */
async function openGround(config: Config, { parts, undo, telnyx, ...deps }: GroundDeps) {
  const database = await openPatiently(parts, config, deps);
  undo.push(() => database.close());
  const indexing = startIndexing({ ...deps, archive: database.archive });
  undo.push(() => indexing.stop());
  const prices = keepPrices({ ...deps, telnyx }, await checkModels(telnyx, config, deps));
  undo.push(() => prices.stop());
  const rules = config.file.admin.retain.map(retainRuleIn);
  // One for all of the process, so that a look through two of its faces is one.
  const recorder = createRecorder({ ...deps, ...database });
  const forgetting = startForgetting({ ...deps, database, recorder, telnyx, rules });
  undo.push(() => forgetting.stop());
  return { database: { ...database, archive: indexing.archive }, priceOf: prices.priceOf, recorder };
}

/** Waits for all of them, so that none is still starting when another's failure stops it. Throws `PatchcordError` that names every failure. */
async function startPlatforms(platforms: readonly Platform[], bridge: Bridge): Promise<void> {
  const started = await Promise.allSettled(
    platforms.map((platform) => platform.start(bridge.listenerFor(platform))),
  );
  const failures = started.flatMap((one) => (one.status === "rejected" ? [asError(one.reason)] : []));
  const [first, second] = failures;
  if (first && !second) throw first;
  if (first)
    throw new PatchcordError("start_failed", failures.map(({ message }) => message).join("\n"), {
      cause: first,
    });
}

async function stopAll(platforms: readonly Platform[]): Promise<void> {
  await Promise.all(platforms.map((platform) => platform.stop()));
}

/** What the file says of the bridge's behaviour. */
function rulesOf(config: Config) {
  const { enabled, answer_within_minutes } = config.file.catch_up;
  return {
    rules: answerRules(config.file),
    catchUp: { enabled, lateAfterMs: answer_within_minutes * 60_000 },
    behaviourIn: (message: Message) => behaviourIn(config, message),
  };
}

function behaviourIn({ file }: Config, { where }: Message): Behaviour {
  const channel = file.channels[where.channelId] ?? {};
  const { model = file.model, instructions = file.instructions } = channel;
  const { notify_after_seconds: seconds = file.notify_after_seconds } = channel;
  return { name: file.name, model, instructions, ...(seconds > 0 && { nudgeAfterMs: seconds * 1_000 }) };
}
