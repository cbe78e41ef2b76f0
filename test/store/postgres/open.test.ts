import { afterAll, describe, expect, it } from "vitest";
import { createLog } from "../../../src/log.ts";
import { openBeside } from "../../../src/store/beside.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { openPool } from "../../../src/store/postgres/postgres.ts";
import { addTaking, messageIn, p } from "../../contracts/store-bench.ts";
import { newDatabase } from "../../postgres/database.ts";

const log = createLog("silent");
const database = await newDatabase();
afterAll(() => database.drop());

it("makes the tables once, however many open it at once, and finds again what was stored", async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url: database.url, log })));
  await addTaking(all[0]!.mailbox, p, "1");
  expect(await all[1]!.mailbox.add(messageIn(p, "1"), true)).toEqual({ kind: "seen" });
  for (const { close } of all) {
    await close();
    await close();
  }
  const { mailbox, close } = await openDatabase({ url: database.url, log });
  expect(await mailbox.add(messageIn(p, "1"), true)).toEqual({ kind: "seen" });
  const [claim] = await mailbox.sweep(9);
  expect((await mailbox.next(claim!))?.message.id).toBe("1");
  await close();
});

it("has none of its statements compiled, on any of its connections", async () => {
  const pool = openPool(database.url, log);
  await pool.warm();
  const shown = await Promise.all(Array.from({ length: 6 }, () => pool.one("SHOW jit", [])));
  expect(shown.flat()).toEqual(Array.from({ length: 6 }, () => ({ jit: "off" })));
  await pool.close();
});

describe("beside a running bot", () => {
  it("is read, and makes or changes no tables", async () => {
    const fresh = await newDatabase();
    const beside = () => openBeside({ url: fresh.url, log });
    await expect(beside()).rejects.toMatchObject({ code: "database_missing" });
    const bot = await openDatabase({ url: fresh.url, log });
    await addTaking(bot.mailbox, p, "1");
    const { archive, close } = await beside();
    expect(await archive.refresh()).toBe(1);
    await close();
    await fresh.query(
      "DELETE FROM __drizzle_migrations WHERE id = (SELECT max(id) FROM __drizzle_migrations)",
    );
    await expect(beside()).rejects.toMatchObject({ code: "database_older" });
    await bot.close();
    await fresh.drop();
  });
});
