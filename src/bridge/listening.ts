import type { Condition, Listener, Platform, Press } from "../chat/platform.ts";
import { PatchcordError } from "../errors.ts";
import type { CatchUpDeps } from "./catchup.ts";
import type { Commands } from "./commands.ts";
import type { Gate, Release } from "./gate.ts";
import type { Health } from "./health.ts";
import { createReading, type Reading } from "./reading.ts";
import { createUnstored, type Unstored } from "./unstored.ts";
import { createClockWatch } from "./wall-clock.ts";
import { within } from "./within.ts";

/** Knows of every part of every platform whether it is heard, and until when it was: what was not heard is read afterwards. */
export interface Listening {
  /** What the platform is started with. */
  listenerFor(platform: Platform): Listener;
  /** Begins to note until when everything was heard. */
  start(): void;
  /** Notes it a last time, and reads no more. What is still heard is stored as before. */
  stop(): Promise<void>;
}

export interface ListeningDeps extends CatchUpDeps {
  readonly gate: Gate;
  readonly health: Health;
  readonly press: (press: Press) => Promise<string | undefined>;
  readonly command: Commands;
  /** A connection could not be brought back: a new process should try. */
  readonly onDead: (why: Error) => void;
}

/** How often it is noted until when everything was heard. */
const MARK_MS = 5_000;
/** How long a platform has to deliver again what could not be stored, before it is read. */
const REDELIVERY_MS = 60_000;
/** For a reading that is broken off. */
const BREAK_MS = 2_000;
const NO_WRITES = "The database does not take what is written to it: what people say cannot be kept safe.";

/** A part of a platform's connection. */
interface Part {
  readonly platform: Platform;
  readonly name: string;
  readonly unstored: Unstored;
  readonly reading: Reading;
  /** What it was told to be last. */
  kind?: Condition["kind"];
  paused?: Release | undefined;
}

const isHeard = ({ kind }: Part) => kind === "listening";

export function createListening(deps: ListeningDeps): Listening {
  const { store, clock, health } = deps;
  const parts: Part[] = [];
  const stopping = new AbortController();
  let marking: Promise<void> | undefined;

  const mark = async () => {
    const now = clock.now();
    for (const { platform, name, unstored, reading } of parts.filter(isHeard))
      if (reading.isDone) await store.markListened(platform.name, name, Math.min(now, unstored.oldest() - 1));
  };
  const markSafely = () =>
    mark().then(
      () => health.report("watermark", undefined),
      (error: unknown) => health.report("watermark", NO_WRITES, error),
    );
  const watchClock = createClockWatch(deps);
  const keepMarking = async () => {
    while (!stopping.signal.aborted) {
      watchClock();
      await markSafely();
      readAgain(deps, parts);
      await clock.sleep(MARK_MS, stopping.signal).catch(() => undefined);
    }
  };
  return {
    listenerFor: (platform) => listener(deps, platform, { parts, onRead: () => void markSafely() }),
    start: () => void (marking = keepMarking()),
    stop: async () => {
      stopping.abort();
      const ended = Promise.all([marking, ...parts.map(({ reading }) => reading.stop())]);
      await within(clock, BREAK_MS, ended);
      await markSafely();
    },
  };
}

/** `onRead`: a part was read to its end. What was heard until then is to be noted soon: the process may be killed at any moment. */
function listener(
  deps: ListeningDeps,
  platform: Platform,
  { parts, onRead }: { parts: Part[]; onRead: () => void },
): Listener {
  const { clock, health, intake } = deps;
  const unstored = createUnstored(() => clock.monotonic());
  const partOf = (name: string): Part => {
    const known = parts.find((part) => part.platform === platform && part.name === name);
    if (known) return known;
    const reading = createReading(deps, { platform, part: name, onDone: onRead });
    const part: Part = { platform, name, unstored, reading };
    parts.push(part);
    return part;
  };
  return {
    press: deps.press,
    command: (command) => deps.command(command, platform.limits),
    changed: (condition) => change(deps, partOf(condition.part), condition),
    receive: async (message) => {
      try {
        await unstored.storing(message, (one) => intake.receive(one));
      } catch (error) {
        health.report(intakeOf(platform), NO_WRITES, error);
        throw error;
      }
      if (unstored.failedSince() === Infinity) health.report(intakeOf(platform), undefined);
    },
  };
}

const intakeOf = ({ name }: Platform) => `${name} intake`;

function change({ gate, health, onDead }: ListeningDeps, part: Part, condition: Condition): void {
  const { platform, name, reading } = part;
  // That it begins to connect is no trouble yet, and `ready` says that it is not there so far.
  const begins = condition.kind === "connecting" && (part.kind === undefined || part.kind === "elsewhere");
  const who = name === "" ? platform.name : `${platform.name} (${name})`;
  const problem = begins ? undefined : problemOf(who, condition);
  part.kind = condition.kind;
  health.report(`${platform.name} ${name}`.trim(), problem);
  part.paused?.();
  part.paused = condition.kind === "refused" ? gate.pause(platform.name) : undefined;
  if (condition.kind !== "listening") reading.breakOff();
  else if (!condition.resumed || !reading.isDone) reading.begin();
  if (condition.kind === "dead") onDead(new PatchcordError("connection_dead", problem ?? ""));
}

/** What is wrong, for the operator. */
function problemOf(who: string, condition: Condition): string | undefined {
  switch (condition.kind) {
    case "listening":
    case "elsewhere":
      return undefined;
    case "connecting":
      return `${who} is not heard at the moment: ${condition.why}`;
    case "refused":
      return `${who} refuses the bot, and is left alone until that changes: ${condition.why}`;
    case "dead":
      return `${who} cannot be brought back: ${condition.why}`;
    default:
      return condition satisfies never;
  }
}

/**
 * What could not be stored, and was not delivered again in time, is read like what was missed. After that it is either stored, or the
 * platform does not have it any more.
 */
function readAgain({ clock, health }: ListeningDeps, parts: readonly Part[]): void {
  for (const { unstored, platform } of parts) {
    const failed = unstored.failedSince();
    const heard = parts.filter((part) => part.platform === platform && isHeard(part));
    if (heard.length === 0 || clock.monotonic() - failed < REDELIVERY_MS) continue;
    for (const { reading } of heard) if (reading.begunAt <= failed) reading.begin();
    if (!heard.every(({ reading }) => reading.isDone)) continue;
    unstored.forget(Math.min(...heard.map(({ reading }) => reading.begunAt)));
    if (unstored.failedSince() === Infinity) health.report(intakeOf(platform), undefined);
  }
}
