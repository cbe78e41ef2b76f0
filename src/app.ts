import { randomUUID } from "node:crypto";
import { createBudgets } from "./bridge/budget.ts";
import { createIntake } from "./bridge/intake.ts";
import { modelProblems } from "./bridge/models.ts";
import { createPresses, createStops } from "./bridge/presses.ts";
import { createResponder } from "./bridge/responder.ts";
import { createWorkers } from "./bridge/workers.ts";
import type { Behaviour } from "./bridge/answer.ts";
import type { Message } from "./chat/message.ts";
import type { Exclusive, Listener, Platform } from "./chat/platform.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { discordConfig, slackConfig } from "./config/platforms.ts";
import { createDiscord } from "./discord/discord.ts";
import { asError, ConfigError, PatchcordError } from "./errors.ts";
import { createHttp, listen } from "./http.ts";
import type { Log } from "./log.ts";
import type { AnswerRules } from "./reply/decide.ts";
import { createSlack } from "./slack/slack.ts";
import { type Opened, openSqlite } from "./store/open.ts";
import { createTelnyx } from "./telnyx/client.ts";
import { type Telnyx, TelnyxError } from "./telnyx/telnyx.ts";

export interface App {
  /** Where the HTTP port listens. */
  readonly url: string;
  /** Takes no more messages, lets live replies finish, closes everything. Resolves when nothing is left running. */
  stop(): Promise<void>;
}

export interface AppDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** What the bridge stands between. Tests put something of their own before or in place of each. */
export interface Parts {
  readonly openDatabase: (config: Config, deps: AppDeps) => Promise<Opened>;
  readonly openTelnyx: (config: Config, deps: AppDeps) => ReturnType<typeof createTelnyx>;
  readonly openPlatforms: (config: Config, deps: AppDeps) => readonly Platform[];
}

/** The parts that a bot in earnest has. */
export const REAL: Parts = {
  openDatabase: async ({ env }, { log, clock }) => openSqlite({ path: env.DATABASE_URL, log, clock }),
  openTelnyx: ({ env }, { log, clock }) =>
    createTelnyx({ baseUrl: env.TELNYX_BASE_URL, apiKey: env.TELNYX_API_KEY, clock, log }),
  openPlatforms: createPlatforms,
};

/** How long live replies may go on after a stop was asked for. Supervisors commonly kill after 30 s. */
const GRACE_MS = 25_000;
/** Nobody listened until now, and the platforms' clocks may be ahead of ours by so much. */
const CLOCK_SKEW_MS = 60_000;

/** How long the start waits for Telnyx's list of models. Messages do not come in until then, and the check is a convenience. */
const CHECK_MS = 5_000;

/** Builds everything and starts it; the only place where the parts meet. Throws `ConfigError`, or what made the start impossible. */
export async function startApp(config: Config, deps: AppDeps, parts: Parts = REAL): Promise<App> {
  const undo = createUndo();
  try {
    const url = await startAll(config, { ...deps, ...parts }, undo.push);
    return { url, stop: undo.run };
  } catch (error) {
    await undo
      .run()
      .catch((cause: unknown) =>
        deps.log.error({ err: asError(cause) }, "what was started was not all stopped"),
      );
    throw error;
  }
}

/** Starts everything, and gives `undo` a step for each thing that has to be stopped. Returns where the HTTP port listens. */
async function startAll(
  config: Config,
  deps: AppDeps & Parts,
  undo: (step: () => Promise<void> | void) => void,
): Promise<string> {
  const { clock, log } = deps;
  const { env } = config;
  const telnyx = deps.openTelnyx(config, deps);
  undo(() => telnyx.close());
  const platforms = deps.openPlatforms(config, deps);
  let ready = false;
  // Before anything is waited for: the port tells that the bot is starting, and keeps the process alive, which sleeps do not.
  const server = await listen(
    createHttp(platforms, () => ready),
    { host: env.HOST, port: env.PORT },
  );
  undo(() => server.close());
  const database = await deps.openDatabase(config, deps);
  undo(() => database.close());
  await checkModels(telnyx, config, deps);

  const { receive, press, workers } = createBridge({ config, deps, telnyx, database, platforms });
  await database.store.markAllGaps(clock.now() + CLOCK_SKEW_MS);
  undo(() => stopAll(platforms));
  // Undone first: while live replies finish, messages still come in, and wait in the mailbox for the next start.
  undo(() => workers.stop(GRACE_MS));
  await startPlatforms(platforms, { receive, press, changed: () => {} });
  workers.start();
  undo(() => void (ready = false));
  ready = true;
  for (const warning of platforms.flatMap((platform) => platform.warnings ?? [])) log.warn(warning);
  log.info(
    { url: server.url, platforms: platforms.map(({ name }) => name), model: config.file.model },
    "patchcord is ready",
  );
  return server.url;
}

interface BridgeParts {
  readonly config: Config;
  readonly deps: AppDeps;
  readonly telnyx: Telnyx;
  readonly database: Opened;
  readonly platforms: readonly Platform[];
}

function createBridge({ config, deps, telnyx, database, platforms }: BridgeParts) {
  const { control } = database.replicas;
  const stops = createStops();
  control.hear((word) => stops.hear(word));
  const respond = createResponder({
    ...deps,
    stops,
    telnyx,
    store: database.store,
    budgets: createBudgets(deps.clock),
    platforms: new Map(platforms.map((platform) => [platform.name, platform])),
    behaviourIn: (message) => behaviourIn(config, message),
    newKey: randomUUID,
  });
  const workers = createWorkers({ ...deps, mailbox: database.mailbox, respond });
  const receive = createIntake({ ...deps, ...database, workers, rules: answerRules(config) });
  const press = createPresses({ ...deps, ...database, control, stops });
  return { receive, press, workers };
}

/** What was started, to be stopped in reverse, whatever fails in between. `run` is safe to call twice; rejects with the first failure. */
function createUndo() {
  const steps: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | undefined;
  return {
    push: (step: () => Promise<void> | void) => void steps.push(step),
    run: () =>
      (running ??= (async () => {
        const failures: unknown[] = [];
        for (const step of steps.reverse())
          await (async () => step())().catch((error: unknown) => failures.push(error));
        if (failures.length > 0) throw failures[0];
      })()),
  };
}

/** Waits for all of them, so that none is still starting when another's failure stops it. Throws `PatchcordError` that names every failure. */
async function startPlatforms(platforms: readonly Platform[], listener: Listener): Promise<void> {
  const started = await Promise.allSettled(platforms.map((platform) => platform.start(listener)));
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

/** For one process alone. */
const ALWAYS_OURS: Exclusive = {
  hold: async () => ({ lost: new AbortController().signal, release: async () => {} }),
};

function createPlatforms({ env, file }: Config, deps: AppDeps): Platform[] {
  const platforms: Platform[] = [];
  const slack = slackConfig({ env, file });
  if (slack) platforms.push(createSlack({ ...deps, config: slack }));
  const discord = discordConfig({ env, file });
  if (discord) platforms.push(createDiscord({ ...deps, config: discord, exclusive: ALWAYS_OURS }));
  return platforms;
}

function answerRules({ file }: Config): AnswerRules {
  const overrides = Object.entries(file.channels).flatMap(([id, { answer }]) =>
    answer ? [[id, answer] as const] : [],
  );
  return { ...file.answer, overrides: new Map(overrides) };
}

function behaviourIn({ file }: Config, { where }: Message): Behaviour {
  const { model = file.model, instructions = file.instructions } = file.channels[where.channelId] ?? {};
  return { name: file.name, model, instructions };
}

/** Throws `ConfigError` for a key, an address or a model that cannot be right. A Telnyx that cannot be reached does not keep the bot from starting. */
async function checkModels(telnyx: Telnyx, { file }: Config, { clock, log }: AppDeps): Promise<void> {
  const wanted = [file.model, ...Object.values(file.channels).flatMap(({ model }) => model ?? [])];
  const tooLate = new AbortController();
  const over = new AbortController();
  clock.sleep(CHECK_MS, over.signal).then(
    () => tooLate.abort(),
    () => undefined,
  );
  try {
    const problems = modelProblems(await telnyx.listModels(tooLate.signal), wanted);
    if (problems.length > 0) throw new ConfigError(problems);
  } catch (error) {
    if (!(error instanceof TelnyxError)) throw error;
    if (error.reason === "account")
      throw new ConfigError([
        `TELNYX_API_KEY is refused by Telnyx (${error.message}): check the key and the account`,
      ]);
    if (error.status === 404)
      throw new ConfigError([
        `TELNYX_BASE_URL is not the address of Telnyx's API (${error.message}): it ends in a version, such as https://api.telnyx.com/v2`,
      ]);
    log.warn({ err: error }, "Telnyx's list of models cannot be read now; starting without the check");
  } finally {
    over.abort();
  }
}
