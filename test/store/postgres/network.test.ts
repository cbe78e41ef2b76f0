import { afterAll, expect, it } from "vitest";
import { createLog } from "../../../src/log.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { addTaking, messageIn, p } from "../../contracts/store-bench.ts";
import { newDatabase } from "../../postgres/database.ts";
import { postgresProxy } from "../../postgres/proxy.ts";

const log = createLog("silent");
const database = await newDatabase();
afterAll(() => database.drop());

it("a message whose storing was not answered is stored once, and the claim that came with it is found", async () => {
  let cutting = false;
  const proxy = await postgresProxy(database.url, {
    toServer: (bytes) => {
      if (!cutting || !bytes.includes("COMMIT\0")) return undefined;
      cutting = false;
      return "cut";
    },
  });
  const { mailbox, close } = await openDatabase({ url: proxy.url, log });
  cutting = true;
  await expect(mailbox.add(messageIn(p, "1"), true)).rejects.toMatchObject({ code: "database_unreachable" });
  await expect
    .poll(() => database.query("SELECT count(*) AS turns FROM turn WHERE place = 'p'"))
    .toEqual([{ turns: 1 }]);
  expect(await mailbox.add(messageIn(p, "1"), true)).toEqual({ kind: "seen" });
  const [claim] = await mailbox.renew();
  const turn = await mailbox.next(claim!);
  expect(turn?.message.id).toBe("1");

  cutting = true;
  const settled = { turn: turn!.id, kind: "done" } as const;
  await expect(mailbox.next(claim!, settled)).rejects.toMatchObject({ code: "database_unreachable" });
  expect(await mailbox.next(claim!, settled)).toBeUndefined();
  expect(await database.query("SELECT state FROM turn WHERE place = 'p'")).toEqual([{ state: "done" }]);
  await close();
  await proxy.close();
});

it("a statement of the store whose answer was lost is sent once more", async () => {
  let cutting = false;
  const proxy = await postgresProxy(database.url, {
    toServer: (bytes) => {
      if (!cutting || !bytes.includes("shard 7")) return undefined;
      cutting = false;
      return "cut";
    },
  });
  const { store, close } = await openDatabase({ url: proxy.url, log });
  cutting = true;
  await store.markListened("chat", "shard 7", 20);
  expect(cutting).toBe(false);
  expect(await store.listenedUntil("chat", "shard 7")).toBe(20);
  await close();
  await proxy.close();
});

it("behind a pooler, a process is known by its leases alone, and the operator is told", async () => {
  // A pooler greets with a session number of its own (BackendKeyData, postgresql.org, Message Formats).
  const greeting = Buffer.from([0x4b, 0, 0, 0, 12]);
  const proxy = await postgresProxy(database.url, {
    toClient: (bytes) => {
      const at = bytes.indexOf(greeting);
      if (at >= 0) bytes.writeInt32BE(1, at + greeting.length);
    },
  });
  const lines: string[] = [];
  const pooled = await openDatabase({
    url: proxy.url,
    log: createLog("warn", [], { write: (line: string) => void lines.push(line) }),
    owner: "pooled",
  });
  const direct = await openDatabase({ url: database.url, log });
  expect(lines.join("")).toMatch(/connection pooler.*Name the server itself in DATABASE_URL/);
  await addTaking(pooled.mailbox, "pooled", "1");
  expect(await pooled.replicas.leases.take("pooled", 60_000)).toBe(true);
  expect(await direct.mailbox.sweep(9)).toEqual([]);
  expect(await direct.replicas.leases.take("pooled", 60_000)).toBe(false);
  expect(await database.query("SELECT 1 FROM replica WHERE owner = 'pooled'")).toEqual([]);
  const heard: number[] = [];
  pooled.replicas.control.hear(({ turn }) => heard.push(turn));
  await pooled.replicas.control.tell({ kind: "stop", turn: 5 });
  expect(heard).toEqual([5]);
  await pooled.close();
  await direct.close();
  await proxy.close();
});

it("a connection that hangs is found out before others take the process for dead, and made anew", async () => {
  let losing = false;
  const proxy = await postgresProxy(database.url, { toServer: () => (losing ? "lose" : undefined) });
  const { replicas, close } = await openDatabase({ url: proxy.url, log, owner: "hangs" });
  const lost: Error[] = [];
  replicas.onLost((why) => lost.push(why));
  const lockOf = () => database.query("SELECT lock FROM replica WHERE owner = 'hangs'");
  const before = await lockOf();
  losing = true;
  await expect.poll(() => lost).toHaveLength(1);
  expect(lost[0]).toMatchObject({ code: "database_unreachable" });
  losing = false;
  await expect.poll(lockOf).not.toEqual(before);
  await close();
  await proxy.close();
});
