import { defineConfig } from "drizzle-kit";

// One schema and one folder of migrations a dialect: `DIALECT=… npm run migrations -- --name what-changes`.
const dialect = process.env["DIALECT"] ?? "sqlite";
if (dialect !== "sqlite") throw new Error(`DIALECT is ${dialect}: there are schemas for sqlite only.`);

export default defineConfig({
  dialect,
  schema: `./src/store/schema.${dialect}.ts`,
  out: `./migrations/${dialect}`,
});
