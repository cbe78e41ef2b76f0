import Database from "better-sqlite3";
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { expect, it } from "vitest";
import * as schema from "../../src/store/schema.sqlite.ts";
import { openFile } from "../../src/store/sqlite-file.ts";

/** What a database consists of, whatever the order in which its columns were added. */
function shape(db: Database.Database): unknown {
  const objects = db
    .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\'")
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

it("make the database that the schema describes", async () => {
  const migrated = openFile(":memory:");
  const described = new Database(":memory:");
  const statements = await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    await generateSQLiteDrizzleJson(schema),
  );
  for (const statement of statements) described.exec(statement);
  expect(shape(described)).toMatchObject({ tables: { length: 7 } });
  expect(shape(migrated.db), "run `npm run migrations -- --name what-changes`").toEqual(shape(described));
  migrated.close();
  described.close();
});
