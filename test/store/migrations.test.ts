import Database from "better-sqlite3";
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from "drizzle-kit/api";
import { expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { migratePostgres } from "../../src/store/postgres/migrations.ts";
import { openPool } from "../../src/store/postgres/postgres.ts";
import * as accessPostgres from "../../src/store/postgres/schema-access.ts";
import * as accessSchema from "../../src/store/sqlite/schema-access.ts";
import * as auditPostgres from "../../src/store/postgres/schema-audit.ts";
import * as auditSchema from "../../src/store/sqlite/schema-audit.ts";
import * as erasurePostgres from "../../src/store/postgres/schema-erasure.ts";
import * as erasureSchema from "../../src/store/sqlite/schema-erasure.ts";
import * as indexPostgres from "../../src/store/postgres/schema-index.ts";
import * as indexSchema from "../../src/store/sqlite/schema-index.ts";
import * as sumsPostgres from "../../src/store/postgres/schema-sums.ts";
import * as sumsSchema from "../../src/store/sqlite/schema-sums.ts";
import * as postgres from "../../src/store/postgres/schema.ts";
import * as schema from "../../src/store/sqlite/schema.ts";
import { openFile } from "../../src/store/sqlite/file.ts";
import { newDatabase, type TestDatabase } from "../postgres/database.ts";

/** What a database consists of, whatever the order in which its columns were added. */
function shape(db: Database.Database): unknown {
  const objects = db
    .prepare(
      // The words and their beginnings are virtual tables, which drizzle has no means to describe.
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'turn\\_words%' ESCAPE '\\' AND name NOT LIKE 'turn\\_beginnings%' ESCAPE '\\'",
    )
    .all() as { type: string; name: string; tbl_name: string; sql: string | null }[];
  const tables = objects
    .filter(({ type, name }) => type === "table" && !name.startsWith("sqlite_"))
    .map(({ name }) => {
      const columns = db.prepare('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)');
      const keys = db.prepare('SELECT "table", "from", "to", seq FROM pragma_foreign_key_list(?)');
      const byName = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      return { name, columns: byName(columns.all(name)), keys: byName(keys.all(name)) };
    });
  const indexes = objects.flatMap(({ type, sql }) => (type === "index" && sql !== null ? [sql] : []));
  return { tables: tables.sort((x, y) => x.name.localeCompare(y.name)), indexes: indexes.sort() };
}

it("make the SQLite database that the schema describes", async () => {
  const migrated = openFile(":memory:");
  const described = new Database(":memory:");
  const statements = await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    await generateSQLiteDrizzleJson({
      ...schema,
      ...indexSchema,
      ...sumsSchema,
      ...auditSchema,
      ...accessSchema,
      ...erasureSchema,
    }),
  );
  for (const statement of statements) described.exec(statement);
  expect(shape(described)).toMatchObject({ tables: { length: 24 } });
  expect(shape(migrated.db), "run `npm run migrations -- --name what-changes`").toEqual(shape(described));
  migrated.close();
  described.close();
});

async function postgresShape({ query }: TestDatabase): Promise<unknown> {
  return {
    columns: await query(
      `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' ORDER BY 1, 2`,
    ),
    indexes: await query(
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%' ORDER BY 1",
    ),
    rules: await query(
      `SELECT conname, pg_get_constraintdef(oid) AS rule FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_%' ORDER BY 1, 2`,
    ),
  };
}

it("make the PostgreSQL database that the schema describes", async () => {
  const [migrated, described] = [await newDatabase(), await newDatabase()];
  const pool = openPool(migrated.url, createLog("silent"));
  expect(await migratePostgres(pool)).toBeGreaterThan(0);
  expect(await migratePostgres(pool)).toBe(0);
  await pool.close();
  const empty = generateDrizzleJson({});
  for (const statement of await generateMigration(
    empty,
    generateDrizzleJson(
      {
        ...postgres,
        ...indexPostgres,
        ...sumsPostgres,
        ...auditPostgres,
        ...accessPostgres,
        ...erasurePostgres,
      },
      empty.id,
    ),
  ))
    await described.query(statement);
  expect(await postgresShape(described)).toMatchObject({ indexes: { length: 77 } });
  expect(
    await postgresShape(migrated),
    "run `DIALECT=postgresql npm run migrations -- --name what-changes`",
  ).toEqual(await postgresShape(described));
  await migrated.drop();
  await described.drop();
});
