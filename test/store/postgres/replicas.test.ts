import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { openLink, type Link } from "../../../src/store/postgres/link.ts";
import { postgresReplicas, withLiveness } from "../../../src/store/postgres/replicas.ts";
import { aloneContract, replicasContract } from "../../contracts/replicas.ts";
import { addTaking, messageIn, p } from "../../contracts/store-bench.ts";
import { postgresHouse, TEST_NOW } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());
const log = createLog("silent");

async function openBench() {
  const bench = await house.open();
  const links = new Map<string, Link>();
  const join = async (owner: string) => {
    const link = await openLink({ url: house.database.url, owner, clock: systemClock, log });
    links.set(owner, link);
    const deps = { pool: bench.pool, link, owner, now: TEST_NOW };
    return { replicas: postgresReplicas(deps), mailbox: withLiveness(bench.mailbox(owner), deps) };
  };
  return {
    ...bench,
    join,
    process: async (owner: string) => (await join(owner)).replicas,
    die: async (owner: string) => links.get(owner)?.close(),
    /** Cuts the connection by which the process is known to live, at the server's end. */
    cut: (owner: string) =>
      house.database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN replica ON lock = objid::int8 WHERE locktype = 'advisory' AND owner = $1",
        [owner],
      ),
    close: async () => {
      for (const link of links.values()) await link.close();
    },
  };
}

aloneContract("PostgreSQL", openBench);
replicasContract("PostgreSQL", openBench);

describe("a process that is known to live by its connection", () => {
  it("leaves its mailboxes to the others at once when it dies, and keeps them while it lives", async () => {
    const bench = await openBench();
    const [a, b] = [await bench.join("a"), await bench.join("b")];
    await addTaking(a.mailbox, "p", "1");
    await addTaking(a.mailbox, "q", "1");
    await bench.mailbox("unknown").add(messageIn("r", "1"), true);
    expect(await b.mailbox.sweep(9)).toEqual([]);
    await bench.die("a");
    const taken: string[] = [];
    await expect
      .poll(async () => taken.push(...(await b.mailbox.sweep(9)).map((claim) => claim.place)))
      .toBe(2);
    expect(taken.sort(), "one that has no such connection keeps its lease").toEqual(["p", "q"]);
    expect(await house.database.query("SELECT owner FROM replica")).toEqual([{ owner: "b" }]);
    await bench.close();
  });

  it("is told when it may be taken for dead, and is known to live again at once", async () => {
    const bench = await openBench();
    const [a, b] = [await bench.join("a"), await bench.join("b")];
    const why: Error[] = [];
    a.replicas.onLost((error) => why.push(error));
    const heard: number[] = [];
    a.replicas.control.hear(({ turn }) => heard.push(turn));
    await bench.cut("a");
    await expect.poll(() => why).toHaveLength(1);
    expect(why[0]).toMatchObject({ name: "PatchcordError", code: "database_unreachable" });

    const lives = () =>
      house.database.query(
        "SELECT 1 AS lives FROM replica JOIN pg_locks ON objid::int8 = lock AND granted WHERE owner = 'a'",
      );
    await expect.poll(lives).toEqual([{ lives: 1 }]);
    await addTaking(a.mailbox, p, "1");
    expect(await a.replicas.leases.take("x", 60_000)).toBe(true);
    expect(await b.mailbox.sweep(9)).toEqual([]);
    expect(await b.replicas.leases.take("x", 60_000)).toBe(false);
    await b.replicas.control.tell({ kind: "stop", turn: 3 });
    await expect.poll(() => heard).toEqual([3]);
    expect(why).toHaveLength(1);
    await bench.close();
  });

  it("does not mind words that it does not know", async () => {
    const bench = await openBench();
    const { replicas } = await bench.join("a");
    const heard: number[] = [];
    replicas.control.hear(({ turn }) => heard.push(turn));
    for (const word of ["", "dance 7 b", "stop b", "stop 7", "stop 8 b"])
      await house.database.query("SELECT pg_notify('patchcord', $1)", [word]);
    await expect.poll(() => heard).toEqual([8]);
    await bench.close();
  });
});
