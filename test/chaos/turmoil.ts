import { type ChaosFault, faultsFor } from "./faults.ts";
import type { Options } from "./options.ts";
import type { Spot } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { allSettled, type Run } from "./run-kit.ts";
import { rest } from "./until.ts";

/** So many questions are open at a time; fewer in a short run, so that there is time for trouble. */
const openAtOnce = (turns: number) => Math.max(2, Math.min(10, turns / 10));
/** Places that people talk in, of all kinds. One is left for a new one now and then. */
const SPOTS = 24;
/** Of these, Discord DMs. */
const DIRECTS = 4;
/** Between two faults, in the bot's own time. */
const PAUSE_MS = [400, 4_000] as const;
/** A replica works up to so long between two faults that strike, in its own time. */
const WORK_MS = 8_000;
/** At a time; some last for seconds. */
const FAULTS_AT_ONCE = 4;

/** Nothing that was asked comes to its end for so long, real time: it hangs, and the checker says what. */
const STUCK_MS = 120_000;

export interface TurmoilOptions extends Pick<Options, "turns" | "database" | "faults"> {
  /** When no more is asked, by `performance.now()`. Default: when all is. */
  readonly until?: number;
}

/** Why no more was asked. */
export type TurmoilEnd = "whole" | "time is up" | "stuck";

/** So many questions are asked in many places, while everything goes wrong; then all is well again, and everything must come to its end. */
export async function turmoil(run: Run, options: TurmoilOptions): Promise<TurmoilEnd> {
  const { turns, database, faults, until = Infinity } = options;
  const deck = faultsFor(database).filter(({ kind }) => kind.startsWith(faults));
  if (deck.length === 0) throw new RangeError(`no fault begins with ${faults}`);
  const directs = await openDirects(run, turns);
  const over = new AbortController();
  const troubled = makeTrouble(run, deck, over.signal);
  try {
    return await talk(run, { turns, until }, directs);
  } finally {
    over.abort();
    await troubled;
    run.world.slack.releaseHeld();
    await run.fleet.up();
    await allSettled(run);
  }
}

async function makeTrouble(run: Run, faults: readonly ChaosFault[], over: AbortSignal): Promise<void> {
  const random = createRandom(run.random.between(0, 2 ** 31));
  const { factor } = run.world.time;
  const deck = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  const live = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  while (!over.aborted) {
    await rest(random.between(...PAUSE_MS) / factor);
    const fault = random.pick(deck);
    // What strikes a process that is only starting keeps it from ever beginning.
    if (run.fleet.working(random.between(0, WORK_MS) / factor).length === 0) continue;
    if (live.has(fault.kind) || live.size >= FAULTS_AT_ONCE) continue;
    const struck = fault.strike(run, random).catch((error: unknown) => failures.push(error));
    live.set(
      fault.kind,
      struck.then(() => void live.delete(fault.kind)),
    );
  }
  await Promise.all(live.values());
  if (failures.length > 0) throw new AggregateError(failures, "a fault could not be made");
}

/** How often DMs are begun, on a machine that keeps the bot waiting while they are. */
const BEGINNINGS = 3;

/**
 * Discord lists no DMs to a bot: who writes one for the first time while nobody listens is not heard. So these begin before any trouble, and begin
 * anew where the machine made one of its own.
 */
async function openDirects(run: Run, turns: number): Promise<readonly Known[]> {
  const count = Math.min(DIRECTS, Math.floor(turns / 10));
  const directs: Known[] = [];
  for (let left = BEGINNINGS; left > 0 && directs.length < count; left -= 1) {
    const waits = run.journal.waits().length;
    const begun = Array.from({ length: count - directs.length }, () => {
      const spot = run.people.discordDm();
      return { spot, ask: run.people.ask(spot, 80) };
    });
    await allSettled(run);
    const stored = new Set((await run.ledger.turns()).map(({ messageId }) => messageId));
    const isSlow = left > 1 && run.journal.waits().length > waits;
    for (const { spot, ask } of begun) {
      if (isSlow && !stored.has(ask.id)) run.people.forget(ask);
      else directs.push({ ...spot, where: ask.where });
    }
  }
  return directs;
}

type Talk = Required<Pick<TurmoilOptions, "turns" | "until">>;

async function talk(run: Run, { turns, until }: Talk, directs: readonly Known[]): Promise<TurmoilEnd> {
  const random = createRandom(run.random.between(0, 2 ** 31));
  const { people, world } = run;
  const spots = [...directs, ...Array.from({ length: SPOTS - directs.length }, () => newSpot(run, random))];
  const answered = watchAnswers(run);
  while (people.asks.length < turns) {
    const { settled, places, movedAt } = await answered();
    if (performance.now() > until) return "time is up";
    if (performance.now() - movedAt > STUCK_MS) return "stuck";
    const room = openAtOnce(turns) - (people.asks.length - settled);
    for (let count = 0; count < room && people.asks.length < turns; count += 1) {
      if (random.chance(0.05)) spots[random.between(directs.length, SPOTS - 1)] = newSpot(run, random);
      const spot = random.pick(spots);
      const heldBack = spot.platform === "slack" && random.chance(0.05);
      const known = spot.where !== undefined && places.has(spot.where);
      const mention = heldBack || !spot.followsUp || !known || random.chance(0.5);
      if (!spot.followsUp && random.chance(0.2)) people.chat(spot);
      spot.where = people.ask(spot, random.pick(LENGTHS), { heldBack, mention }).where;
    }
    if (random.chance(0.2)) world.slack.releaseHeld();
    await rest(random.between(10, 60));
  }
  return "whole";
}

/** Most answers are short, some are pages long. */
const LENGTHS = [80, 80, 200, 200, 200, 600, 600, 1_500, 2_500, 6_000];

/** A spot, and the place that its last question was asked in. */
type Known = Spot & { where?: string };

const KINDS = ["slackThread", "slackThread", "slackDm", "discordChannel", "discordThread"] as const;

function newSpot({ people }: Run, random: Random): Known {
  return { ...people[random.pick(KINDS)]() };
}

/** How many questions are settled, since when it is that many, and the places where one is: there the bot takes part. Looked up once in a while. */
function watchAnswers({ ledger, people }: Run) {
  const LOOK_MS = 200;
  let seen = { settled: 0, places: new Set<string>(), movedAt: performance.now() };
  let next = 0;
  return async () => {
    if (performance.now() < next) return seen;
    next = performance.now() + LOOK_MS;
    const settled = new Set(
      (await ledger.turns())
        .filter(({ settledAt }) => settledAt !== undefined)
        .map(({ platform, messageId }) => `${platform} ${messageId}`),
    );
    const answered = people.asks.filter(({ platform, id }) => settled.has(`${platform} ${id}`));
    const movedAt = settled.size === seen.settled ? seen.movedAt : performance.now();
    seen = { settled: settled.size, places: new Set(answered.map(({ where }) => where)), movedAt };
    return seen;
  };
}
