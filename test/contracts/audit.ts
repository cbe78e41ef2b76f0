import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, type Sealed } from "../../src/store/audit-chain.ts";
import type { Entry, NewEntry } from "../../src/store/audit.ts";
import type { StoreBench } from "./store-bench.ts";

export interface AuditBench extends StoreBench {
  /** Takes the triggers away, as somebody would who has the database in hand. */
  readonly unguard: () => Promise<void>;
}

const look = (content: string, more: Partial<NewEntry> = {}): NewEntry => ({
  who: "cli:ada",
  via: "cli",
  what: "turns",
  rows: 3,
  content,
  ...more,
});

/** What somebody may change an entry's column to, as SQL. None is what `look` writes. */
const FORGED: Readonly<Record<string, readonly string[]>> = {
  at: ["at + 1", "0"],
  who: ["'cli:bob'", "''", "who || ' '"],
  via: ["'api'"],
  what: ["'export'"],
  about: ["7", "0"],
  rows: ["rows + 1", "0", "NULL"],
  commitment: ["'00'", "hash"],
  previous: ["hash", "''"],
  hash: ["previous", "''", "upper(hash) || 'x'"],
  salt: ["'00'", "NULL"],
  content: ["'nothing'", "content || ' '", "NULL"],
  seq: ["seq + 1000", "-seq"],
};

/** A database for each test. */
interface World {
  readonly bench: () => AuditBench;
  readonly fill: (count: number) => Promise<void>;
  readonly forge: (set: string, seq: number) => Promise<unknown>;
  readonly all: () => Promise<Entry[]>;
}

/** The audit, on any database. */
export function auditContract(name: string, open: () => Promise<AuditBench>, numRuns: number): void {
  describe(`${name}: the audit`, () => {
    let bench: AuditBench;
    beforeEach(async () => void (bench = await open()));
    afterEach(() => bench.close());
    const world: World = {
      bench: () => bench,
      fill: async (count) => {
        for (let index = 1; index <= count; index += 1) await bench.audit.append(look(`query ${index}`));
      },
      forge: (set, seq) => bench.query(`UPDATE audit SET ${set} WHERE seq = ${seq} RETURNING seq`),
      all: async () => {
        const rows: Entry[] = [];
        for (let after: string | undefined; ;) {
          const page = await bench.audit.list({ limit: 3, ...(after !== undefined && { after }) });
          rows.push(...page.rows);
          if (page.next === undefined) return rows;
          after = page.next;
        }
      },
    };
    telling(world);
    keeping(world);
    forging(world, numRuns);
  });
}

function telling(world: World): void {
  it("tells what was done, the newest first, page by page", async () => {
    const bench = world.bench();
    const written = [
      look("channel:support"),
      look("", { what: "export", who: "slack:T1:U1", via: "chat" }),
      look("later", { what: "export.end", about: 2, rows: 0 }),
      look("a \u0000 b \uD800", { what: "show" }),
    ];
    const numbers = [];
    for (const entry of written) numbers.push(await bench.audit.append(entry));
    await bench.pass(5);
    numbers.push(await bench.audit.append(look("last")));
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    const rows = await world.all();
    expect(rows.map(({ seq, content, what }) => [seq, what, content])).toEqual([
      [5, "turns", "last"],
      [4, "show", "a \uFFFD b \uFFFD"],
      [3, "export.end", "later"],
      [2, "export", ""],
      [1, "turns", "channel:support"],
    ]);
    expect(rows[2]).toMatchObject({ about: 2, rows: 0, who: "cli:ada", via: "cli", at: bench.now() - 5 });
    expect(await bench.audit.verify()).toMatchObject({ kind: "whole", entries: 5, erased: 0 });
  });

  it("finds what one person did, what was done of a kind, and what was done since", async () => {
    const bench = world.bench();
    await bench.audit.append(look("a"));
    await bench.audit.append(look("b", { who: "cli:bob" }));
    await bench.pass(10);
    await bench.audit.append(look("c", { what: "export" }));
    const found = async (search: object) =>
      (await bench.audit.list({ limit: 9, ...search })).rows.map(({ seq }) => seq);
    expect(await found({ who: "cli:ada" })).toEqual([3, 1]);
    expect(await found({ what: ["export", "sync"] })).toEqual([3]);
    expect(await found({ what: [] })).toEqual([]);
    expect(await found({ since: bench.now() })).toEqual([3]);
    await expect(bench.audit.list({ limit: 1, after: "xx" })).rejects.toMatchObject({
      code: "cursor_invalid",
    });
  });

  it("is empty at first, and whole", async () => {
    const bench = world.bench();
    expect(await bench.audit.verify()).toEqual({ kind: "whole", entries: 0, erased: 0 });
    expect(await world.all()).toEqual([]);
  });
}

function keeping(world: World): void {
  it("is one chain, however many append at once", async () => {
    const bench = world.bench();
    const numbers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => bench.audit.append(look(`at once ${index}`))),
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await bench.audit.verify()).toMatchObject({ kind: "whole", entries: 30 });
  });

  it("lets nothing be changed, deleted, or put in anywhere but at the end", async () => {
    const bench = world.bench();
    await world.fill(3);
    for (const [column, values] of Object.entries(FORGED))
      for (const value of values.filter((set) => set !== "NULL"))
        await expect(world.forge(`${column} = ${value}`, 2), `${column} = ${value}`).rejects.toThrow(/audit/);
    await expect(world.forge("salt = NULL", 2)).rejects.toThrow(/audit/);
    await expect(bench.query("DELETE FROM audit WHERE seq = 3 RETURNING seq")).rejects.toThrow(/audit/);
    const copy = (seq: number, or = "") =>
      bench.query(
        `INSERT ${or} INTO audit SELECT ${seq}, at, who, via, what, about, rows, commitment, previous, hash, salt, content
           FROM audit WHERE seq = 1 RETURNING seq`,
      );
    for (const seq of [-1, 0, 2, 5]) await expect(copy(seq)).rejects.toThrow();
    expect(await bench.audit.verify()).toMatchObject({ kind: "whole", entries: 3 });
  });

  it("erases what was asked for where it tells of something, and verifies all the same", async () => {
    const bench = world.bench();
    await bench.audit.append(look('user:"Grace Hopper"'));
    await bench.audit.append(look("channel:support"));
    await bench.audit.append(look("slack:T1:U1", { what: "forget" }));
    await bench.audit.append(look("from slack:T1:U1"));
    const tells = (content: string) => /Grace Hopper|slack:T1:U1/.test(content);
    expect(await bench.audit.erase(tells, ["forget"])).toBe(2);
    expect(await bench.audit.erase(() => false, [])).toBe(0);
    const rows = (await world.all()).toReversed();
    expect(rows.map(({ content }) => content)).toEqual([
      undefined,
      "channel:support",
      "slack:T1:U1",
      undefined,
    ]);
    expect(await bench.query("SELECT seq FROM audit WHERE salt IS NULL ORDER BY seq")).toEqual([
      { seq: 1 },
      { seq: 4 },
    ]);
    expect(await bench.audit.verify()).toMatchObject({ kind: "whole", entries: 4, erased: 2 });
  });

  it("tells that its end is missing to whoever noted its head", async () => {
    const bench = world.bench();
    await world.fill(5);
    const verdict = await bench.audit.verify();
    const head = verdict.kind === "whole" ? verdict.head : undefined;
    expect(head?.seq).toBe(5);
    await bench.audit.append(look("one more"));
    expect(await bench.audit.verify(head)).toMatchObject({ kind: "whole", entries: 6 });
    expect(await bench.audit.verify({ seq: 4, hash: head?.hash ?? "" })).toMatchObject({
      kind: "broken",
      seq: 4,
    });
    await bench.unguard();
    await bench.query("DELETE FROM audit WHERE seq > 3 RETURNING seq");
    expect(await bench.audit.verify()).toMatchObject({ kind: "whole", entries: 3 });
    expect(await bench.audit.verify(head)).toMatchObject({ kind: "broken", seq: 4 });
  });
}

function forging(world: World, numRuns: number): void {
  it("tells the first entry in which anything was changed, be it a column, an entry's lack or its being there twice", async () => {
    const bench = world.bench();
    await world.fill(6);
    await bench.audit.erase((content) => content === "query 2", []);
    await bench.unguard();
    await bench.query("CREATE TEMPORARY TABLE kept AS SELECT * FROM audit");
    const columns = Object.keys(FORGED).join(", ");
    const forgery = fc.oneof(
      ...Object.entries(FORGED).map(([column, values]) =>
        fc.record({ column: fc.constant(column), value: fc.constantFrom(...values) }),
      ),
      fc.constantFrom({ column: "gone", value: "" }, { column: "twice", value: "" }),
    );
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(forgery, fc.integer({ min: 1, max: 6 }), async ({ column, value }, seq) => {
        // The last one's lack leaves nothing behind that could tell, nor does what is erased already.
        if (column === "gone" && seq === 6) return;
        if (seq === 2 && (column === "content" || column === "salt") && !value.startsWith("'")) return;
        reached.add(column);
        if (column === "gone") await bench.query(`DELETE FROM audit WHERE seq = ${seq} RETURNING seq`);
        else if (column === "twice")
          await bench.query(
            `INSERT INTO audit (${columns}) SELECT ${columns.replace("seq", "seq + 6")} FROM audit WHERE seq = ${seq} RETURNING seq`,
          );
        else await world.forge(`${column} = ${value}`, seq);
        const first = column === "twice" ? 7 : value === "-seq" ? 1 : seq;
        expect(await bench.audit.verify()).toMatchObject({ kind: "broken", seq: first });
        await bench.query("DELETE FROM audit RETURNING seq");
        await bench.query(`INSERT INTO audit (${columns}) SELECT ${columns} FROM kept RETURNING seq`);
      }),
      { numRuns },
    );
    expect([...reached].sort()).toEqual([...Object.keys(FORGED), "gone", "twice"].sort());
  });

  it("tells an entry that was made anew, with the right hash of its own, by the one behind it", async () => {
    const bench = world.bench();
    await world.fill(3);
    await bench.unguard();
    const [row] = await bench.query("SELECT * FROM audit WHERE seq = 2");
    const forged = { ...(row as unknown as Sealed), who: "cli:bob" };
    await world.forge(`who = 'cli:bob', hash = '${hashOf(forged)}'`, 2);
    expect(await bench.audit.verify()).toMatchObject({ kind: "broken", seq: 3 });
  });
}
