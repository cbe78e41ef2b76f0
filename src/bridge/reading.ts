import type { Platform } from "../chat/platform.ts";
import { PlatformRefusal, type RefusalKind } from "../errors.ts";
import type { Log } from "../log.ts";
import { type CatchUpDeps, catchUp, createLateOnes } from "./catchup.ts";
import type { Gate } from "./gate.ts";
import type { Health } from "./health.ts";
import { within } from "./within.ts";

export interface ReadingDeps extends CatchUpDeps {
  readonly gate: Gate;
  readonly health: Health;
}

/** Reads what was missed on one part of a platform, as often as it takes. */
export interface Reading {
  /** Everything was heard or read, as far as it can be: what is heard from now on may move the watermark. */
  readonly isDone: boolean;
  /** When it was begun last, on the monotonic clock. */
  readonly begunAt: number;
  /** Begins anew. Returns at once. */
  begin(): void;
  /** The part is not heard any more. What was not read to its end is read with the next beginning. */
  breakOff(): void;
  /** As `breakOff`. Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * So long the bot is not quite well while it reads. Thousands of channels take an hour at a platform's pace: whoever waits for a new process
 * to be well is not to wait for that.
 */
const UNWELL_MS = 60_000;
const unread = ({ name }: Platform) => `What was said on ${name} while nobody listened is being read.`;

/** Between two tries: a second, doubled each time, at most five minutes. */
const backoff = (failures: number) => Math.min(300_000, 1_000 * 2 ** failures);

export function createReading(deps: ReadingDeps, target: Target): Reading {
  const { platform, onDone } = target;
  let over = new AbortController();
  let isDone = false;
  let begunAt = -Infinity;
  let reading: Promise<void> = Promise.resolve();
  const breakOff = () => over.abort(new Error("the connection is gone, or the reading begins anew"));

  return {
    get isDone() {
      return isDone;
    },
    get begunAt() {
      return begunAt;
    },
    begin: () => {
      breakOff();
      over = new AbortController();
      isDone = false;
      begunAt = deps.clock.monotonic();
      const { signal } = over;
      const work = readAll(deps, target, signal).then(() => {
        if (signal.aborted) return;
        isDone = true;
        onDone();
      });
      reading = work;
      void deps.health.during(unread(platform), within(deps.clock, UNWELL_MS, work));
    },
    breakOff,
    stop: () => {
      breakOff();
      return reading;
    },
  };
}

interface Target {
  readonly platform: Platform;
  readonly part: string;
  /** Called whenever a reading was done to its end. */
  readonly onDone: () => void;
}

/** Resolves when all is read, or can never be, or the signal aborts. Meanwhile no turn of the platform begins, for a moment at most. */
async function readAll(deps: ReadingDeps, target: Target, signal: AbortSignal): Promise<void> {
  const { clock, log, health, gate } = deps;
  const { name } = target.platform;
  const release = gate.holdBriefly(name);
  const subject = `${name} ${target.part} reading`;
  const late = createLateOnes(deps.intake);
  let isRead = false;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      if (!isRead)
        await catchUp(deps, target, late, signal).catch((error: unknown) => giveUp(log, target, error));
      isRead = true;
      await late.finish();
      break;
    } catch (error) {
      if (signal.aborted) break;
      health.report(subject, `What was said on ${name} while nobody listened cannot be read yet.`, error);
      release(); // nobody is to wait for the next try, too
      await clock.sleep(waitAfter(error, failures), signal).catch(() => undefined);
    }
  }
  release();
  health.report(subject, undefined);
}

/** Accepts what the platform would say the next time, too. Throws everything else. */
function giveUp(log: Log, { platform, part }: Target, error: unknown): void {
  if (!(error instanceof PlatformRefusal) || !FOR_GOOD.has(error.kind)) throw error;
  log.error({ platform: platform.name, part, err: error }, "what was missed cannot be read");
}
const FOR_GOOD: ReadonlySet<RefusalKind> = new Set(["unreachable", "rejected", "gone"]);

const waitAfter = (error: unknown, failures: number) =>
  Math.max(backoff(failures), error instanceof PlatformRefusal ? (error.retryAfterMs ?? 0) : 0);
