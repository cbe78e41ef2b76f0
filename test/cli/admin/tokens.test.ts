import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewerOfToken } from "../../../src/admin/access/tokens.ts";
import { run } from "../../../src/cli.ts";
import { systemClock } from "../../../src/clock.ts";
import { type SqliteBench, sqliteBench } from "../../store/bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
const path = join(folder, "patchcord.db");
let bot: SqliteBench;
beforeAll(() => void (bot = sqliteBench(path, Date.now())));
afterAll(async () => {
  await bot.close();
  rmSync(folder, { recursive: true });
});

async function tokens(...words: string[]) {
  const said = { out: "", err: "" };
  const into = (stream: keyof typeof said) =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        said[stream] += chunk;
        done();
      },
    });
  const code = await run(["node", "patchcord", "tokens", ...words], {
    stdout: into("out"),
    stderr: into("err"),
    environment: () => ({ DATABASE_URL: path }),
  });
  return { code, ...said };
}

describe("patchcord tokens", () => {
  it("makes one that the running bot takes, alone on standard output", async () => {
    const made = await tokens(
      "create",
      "reports",
      "--where",
      "channel:support",
      "--content",
      "--rights",
      "export,hold",
    );
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^pc_[\w-]{43}\n$/);
    expect(made.err).toMatch(/token reports, good until 20.*not shown again/);
    const viewer = await viewerOfToken({ tokens: bot.tokens, clock: systemClock }, made.out.trim());
    expect([...viewer.rights]).toEqual(["read", "export", "hold"]);
    expect(viewer.grants).toMatchObject([{ reads: "content", private: false }]);
    const [token] = await bot.tokens.list();
    expect(Math.round(((token?.expiresAt ?? 0) - (token?.createdAt ?? 0)) / 86_400_000)).toBe(90);
  });

  it("lists them without what they are", async () => {
    await tokens("create", "ops", "--where", "", "--private", "--expires", "never");
    const { out } = await tokens("list");
    expect(out.split("\n")[0]).toMatch(/^NAME +BEGINS +WHERE +READS +RIGHTS +USED +EXPIRES +REVOKED/);
    expect(out).toMatch(/ops +pc_.{8} +everywhere +content, private too +never +never/);
    expect(out).toMatch(/reports +pc_.{8} +channel:support +content +export,hold /);
    const [ops] = JSON.parse((await tokens("list", "--json")).out) as Record<string, unknown>[];
    expect(ops).toMatchObject({ name: "ops", where: "", reads: "content", private: true });
    expect(ops).not.toHaveProperty("hash");
  });

  it("revokes one by its name, and says when there is none", async () => {
    expect(await tokens("revoke", "reports")).toMatchObject({
      code: 0,
      out: "The token reports is revoked.\n",
    });
    const again = await tokens("revoke", "reports");
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/no token reports that is not revoked/);
  });

  it.each([
    [["create", "a"], /--where/],
    [["create", "a", "--where", "user:ada"], /It cannot go by user:/],
    [["create", "a", "--where", "", "--rights", "export,tokens"], /may have the rights export/],
    [["create", "a", "--where", "", "--expires", "soon"], /must be an age, such as 12h/],
  ])("refuses %j, and makes none", async (words, why) => {
    const { code, out, err } = await tokens(...words);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(why);
    expect((await bot.tokens.list()).some(({ name }) => name === "a")).toBe(false);
  });
});
