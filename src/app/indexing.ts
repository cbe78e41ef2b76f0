import type { Health } from "../bridge/health.ts";
import type { Clock } from "../clock.ts";
import type { Archive, Search } from "../store/archive.ts";

export interface IndexingDeps {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly health: Health;
}

export interface Indexing {
  /** For faces in this process. They share one `refresh`, and wait for a long backlog only so long: then they read what is there. */
  readonly archive: Archive;
  /** Ends after the batch that runs. */
  stop(): Promise<void>;
}

/** What was settled is found this soon. */
const EVERY_MS = 1_000;
/** After a failure: what is wrong with a database lasts. */
const RETRY_MS = 10_000;
/** Longer than that nobody waits for a list, and only after an upgrade there is so much to take in. */
const PATIENCE_MS = 1_000;
const BEHIND =
  "What admins ask for is not up to date: what was said lately cannot be put into the index of the database.";

const SLOW = [
  "older-index",
  "Some searches are slower than they could be: what an earlier version put into the index of the database cannot be brought up to date.",
] as const;

const UNREAD = ["reading", "What admins ask for cannot be read from the database."] as const;

/**
 * The first question of all is asked by the bot itself: a thread that reads is begun for it, the file is opened, and what every page needs of it is read, which
 * took 380 ms. Not while the bot starts, which has better things to do.
 */
const WARM_MS = 3_000;
const FIRST: Search = {
  where: { kind: "all", of: [] },
  sort: { by: "active", direction: "desc" },
  limit: 50,
};

/** Keeps the index up to date as long as the bot runs. A failure is no reason to stop answering. */
export function startIndexing({ archive, clock, health }: IndexingDeps): Indexing {
  const stopping = new AbortController();
  const fresh = sharing(() => archive.refresh(stopping.signal));

  const keepUp = async () => {
    while (!stopping.signal.aborted) {
      const wait = await fresh().then(
        () => {
          health.report("index", undefined);
          return EVERY_MS;
        },
        (error: unknown) => {
          health.report("index", BEHIND, error);
          return RETRY_MS;
        },
      );
      await clock.sleep(wait, stopping.signal).catch(() => undefined);
    }
  };
  const trying = { clock, health, signal: stopping.signal };
  const renew = () => once(trying, SLOW, () => archive.renew(stopping.signal));
  const warm = async () => {
    await clock.sleep(WARM_MS, stopping.signal).catch(() => undefined);
    await once(trying, UNREAD, () => archive.conversations(FIRST));
  };
  const running = Promise.all([keepUp(), renew(), warm()]);

  return {
    archive: {
      ...archive,
      refresh: async () => {
        const over = new AbortController();
        try {
          return await Promise.race([fresh(), clock.sleep(PATIENCE_MS, over.signal).then(() => 0)]);
        } finally {
          over.abort();
        }
      },
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

interface Trying {
  readonly clock: Clock;
  readonly health: Health;
  readonly signal: AbortSignal;
}

/** Does it, again after each failure, until it was done. `trouble`: what is told of until then. */
async function once(
  { clock, health, signal }: Trying,
  [subject, trouble]: readonly [string, string],
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    const problem = await work().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    health.report(subject, problem && trouble, problem?.error);
    if (!problem) return;
    await clock.sleep(RETRY_MS, signal).catch(() => undefined);
  }
}

/** One run at a time, for all who ask. A run that began before somebody asked may have missed what was stored right before: they get the next. */
function sharing<T>(run: () => Promise<T>): () => Promise<T> {
  let now: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = () => {
    const begun = run().finally(() => (now = undefined));
    now = begun;
    return begun;
  };
  return () => {
    if (!now) return begin();
    const ended = now.then(
      () => undefined,
      () => undefined,
    );
    next ??= ended.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}
