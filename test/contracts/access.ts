import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sessions } from "../../src/store/sessions.ts";
import type { NewToken } from "../../src/store/tokens.ts";
import type { StoreBench } from "./store-bench.ts";

const token = (name: string, more: Partial<NewToken> = {}): NewToken => ({
  name,
  hash: `hash of ${name}`,
  prefix: "pc_12345678",
  where: 'channel:"süpport"',
  reads: "content",
  private: false,
  rights: ["export", "hold"],
  createdBy: "cli:ada",
  ...more,
});

const MINUTE = 60_000;

/** The API's tokens and the console's sessions, on any database. */
export function accessContract(name: string, open: () => Promise<StoreBench>): void {
  let bench: StoreBench;
  beforeEach(async () => void (bench = await open()));
  afterEach(() => bench.close());
  describe(`${name}: tokens`, () => tokens(() => bench));
  describe(`${name}: sessions`, () => sessions(() => bench));
}

function tokens(bench: () => StoreBench): void {
  it("are found by their hash, as they were made", async () => {
    const { tokens: all, now } = bench();
    const { hash: _, ...made } = token("reports", { expiresAt: now() + 5, private: true });
    expect(await all.add(token("reports", { expiresAt: now() + 5, private: true }))).toEqual({
      ...made,
      id: expect.any(Number),
      createdAt: now(),
    });
    expect(await all.find("hash of reports")).toMatchObject(made);
    expect(await all.find("hash of Reports")).toBeUndefined();
    expect(await all.find("")).toBeUndefined();
    expect(JSON.stringify(await all.list())).not.toContain("hash of");
  });

  it("are listed, the newest first, whatever is in their names", async () => {
    const { tokens: all } = bench();
    for (const one of ["a", "'; DROP TABLE api_token; --", "nul \0 and half \uD800"])
      await all.add(token(one));
    expect((await all.list()).map((one) => one.name)).toEqual([
      "nul \uFFFD and half \uFFFD",
      "'; DROP TABLE api_token; --",
      "a",
    ]);
  });

  it("have a name of their own until they are revoked, once and for all", async () => {
    const { tokens: all, pass, now } = bench();
    await all.add(token("reports"));
    expect(await all.add(token("reports", { hash: "another" }))).toBeUndefined();
    await pass(7);
    expect(await all.revoke("reports")).toMatchObject({ name: "reports", revokedAt: now() });
    expect(await all.revoke("reports")).toBeUndefined();
    expect(await all.find("hash of reports")).toMatchObject({ revokedAt: now() });
    expect(await all.add(token("reports", { hash: "another" }))).toMatchObject({ name: "reports" });
    expect(await all.find("another")).not.toHaveProperty("revokedAt");
    expect(await all.list()).toHaveLength(2);
  });

  it("say when they were last used, to a minute", async () => {
    const { tokens: all, pass, now } = bench();
    const made = await all.add(token("reports"));
    if (!made) throw new Error("it was not made");
    const used = async () => (await all.find("hash of reports"))?.usedAt;
    expect(await used()).toBeUndefined();
    const first = now();
    await all.noteUse(made.id);
    await pass(MINUTE - 1);
    await all.noteUse(made.id);
    expect(await used()).toBe(first);
    await pass(1);
    await all.noteUse(made.id);
    expect(await used()).toBe(first + MINUTE);
  });
}

const found = async (all: Sessions, hash: string) => {
  const one = await all.find(hash);
  if (!one) throw new Error(`there is no session ${hash}`);
  return one;
};
const ada = { hash: "1", person: '{"name":"Ada"}', csrf: "c" };

function sessions(bench: () => StoreBench): void {
  it("are found by their id, and by the one before", async () => {
    const { sessions: all, now, pass } = bench();
    const opened = now();
    await all.open(ada);
    expect(await all.find("1")).toEqual({
      ...ada,
      id: expect.any(Number),
      openedAt: opened,
      usedAt: opened,
      replacedAt: opened,
    });
    await pass(5);
    expect(await all.replace(await found(all, "1"), { hash: "2", former: "1" })).toBe(true);
    for (const hash of ["1", "2"])
      expect(await all.find(hash)).toMatchObject({
        hash: "2",
        former: "1",
        replacedAt: opened + 5,
        openedAt: opened,
      });
    await all.replace(await found(all, "2"), { hash: "3", former: "2" });
    expect(await all.find("1")).toBeUndefined();
    expect(await all.find("")).toBeUndefined();
  });

  it("get one new id, whoever else gives them one at once", async () => {
    const { sessions: all } = bench();
    await all.open(ada);
    const session = await found(all, "1");
    const done = await Promise.all(
      ["2", "3", "4"].map((hash) => all.replace(session, { hash, former: "1" })),
    );
    expect(done.filter(Boolean)).toHaveLength(1);
    expect((await found(all, "1")).hash).toBe(["2", "3", "4"][done.indexOf(true)]);
  });

  it("say when they were last used, to a minute, and when their newest id came back", async () => {
    const { sessions: all, now, pass } = bench();
    await all.open(ada);
    const opened = now();
    await pass(MINUTE - 1);
    await all.noteUse(await found(all, "1"), false);
    expect(await found(all, "1")).toMatchObject({ usedAt: opened });
    await all.noteUse(await found(all, "1"), true);
    expect(await found(all, "1")).toMatchObject({ usedAt: now(), confirmedAt: now() });
    const confirmed = now();
    await pass(MINUTE);
    await all.noteUse(await found(all, "1"), true);
    expect(await found(all, "1")).toMatchObject({ usedAt: now(), confirmedAt: confirmed });
    const before = await found(all, "1");
    await all.replace(before, { hash: "2", former: "1" });
    await all.noteUse(before, true);
    expect(await found(all, "1")).not.toHaveProperty("confirmedAt");
  });

  it("end when they are closed, or have been open or unused for too long", async () => {
    const { sessions: all, now, pass } = bench();
    for (const hash of ["1", "2", "3"]) await all.open({ ...ada, hash });
    await all.close((await found(all, "1")).id);
    await all.close(4_711);
    expect(await all.find("1")).toBeUndefined();
    const opened = now();
    await pass(2 * MINUTE);
    await all.noteUse(await found(all, "2"), false);
    expect(await all.sweep({ opened, used: opened + 1 })).toBe(1);
    expect(await all.find("2")).toMatchObject({ hash: "2" });
    expect(await all.find("3")).toBeUndefined();
    expect(await all.sweep({ opened: opened + 1, used: 0 })).toBe(1);
    expect(await all.find("2")).toBeUndefined();
  });

  it("have cookies signed with one key, that nobody else has", async () => {
    const { sessions: all } = bench();
    const keys = await Promise.all([all.cookieKey(), all.cookieKey()]);
    expect(new Set([...keys, await all.cookieKey()]).size).toBe(1);
    expect(Buffer.from(keys[0] ?? "", "base64url")).toHaveLength(32);
  });
}
