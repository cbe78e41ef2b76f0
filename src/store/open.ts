import { randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { systemClock, type Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type ArchiveDialect, postgresArchive, sqliteArchive } from "./archive-dialect.ts";
import type { Archive } from "./archive.ts";
import { type Aside, asideHere } from "./aside.ts";
import type { Audit } from "./audit.ts";
import type { Erasure } from "./erasure.ts";
import { alone } from "./alone.ts";
import { type Pace, steady } from "./index/pace.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Replicas } from "./replicas.ts";
import { createMailbox } from "./sql-mailbox.ts";
import { createArchive } from "./search/sql-archive.ts";
import { sumsAside } from "./search/sums-aside.ts";
import { createAudit } from "./sql-audit.ts";
import { createErasure } from "./sql-erasure.ts";
import { createSessions } from "./sql-sessions.ts";
import { createStore } from "./sql-store.ts";
import { createTokens } from "./sql-tokens.ts";
import { migratePostgres } from "./postgres/migrations.ts";
import { openLink } from "./postgres/link.ts";
import { postgresReplicas, withLiveness } from "./postgres/replicas.ts";
import { openPool, postgresDialect } from "./postgres/postgres.ts";
import { postgresStore, sqliteStore } from "./query-kit.ts";
import { openFile } from "./sqlite/file.ts";
import { workingThread } from "./postgres/thread.ts";
import { readingThread } from "./sqlite/thread.ts";
import { databaseError, sqliteAttempt, sqliteDialect } from "./sqlite/sqlite.ts";
import type { Sessions } from "./sessions.ts";
import type { Store } from "./store.ts";
import type { Tokens } from "./tokens.ts";

interface CommonDeps {
  readonly log: Log;
  readonly clock?: Clock;
  /** Names this process in the claims it holds. A random name if left out. */
  readonly owner?: string;
}

export interface OpenDeps extends CommonDeps {
  /** The file; its folder is made. `:memory:` for a database that is gone when it is closed. */
  readonly path: string;
  /** What `:memory:` begins as a copy of: the bytes of a database. */
  readonly begin?: Buffer;
  /** Commits wait for no disk, and may be lost with its power: for what can be made again. */
  readonly hasty?: boolean;
}

export interface PostgresDeps extends CommonDeps {
  /** `postgres://…`, with its password and with pg's parameters (node-postgres.com, Connecting). */
  readonly url: string;
}

export interface Opened {
  readonly mailbox: Mailbox;
  readonly store: Store;
  readonly replicas: Replicas;
  readonly archive: Archive;
  /** Work over the archive, where it is out of the bot's way. */
  readonly aside: Aside;
  readonly audit: Audit;
  readonly erasure: Erasure;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** Ends all access. What is still claimed is free for others, or at the next start. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** How many connections what admins ask has: each question holds one for as long as the server takes to answer it. */
const READERS = 4;
/** After an upgrade all that was ever said is indexed. Messages are stored meanwhile: for most of the time the file is theirs. */
const REST_MS = 20;

/** Opens what `DATABASE_URL` names: `postgres://…` or `postgresql://…`, or else the path of a SQLite file. */
export async function openDatabase({ url, ...deps }: PostgresDeps): Promise<Opened> {
  return isPostgres(url) ? openPostgres({ url, ...deps }) : openSqlite({ path: url, ...deps });
}

/** Whether it is the address of a PostgreSQL database, and not a path. */
export function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(url);
}

/**
 * Opens the SQLite database, brings it up to date, and frees what a process that died left claimed. Throws
 * `PatchcordError`: `database_in_use` while another process has it, `database_newer` when a newer version of this
 * program wrote it, and the codes of `databaseError`.
 */
export function openSqlite(deps: OpenDeps): Opened {
  const { path, begin, log, clock = systemClock, owner = randomUUID(), hasty = false } = deps;
  const { db, orm, migrated, close } = openFile(path, begin);
  try {
    if (hasty) db.pragma("synchronous = OFF");
    const attempt = sqliteAttempt(path);
    const dialect = sqliteDialect(db, clock, attempt);
    const mailbox = createMailbox(dialect, { owner, clock });
    const reading = sqliteArchive(db, dialect, attempt);
    const { archive, aside, ...others } = readAside(path, reading, steady(clock, REST_MS));
    const [audit, erasure] = [createAudit(reading, clock), createErasure(others.erasing, clock)];
    const store = createStore({ ...sqliteStore(orm, attempt), clock });
    const interrupted = recover(db, clock.now());
    log.info({ path, migrated, interrupted }, "database open");
    const tokens = createTokens(reading, clock);
    const sessions = createSessions(reading, clock);
    const replicas = alone();
    return {
      mailbox,
      store,
      replicas,
      archive,
      aside,
      audit,
      erasure,
      tokens,
      sessions,
      close: async () => {
        await others.close();
        close();
      },
    };
  } catch (caught) {
    close();
    throw databaseError(path, caught);
  }
}

/**
 * Nobody else has the file, so whoever is named as an owner is dead: what waits may run at once. Delays are cut short
 * too, since they go by a clock that may have been set back in the meantime. Returns how many places were interrupted.
 */
function recover(db: Database.Database, now: number): number {
  return db
    .transaction(() => {
      db.prepare("UPDATE turn SET run_at = ? WHERE settled_at IS NULL AND run_at > ?").run(now, now);
      db.prepare("UPDATE mailbox SET due = ? WHERE due > ?").run(now, now);
      return db
        .prepare("UPDATE mailbox SET owner = NULL, lease = 0, epoch = epoch + 1 WHERE owner IS NOT NULL")
        .run().changes;
    })
    .immediate();
}

/**
 * What admins ask is read on a thread of its own, since the bot waits for whatever runs here. What is forgotten leaves the file's log while
 * nothing is read there. A database in memory is its connection's alone.
 */
function readAside(path: string, reading: ArchiveDialect, pace: Pace) {
  if (path === ":memory:") {
    const archive = createArchive(reading, pace);
    return { archive, aside: asideHere(archive), erasing: reading, close: async () => {} };
  }
  const aside = readingThread(path);
  const { read, alone: whileNothingIsRead, close } = aside;
  return {
    archive: { ...createArchive({ ...reading, read }, pace), sums: sumsAside(aside) },
    aside,
    erasing: { ...reading, clean: () => whileNothingIsRead(reading.clean) },
    close,
  };
}

/**
 * Opens the PostgreSQL database and brings it up to date; other processes may have it open too. Rejects with `PatchcordError`:
 * `database_newer` when a newer version of this program wrote it, and the codes of `postgresError`.
 */
export async function openPostgres(deps: PostgresDeps): Promise<Opened> {
  const { url, log, clock = systemClock, owner = randomUUID() } = deps;
  const pool = openPool(url, log);
  // Connections of their own, made when they are needed: what admins ask may take long, and nobody's message waits for it.
  const readers = openPool(url, log, { connections: READERS });
  const aside = workingThread(url, readers.name);
  try {
    const migrated = await upToDate(url, pool.name, log);
    await pool.warm();
    const link = await openLink({ url, owner, clock, log });
    const shared = { pool, link, owner };
    const mailbox = createMailbox(postgresDialect(pool), { owner, clock });
    log.info({ database: pool.name, migrated }, "database open");
    const reading = postgresArchive(readers);
    return {
      mailbox: withLiveness(mailbox, shared),
      store: createStore({ ...postgresStore(pool), clock }),
      replicas: postgresReplicas(shared),
      archive: { ...createArchive(reading), sums: sumsAside(aside) },
      aside,
      audit: createAudit(reading, clock),
      erasure: createErasure(reading, clock),
      tokens: createTokens(reading, clock),
      sessions: createSessions(reading, clock),
      close: async () => {
        await link.close();
        await aside.close();
        await readers.close();
        await pool.close();
      },
    };
  } catch (caught) {
    await readers.close();
    await pool.close();
    throw caught;
  }
}

/** What an upgrade does to tables with millions of rows takes longer than any other statement may. */
async function upToDate(url: string, database: string, log: Log): Promise<number> {
  const pool = openPool(url, log, { answerMs: 0 });
  try {
    return await migratePostgres(pool, (migrations) =>
      log.info({ database, migrations }, "the database is being upgraded: with millions of turns in minutes"),
    );
  } finally {
    await pool.close();
  }
}
