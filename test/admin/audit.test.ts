import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AdminDeps } from "../../src/admin/create.ts";
import { createAdmin } from "../../src/admin/create.ts";
import { EVERYTHING, operator, type Viewer } from "../../src/admin/viewer.ts";
import { PatchcordError } from "../../src/errors.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createFakeTelnyx } from "../fakes/telnyx.ts";
import { exportingOf, pieceOf } from "./exporting.ts";
import { adminWorld, type AdminWorld, inChannel, placeOf, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
const clock = fakeClock();
const depsOf = (more: Partial<AdminDeps> = {}): AdminDeps => ({
  ...world.deps,
  clock,
  store: world.bench.store,
  audit: world.bench.audit,
  erasure: world.bench.erasure,
  tokens: world.bench.tokens,
  telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
  exporting: exportingOf(world.bench.archive),
  signal: new AbortController().signal,
  ...more,
});
/** The fake lists everything, which is what sync asks for. */
const telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
const admin = (more?: Partial<AdminDeps>) => createAdmin(depsOf(more));
const entries = async () => (await world.bench.audit.list({ limit: 100 })).rows.toReversed();
const told = async () => (await entries()).map(({ what, content, rows }) => [what, content, rows]);

beforeEach(async () => {
  world = adminWorld();
  await world.ask({ channel: "C1", name: "support", question: "Where is order 17?" });
  await world.ask({ channel: "C1", name: "support", question: "And order 18?" });
  await world.ask({ channel: "C2", name: "random", question: "A joke, please" });
});
afterEach(() => world.bench.close());

describe("what admins look at", () => {
  it("is recorded with who, through what, what they asked for, and how many rows they were shown", async () => {
    const one = admin();
    await one.conversations(ROOT, { query: "channel:support  status:done" });
    await one.turns(ROOT, { query: "order", limit: 1 });
    await one.usage(ROOT, { query: "by:channel" });
    await one.show(ROOT, { place: placeOf("C1"), generation: 1 });
    await one.names(ROOT, "channel", "s");
    await Array.fromAsync(one.sync(ROOT, { dry: true }));
    expect(await told()).toEqual([
      ["conversations", "channel:support status:done", 1],
      ["turns", "order", 1],
      ["usage", "by:channel", 3],
      ["show", `${placeOf("C1")} 1`, 2],
      ["names", "channel", 1],
      ["sync", "only told", undefined],
      ["sync.end", "", 2],
    ]);
    expect((await entries())[0]).toMatchObject({ seq: 1, who: "cli:root", via: "cli" });
    expect(await one.verify(ROOT)).toMatchObject({ kind: "whole", entries: 7 });
  });

  it("is recorded where nothing was found, and names are told that are near", async () => {
    const one = admin();
    await one.conversations(ROOT, { query: "channel:suport" });
    await one.usage(ROOT, { query: "channel:sup by:day" });
    await one.turns(ROOT, { query: "ord" });
    await one.turns(ROOT, { query: "zzz channel:zzz" });
    expect(await told()).toEqual([
      ["names", "channel", 1],
      ["names", "ord", 1],
    ]);
  });

  it("is not recorded where nothing was shown, nor again within a minute unless it shows more", async () => {
    const one = admin();
    await one.turns(ROOT, { query: "penguins" });
    await one.show(ROOT, { place: placeOf("C9"), generation: 1 });
    for (let second = 0; second < 50; second += 1) {
      await one.show(ROOT, { place: placeOf("C1"), generation: 1 });
      await clock.advance(1_000);
    }
    expect(await told()).toEqual([["show", `${placeOf("C1")} 1`, 2]]);
    await world.ask({ channel: "C1", name: "support", question: "And order 19?" });
    await one.show(ROOT, { place: placeOf("C1"), generation: 1 });
    expect((await told()).slice(1)).toEqual([["show", `${placeOf("C1")} 1`, 3]]);
    await one.show({ ...ROOT, id: "cli:bob" }, { place: placeOf("C1"), generation: 1 });
    expect(await entries()).toHaveLength(3);
    await clock.advance(60_000);
    await one.show(ROOT, { place: placeOf("C1"), generation: 1 });
    expect(await entries()).toHaveLength(4);
  });

  it("is recorded page by page, and for each beginning of a query that shows something", async () => {
    const one = admin();
    const first = await one.turns(ROOT, { query: "order", limit: 1 });
    await one.turns(ROOT, { query: "order", limit: 1, after: first.next ?? "" });
    for (const query of ["channel:s", "channel:su", "channel:sup*", "channel:support"])
      await one.turns(ROOT, { query });
    expect(await told()).toEqual([
      ["turns", "order", 1],
      ["turns", "order", 1],
      ["names", "channel", 1],
      ["turns", "channel:sup*", 2],
      ["turns", "channel:support", 2],
    ]);
  });

  it("is refused where it cannot be recorded", async () => {
    const audit = {
      ...world.bench.audit,
      append: async () => {
        throw new PatchcordError("database_full", "The disk is full.");
      },
    };
    const one = admin({ audit });
    const refused = { code: "not_recorded" };
    await expect(one.conversations(ROOT, { query: "" })).rejects.toMatchObject(refused);
    await expect(one.turns(ROOT, { query: "" })).rejects.toMatchObject(refused);
    await expect(one.usage(ROOT, { query: "" })).rejects.toMatchObject(refused);
    await expect(one.names(ROOT, "channel", "")).rejects.toMatchObject(refused);
    await expect(one.show(ROOT, { place: placeOf("C1"), generation: 1 })).rejects.toMatchObject(refused);
    await expect(
      Array.fromAsync(one.export(ROOT, { query: "", redact: false, format: "jsonl" })),
    ).rejects.toMatchObject(refused);
    await expect(Array.fromAsync(one.sync(ROOT, { dry: false }))).rejects.toMatchObject(refused);
    expect((await one.turns(ROOT, { query: "penguins" })).rows).toEqual([]);
  });
});

describe("names that complete what is typed", () => {
  const completes = (as: Viewer = ROOT, field: "channel" | "user" = "channel") =>
    admin({ clock: world.clock }).names(as, field, "");

  it("are one entry a minute, though a shell asks with each key by a process of its own", async () => {
    await world.bench.archive.refresh();
    for (let key = 0; key < 5; key += 1) await completes();
    await completes(ROOT, "user");
    await completes({ ...ROOT, id: "cli:ada" });
    await completes({ ...ROOT, via: "console" });
    expect((await entries()).map(({ who, via, content }) => `${who} ${via} ${content}`)).toEqual([
      "cli:root cli channel",
      "cli:root cli user",
      "cli:ada cli channel",
      "cli:root console channel",
    ]);
    await world.bench.pass(61_000);
    await completes();
    expect(await entries()).toHaveLength(5);
  });
});

describe("an export", () => {
  it("is recorded before its first row, and told of at its end", async () => {
    const request = { query: "channel:support", redact: true, format: "jsonl" } as const;
    const rows = admin().export(ROOT, request)[Symbol.asyncIterator]();
    expect(await told()).toEqual([]);
    await rows.next();
    expect(await told()).toEqual([["export", "redacted: channel:support", undefined]]);
    await rows.next();
    expect((await entries())[1]).toMatchObject({ what: "export.end", about: 1, rows: 2 });
  });

  it("that nobody takes to its end is told of as far as it came", async () => {
    const exporting = async function* () {
      yield pieceOf("one", 2);
      yield pieceOf("two", 3);
    };
    for await (const _ of admin({ exporting }).export(ROOT, { query: "", redact: false, format: "csv" }))
      break;
    expect((await entries())[1]).toMatchObject({ what: "export.end", about: 1, rows: 2 });
  });

  it("that is not allowed, or of a wrong query, leaves no entry", async () => {
    const reader: Viewer = {
      ...viewer({ where: EVERYTHING, reads: "content", private: true }),
      rights: new Set(["read"]),
    };
    await expect(
      Array.fromAsync(admin().export(reader, { query: "", redact: false, format: "jsonl" })),
    ).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(
      Array.fromAsync(admin().export(ROOT, { query: "chanel:x", redact: false, format: "jsonl" })),
    ).rejects.toMatchObject({
      code: "query_invalid",
    });
    expect(await told()).toEqual([]);
  });
});

describe("the audit itself", () => {
  it("is shown to who may see all, and to others what they did themselves; that is recorded, too", async () => {
    const one = admin();
    const some: Viewer = {
      ...viewer({ where: inChannel("C1"), reads: "content", private: false }),
      rights: new Set(["read", "audit"]),
    };
    await one.turns(ROOT, { query: "" });
    await one.turns(some, { query: "order" });
    const own = await one.audit(some, {});
    expect(own.rows.map(({ who, what }) => [who, what])).toEqual([["slack:T1:U9", "turns"]]);
    const own2 = await one.audit(some, { who: "cli:root" });
    expect(own2.rows.every(({ who }) => who === some.id)).toBe(true);
    const all = await one.audit(operator({ id: "cli:bob", name: "bob", via: "cli" }), { what: ["turns"] });
    expect(all.rows.map(({ who }) => who)).toEqual(["slack:T1:U9", "cli:root"]);
    expect((await told()).at(-1)).toEqual(["audit", '{"what":["turns"]}', 2]);
  });

  it("is not for who has no right to it", async () => {
    const reader = viewer({ where: EVERYTHING, reads: "content", private: true });
    await expect(admin().audit(reader, {})).rejects.toMatchObject({ code: "not_allowed" });
    expect(() => admin().verify(reader)).toThrow(/no right/);
  });
});
