import type { Exclusive, Held } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Leases } from "../store/replicas.ts";

export interface ExclusiveDeps {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a right outlasts its last renewal: a process that hangs is replaced after that. One that dies loses it at once. */
const TTL_MS = 8_000;
const RENEW_MS = 2_000;
/** Without a renewal for so long, the right counts as lost here: well before another process can have it. */
const LOST_MS = 6_000;
/** How often who waits for a right tries to get it. */
const TRY_MS = 1_000;

/** Rights over all processes on one database. */
export function createExclusive(deps: ExclusiveDeps): Exclusive {
  const { leases, clock } = deps;
  /** When it was asked for, on the monotonic clock; undefined when another process has it, or the database cannot be asked. */
  const take = async (name: string): Promise<number | undefined> => {
    const asked = clock.monotonic();
    try {
      return (await leases.take(name, TTL_MS)) ? asked : undefined;
    } catch (error) {
      deps.log.debug({ right: name, err: asError(error) }, "a right cannot be asked for now");
      return undefined;
    }
  };

  return {
    hold: async (name, signal) => {
      for (;;) {
        signal.throwIfAborted();
        const since = await take(name);
        if (since !== undefined && !signal.aborted) return keep(deps, name, since);
        if (since !== undefined) await drop(deps, name);
        await clock.sleep(TRY_MS, signal);
      }
    },
  };
}

/** Renews a right until it is released or lost. */
function keep(deps: ExclusiveDeps, name: string, since: number): Held {
  const { leases, clock, log } = deps;
  const lost = new AbortController();
  const released = new AbortController();
  const over = AbortSignal.any([lost.signal, released.signal]);
  const lose = (why: string) => {
    if (over.aborted) return;
    log.warn({ right: name }, why);
    lost.abort(new Error(why));
  };
  let confirmed = since;

  const renew = async () => {
    const asked = clock.monotonic();
    const isOurs = await leases.take(name, TTL_MS);
    if (isOurs) confirmed = asked;
    else lose("another process has this right by now");
  };
  const watch = async () => {
    while (!over.aborted) {
      if (clock.monotonic() - confirmed >= LOST_MS) lose("this right could not be renewed in time");
      await clock.sleep(TRY_MS / 2, over).catch(() => undefined);
    }
  };
  const keepRenewing = async () => {
    for (;;) {
      await clock.sleep(RENEW_MS, over);
      await renew().catch((error: unknown) =>
        log.debug({ right: name, err: asError(error) }, "a right cannot be renewed now"),
      );
    }
  };
  void watch();
  const renewing = keepRenewing().catch(() => undefined); // it is over

  return {
    lost: lost.signal,
    release: async () => {
      released.abort(new Error("released"));
      await renewing; // else a renewal that is under way would take it again
      if (!lost.signal.aborted) await drop(deps, name);
    },
  };
}

/** Another process has it in any case when its time is over. */
async function drop({ leases, log }: ExclusiveDeps, name: string): Promise<void> {
  await leases
    .drop(name)
    .catch((error: unknown) =>
      log.debug({ right: name, err: asError(error) }, "a right could not be let go"),
    );
}
