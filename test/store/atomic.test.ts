import { afterAll, expect, it } from "vitest";
import type { Steps } from "../../src/store/dialect.ts";
import { atomicContract, numbered, operations, prepared } from "../contracts/mailbox-atomic.ts";
import { sqliteBench } from "./bench.ts";
import { postgresHouse } from "./postgres/bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

atomicContract("SQLite", async () => sqliteBench());
atomicContract("PostgreSQL", house.open);

function* hangUp(): Steps<void> {
  yield { sql: "SELECT pg_terminate_backend(pg_backend_pid())", values: [] };
}

for (const [name, operate] of Object.entries(operations)) {
  it(`${name} is done once, whichever statement PostgreSQL's connection dies at`, async () => {
    const whole = await prepared(house.open, hangUp);
    const result = await operate(whole.mailbox, whole.claim);
    const outcome = await whole.stored();
    for (const statement of [1, 2, 3]) {
      const { mailbox, claim, light, stored } = await prepared(house.open, hangUp);
      light(statement);
      expect(numbered(await operate(mailbox, claim))).toEqual(numbered(result));
      expect(numbered(await stored())).toEqual(numbered(outcome));
    }
  });
}
