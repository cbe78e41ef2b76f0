import { afterAll } from "vitest";
import { auditContract } from "../../contracts/audit.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

auditContract(
  "PostgreSQL",
  async () => {
    await house.database.query("ALTER TABLE audit ENABLE TRIGGER USER");
    await house.database.query("DROP TABLE IF EXISTS kept");
    const bench = await house.open();
    return {
      ...bench,
      unguard: async () => void (await bench.query("ALTER TABLE audit DISABLE TRIGGER USER")),
    };
  },
  150,
);
