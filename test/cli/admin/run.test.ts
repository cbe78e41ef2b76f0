import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminWorld, adminWorld } from "../../admin/world.ts";
import { patchcordIn } from "../said.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
const path = join(folder, "patchcord.db");
let world: AdminWorld;

beforeAll(async () => {
  // It stays open: this is the bot that runs.
  world = adminWorld(path, Date.now() - 3_600_000);
  await world.ask({ channel: "C1", name: "support", question: "Where is order 17?", answer: "On its way." });
  await world.ask({ channel: "C2", name: "random", question: "Tell a joke", telnyxId: "t2" });
  await world.ask({ channel: "C1", name: "support", question: "And order 18?" });
});
afterAll(async () => {
  await world.bench.close();
  rmSync(folder, { recursive: true });
});

const patchcord = (words: readonly string[], environment: Record<string, string> = { DATABASE_URL: path }) =>
  patchcordIn(environment, words);

describe("admins' commands beside a running bot", () => {
  it("list conversations as a table, without colour where nobody looks", async () => {
    const { code, out, err } = await patchcord(["conversations", "list", "channel:support after:7d"]);
    expect([code, err]).toEqual([0, ""]);
    const [head, row, ...more] = out.trimEnd().split("\n");
    expect(head).toMatch(/^ACTIVE +WHERE +BY +TURNS/);
    expect(row).toMatch(/T1 › #support +Grace Hopper +2 /);
    expect(more).toEqual([]);
    expect(out).not.toContain("\u001B");
  });

  it("say where a query that begins with a minus stands, and take it there", async () => {
    const wrong = await patchcord(["turns", "-channel:random", "--csv"]);
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(wrong.err).toContain("-- '-channel:random'");
    expect((await patchcord(["turns", "--jsno"])).err).not.toContain("minus");
    const right = await patchcord(["turns", "--csv", "--", "-channel:random"]);
    expect(right).toMatchObject({ code: 0 });
    expect(right.out).toContain("order 17");
    expect(right.out).not.toContain("joke");
  });

  it("know what was said a moment ago", async () => {
    const question = "A discount for penguins?";
    await world.ask({ channel: "C3", name: "sales", inThread: true, question });
    const listed = await patchcord(["conversations", "list", "penguins"]);
    expect(listed.out).toContain(`T1 › #sales › ${question}  Grace Hopper`);
    expect((await patchcord(["conversations", "list", "penguins", "--csv"])).out).toContain(`,${question},`);
    const { out } = await patchcord(["turns", "penguins", "--jsonl"]);
    expect(JSON.parse(out)).toMatchObject({
      channelName: "sales",
      content: { question },
    });
  });

  it("show, sum and export", async () => {
    expect((await patchcord(["conversations", "show", "channel:random"])).out).toMatch(
      /Tell a joke\n {2}\[done/,
    );
    expect((await patchcord(["usage", "by:channel", "--csv"])).out).toMatch(
      /^key,name,turns,.*\r\n[^]*C1,support,2,1,1,0/,
    );
    const exported = await patchcord(["conversations", "export", "channel:support", "--redact"]);
    const { turns } = JSON.parse(exported.out) as { turns: unknown };
    expect(turns).toMatchObject([{ userName: expect.stringMatching(/^person-/) }, { content: {} }]);
    expect(exported.out).not.toContain("Grace");
    const config = join(folder, "patchcord.yaml");
    writeFileSync(config, 'admin: { redact: ["ORDER \\\\d+"] }');
    const environment = { DATABASE_URL: path, PATCHCORD_CONFIG: config };
    const { out } = await patchcord(["conversations", "export", "channel:support", "--redact"], environment);
    expect(out).toMatch(/Where is \[redacted\]\?/);
  });

  it("point at what is wrong with a query, and exit with 2", async () => {
    const { code, out, err } = await patchcord(["turns", "chanel:support"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/ {2}chanel:support\n {2}\^+\n.*channel/);
    expect((await patchcord(["turns", "--jsn"])).code).toBe(2);
  });

  it("find nothing without a failure, and fail where there is no database, which they do not make", async () => {
    expect(await patchcord(["turns", "walrus"])).toEqual({ code: 0, out: "", err: "Nothing was found.\n" });
    const nowhere = join(folder, "nowhere.db");
    const { code, err } = await patchcord(["turns"], { DATABASE_URL: nowhere });
    expect(code).toBe(1);
    expect(err).toMatch(/^patchcord: There is no patchcord database at .*\[database_missing\]\n$/);
    expect(existsSync(nowhere)).toBe(false);
    expect(await patchcord(["turns"], { DATABASE_URL: "mysql://x" })).toMatchObject({ code: 2 });
  });

  it("need a key of Telnyx only where Telnyx is asked", async () => {
    const { code, err } = await patchcord(["conversations", "sync"]);
    expect(code).toBe(2);
    expect(err).toMatch(/TELNYX_API_KEY is missing/);
  });
});

describe("the audit on the command line", () => {
  it("tells who looked at what, and that it is whole, with a head to note", async () => {
    await patchcord(["turns", "channel:sales"]);
    const listed = await patchcord(["audit", "list", "--what", "turns", "--since", "1d", "--limit", "1"]);
    expect([listed.code, listed.out]).toEqual([
      0,
      expect.stringMatching(/cli:\S+ +cli +turns +1 +channel:sales/),
    ]);
    const verified = await patchcord(["audit", "verify"]);
    const [, head = ""] = verified.out.trimEnd().split("\n");
    expect(verified.out).toMatch(/^The audit is whole: \d+ entries\.\n\d+:[0-9a-f]{64}\n$/);
    expect(await patchcord(["audit", "verify", "--head", head])).toMatchObject({ code: 0 });
    const other = await patchcord(["audit", "verify", "--head", `1:${"0".repeat(64)}`]);
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringContaining("at entry 1, it is another than the one that was noted"),
    ]);
  });

  it("refuses a time, a head and a kind of output that are none, with exit code 2", async () => {
    expect(await patchcord(["audit", "list", "--since", "soon"])).toMatchObject({ code: 2 });
    expect(await patchcord(["audit", "verify", "--head", "soon"])).toMatchObject({ code: 2 });
    expect(await patchcord(["audit", "list", "--json", "--csv"])).toMatchObject({ code: 2 });
  });

  it("complete what is typed with names of the database, and without one all the rest", async () => {
    const complete = (line: string, environment?: Record<string, string>) =>
      patchcord(["complete", "bash", "--", line, ":"], environment);
    expect((await complete("patchcord turns channel:sup")).out).toBe("support\n");
    expect((await complete("patchcord conv", {})).out).toBe("conversations\n");
    expect((await patchcord(["complete", "zsh", "--", "turns", "stat"])).out).toMatch(
      /^status:\t.*\nstatus:open/,
    );
    expect((await patchcord(["completion", "fish"])).out).toMatch(/^function __patchcord_complete/);
  });
});
