import type Database from "better-sqlite3";
import { expect, it } from "vitest";
import type { Claim, Mailbox } from "../../src/store/mailbox.ts";
import { createMailbox } from "../../src/store/sql-mailbox.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import { sqliteAttempt, sqliteDialect } from "../../src/store/sqlite.ts";
import { addTaking, messageIn } from "../contracts/store-bench.ts";
import { fakeClock } from "../fakes/clock.ts";

/** A mailbox with a turn running, one behind it, and another place that waits; and a fuse that blows at the n-th statement. */
async function prepared() {
  const { db, close } = openFile(":memory:");
  let fuse = Infinity;
  const prepare = db.prepare.bind(db);
  const burning = (statement: Database.Statement) =>
    new Proxy(statement, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...values: unknown[]): unknown => {
          fuse -= 1;
          if (fuse === 0) throw new Error("the fuse has blown");
          return Reflect.apply(value, target, values);
        };
      },
    });
  Object.assign(db, { prepare: (sql: string) => burning(prepare(sql)) });
  const clock = fakeClock();
  const mailbox = createMailbox(sqliteDialect(db, clock, sqliteAttempt(":memory:")), { owner: "a", clock });
  const claim = await addTaking(mailbox, "p", "1");
  await mailbox.next(claim);
  await mailbox.add(messageIn("p", "2"), false);
  await mailbox.add(messageIn("q", "1"), false);
  return {
    mailbox,
    claim,
    close,
    light: (statements: number) => void (fuse = statements),
    stored: () => ["mailbox", "turn"].map((table) => prepare(`SELECT * FROM ${table}`).all()),
  };
}

const operations: Record<string, (mailbox: Mailbox, claim: Claim) => Promise<unknown>> = {
  "taking a new place": (mailbox) => mailbox.add(messageIn("new", "1"), true),
  "adding to a new place": (mailbox) => mailbox.add(messageIn("new", "1"), false),
  "adding behind a running turn": (mailbox) => mailbox.add(messageIn("p", "3"), true),
  "settling and reading on": (mailbox, claim) => mailbox.next(claim, { turn: 1, kind: "done" }),
  "putting off and letting go": (mailbox, claim) =>
    mailbox.next(claim, { turn: 1, kind: "retry", delayMs: 9, error: "busy" }),
  sweeping: (mailbox) => mailbox.sweep(9),
  renewing: (mailbox) => mailbox.renew(),
  "handing over": (mailbox) => mailbox.handOver(),
};

for (const [name, operate] of Object.entries(operations)) {
  it(`${name} leaves nothing behind when it fails, at whichever statement, and can be repeated`, async () => {
    const whole = await prepared();
    const result = await operate(whole.mailbox, whole.claim);
    const outcome = whole.stored();
    whole.close();

    for (let statement = 1; ; statement += 1) {
      const { mailbox, claim, light, stored, close } = await prepared();
      const before = stored();
      light(statement);
      const failed = await operate(mailbox, claim).then(
        () => false,
        () => true,
      );
      if (failed) {
        expect(stored(), `statement ${statement}`).toEqual(before);
        light(Infinity);
        expect(await operate(mailbox, claim)).toEqual(result);
      }
      expect(stored()).toEqual(outcome);
      close();
      if (!failed) {
        expect(statement, "the fuse has blown at least once").toBeGreaterThan(1);
        break;
      }
    }
  });
}
