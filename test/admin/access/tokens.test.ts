import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createTokenDesk,
  TOKEN_RIGHTS,
  type TokenRequest,
  viewerOfToken,
} from "../../../src/admin/access/tokens.ts";
import { createRecorder } from "../../../src/admin/audit.ts";
import { QueryError } from "../../../src/admin/query/error.ts";
import { demand, operator, readsAll, type Viewer } from "../../../src/admin/viewer.ts";
import type { StoreBench } from "../../contracts/store-bench.ts";
import { sqliteBench } from "../../store/bench.ts";

const ROOT = operator({ id: "cli:root", name: "root", via: "cli" });
const REPORTS: TokenRequest = {
  name: "reports",
  where: "channel:support",
  reads: "content",
  private: false,
  rights: ["export"],
};

let bench: StoreBench;
beforeEach(() => void (bench = sqliteBench()));
afterEach(() => bench.close());
const clock = { now: () => bench.now(), monotonic: () => bench.now(), sleep: () => Promise.resolve() };
const desk = () =>
  createTokenDesk({ tokens: bench.tokens, recorder: createRecorder({ audit: bench.audit, clock }), clock });
const comesIn = (secret: string) => viewerOfToken({ tokens: bench.tokens, clock }, secret);
const audited = async () => (await bench.audit.list({ limit: 100 })).rows.toReversed();

describe("a token", () => {
  it("is told once, and opens what it was made for", async () => {
    const { secret, token } = await desk().createToken(ROOT, REPORTS);
    expect(secret).toMatch(/^pc_[\w-]{43}$/);
    expect(token).toMatchObject({ name: "reports", prefix: secret.slice(0, 11), createdBy: "cli:root" });
    const viewer = await comesIn(secret);
    expect(viewer).toMatchObject({ id: "token:reports", via: "api" });
    expect([...viewer.rights]).toEqual(["read", "export"]);
    expect(viewer.grants).toMatchObject([{ reads: "content", private: false }]);
    expect(() => demand(viewer, "export")).not.toThrow();
    expect(() => demand(viewer, "tokens")).toThrow(/no right to tokens/);
    expect((await bench.tokens.list())[0]?.usedAt).toBe(bench.now());
  });

  it("is kept nowhere: not in the database, not in the audit", async () => {
    const { secret } = await desk().createToken(ROOT, REPORTS);
    const kept = JSON.stringify([
      await bench.query("SELECT * FROM api_token"),
      await bench.query("SELECT * FROM audit"),
    ]);
    expect(kept).toContain(secret.slice(0, 11));
    expect(kept).not.toContain(secret.slice(11));
  });

  it("for everywhere sees everything, and may still make no other", async () => {
    const { secret } = await desk().createToken(ROOT, {
      ...REPORTS,
      where: "",
      private: true,
      rights: TOKEN_RIGHTS,
    });
    const viewer = await comesIn(secret);
    expect(readsAll(viewer)).toBe(true);
    await expect(desk().createToken(viewer, { ...REPORTS, name: "b" })).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(desk().tokens(viewer)).rejects.toMatchObject({ code: "not_allowed" });
    await expect(desk().revokeToken(viewer, "reports")).rejects.toMatchObject({ code: "not_allowed" });
  });

  it("opens nothing when it is over, revoked, or no token at all, and says which", async () => {
    const { secret } = await desk().createToken(ROOT, { ...REPORTS, lastsMs: 1_000 });
    await bench.pass(999);
    await comesIn(secret);
    await bench.pass(1);
    await expect(comesIn(secret)).rejects.toMatchObject({
      code: "token_invalid",
      message: /reports is over/,
    });
    await desk().revokeToken(ROOT, "reports");
    await expect(comesIn(secret)).rejects.toThrow(/reports was revoked/);
    const another = await desk().createToken(ROOT, REPORTS);
    for (const wrong of [
      "",
      "pc_",
      another.secret.slice(0, -1),
      `${another.secret}x`,
      another.secret.toUpperCase(),
      secret.slice(3),
    ])
      await expect(comesIn(wrong), wrong).rejects.toThrow(/not known here/);
    await expect(comesIn(secret)).rejects.toThrow(/was revoked/);
  });

  it("is not made with a name that is taken or says nothing, with a query that is wrong, or for no time", async () => {
    await desk().createToken(ROOT, REPORTS);
    const refused = (more: Partial<TokenRequest>) =>
      expect(desk().createToken(ROOT, { ...REPORTS, ...more })).rejects;
    await refused({}).toThrow(/There is a token reports already/);
    for (const name of ["", ".", "a b", "a:b", "-a", "x".repeat(65), "a\n"])
      await refused({ name }).toMatchObject({ code: "token_invalid" });
    await refused({ name: "b", where: "user:ada" }).toBeInstanceOf(QueryError);
    for (const lastsMs of [0, -1, 0.5, Infinity, Number.NaN])
      await refused({ name: "b", lastsMs }).toThrow(/some time/);
    expect(await bench.tokens.list()).toHaveLength(1);
  });

  it("is not made by who does not see everything, whatever rights they have", async () => {
    const some: Viewer = { ...ROOT, grants: ROOT.grants.map((grant) => ({ ...grant, private: false })) };
    await expect(desk().createToken(some, REPORTS)).rejects.toThrow(/does not see all/);
    expect(await bench.tokens.list()).toEqual([]);
  });

  it("has its making, its end and each look at the list in the audit", async () => {
    await desk().createToken(ROOT, REPORTS);
    await desk().tokens(ROOT);
    await desk().revokeToken(ROOT, "reports");
    expect(await desk().revokeToken(ROOT, "reports")).toBeUndefined();
    expect((await audited()).map(({ what, rows }) => [what, rows])).toEqual([
      ["tokens.create", undefined],
      ["tokens.create.end", 1],
      ["tokens", 1],
      ["tokens.revoke", undefined],
      ["tokens.revoke.end", 1],
      ["tokens.revoke", undefined],
      ["tokens.revoke.end", 0],
    ]);
    expect((await audited())[0]?.content).toBe(JSON.stringify(REPORTS));
  });
});
