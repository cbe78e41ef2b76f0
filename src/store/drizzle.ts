import { createRequire } from "node:module";
import type * as all from "drizzle-orm";
import type * as overSqliteModule from "drizzle-orm/better-sqlite3";
import type * as sqliteMigrator from "drizzle-orm/better-sqlite3/migrator";
import type * as migrator from "drizzle-orm/migrator";
import type * as pgCore from "drizzle-orm/pg-core";
import type * as proxy from "drizzle-orm/pg-proxy";
import type * as liteCore from "drizzle-orm/sqlite-core";

/*
 * drizzle, as CommonJS. Its package.json has 180 kB, and Node 24 parses all of it again for each of the ES modules that drizzle is made of,
 * which are hundreds. Measured: 1.3 s of processor time and 350 MB at every start; like this 0.2 s and 30 MB.
 */
const require = createRequire(import.meta.url);

export const { and, asc, count, desc, eq, getTableColumns, inArray, isNull, lt, or, sql } =
  require("drizzle-orm") as typeof all;

export const sqliteCore = require("drizzle-orm/sqlite-core") as typeof liteCore;
export const postgresCore = require("drizzle-orm/pg-core") as typeof pgCore;

export const { drizzle: overSqlite } = require("drizzle-orm/better-sqlite3") as typeof overSqliteModule;
export const { drizzle: overProxy } = require("drizzle-orm/pg-proxy") as typeof proxy;

export const { migrate } = require("drizzle-orm/better-sqlite3/migrator") as typeof sqliteMigrator;
export const { readMigrationFiles } = require("drizzle-orm/migrator") as typeof migrator;
