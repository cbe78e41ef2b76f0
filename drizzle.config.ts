import { defineConfig } from "drizzle-kit";

// One schema and one folder of migrations a dialect: `DIALECT=… npm run migrations -- --name what-changes`.
const dialect = process.env["DIALECT"] ?? "sqlite";
if (dialect !== "sqlite" && dialect !== "postgresql") {
  throw new Error(`DIALECT is ${dialect}: there are schemas for sqlite and postgresql.`);
}
const name = dialect === "sqlite" ? dialect : "postgres";

export default defineConfig({
  dialect,
  schema: ["schema", "schema-index", "schema-sums", "schema-audit", "schema-access", "schema-erasure"].map(
    (tables) => `./src/store/${name}/${tables}.ts`,
  ),
  out: `./migrations/${name}`,
});
