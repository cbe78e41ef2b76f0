import { afterEach, describe, expect, it } from "vitest";
import { type SessionOptions, type SessionStage, sessionStage, SITE, TOKEN, whoIn } from "./stage.ts";

let stage: SessionStage;
const open = (options: SessionOptions = {}) => (stage = sessionStage(options));
afterEach(() => stage.bench.close());

const MINUTE = 60_000;
const COOKIE = "__Host-patchcord_session";

describe("a session's cookie", () => {
  it("goes by https to this host alone, is read by no script, and comes along from no other site's form", async () => {
    open();
    const response = await stage.browser().post("/admin/sign-in", { token: TOKEN });
    const line = response.headers.getSetCookie().find((one) => one.startsWith(`${COOKIE}=`)) ?? "";
    const attributes = line
      .split("; ")
      .slice(1)
      .map((part) => part.toLowerCase());
    expect(attributes.toSorted()).toEqual(["httponly", "path=/", "samesite=lax", "secure"]);
  });

  it("has no such name where there is no https, and is not taken for one that has", async () => {
    open({ publicUrl: undefined });
    const browser = await stage.signInByToken();
    expect([...browser.cookies.keys()]).toEqual(["patchcord_session"]);
    expect(await whoIn(browser)).toBeDefined();
  });

  it("that is made up, cut or signed by somebody else opens nothing", async () => {
    open();
    const browser = await stage.signInByToken();
    const value = browser.cookies.get(COOKIE) ?? "";
    const [id = "", signature = ""] = value.split(".");
    const other = await sessionStage().signInByToken();
    for (const wrong of [
      "",
      "x",
      id,
      `${id}.`,
      `${id}x.${signature}`,
      `.${signature}`,
      other.cookies.get(COOKIE) ?? "",
      `${id}.${(other.cookies.get(COOKIE) ?? "").split(".")[1] ?? ""}`,
    ]) {
      const thief = stage.browser();
      thief.cookies.set(COOKIE, wrong);
      expect(await whoIn(thief), wrong).toBeUndefined();
    }
    expect(await whoIn(browser)).toBeDefined();
  });

  it("is nowhere in the database as it is", async () => {
    open();
    const browser = await stage.signInByToken();
    const [id = ""] = (browser.cookies.get(COOKIE) ?? "").split(".");
    expect(id).toHaveLength(43);
    expect(JSON.stringify(await stage.bench.query("SELECT * FROM session"))).not.toContain(id);
  });
});

describe("a session", () => {
  it("ends for whoever has its cookie when one signs out, and not before", async () => {
    open();
    const browser = await stage.signInByToken();
    const thief = browser.copy();
    const csrf = (await whoIn(browser))?.csrf ?? "";
    expect((await browser.post("/admin/sign-out", { csrf: "x" })).status).toBe(403);
    expect(await whoIn(browser)).toBeDefined();
    const out = await browser.post("/admin/sign-out", { csrf });
    expect([out.status, out.headers.get("location")]).toEqual([303, "/admin/sign-in"]);
    expect(browser.cookies.has(COOKIE)).toBe(false);
    expect(await whoIn(thief)).toBeUndefined();
    expect((await browser.post("/admin/sign-out", {})).status).toBe(303);
  });

  it("has another id after each sign-in, and the one before is worth nothing", async () => {
    open();
    const browser = stage.browser();
    browser.cookies.set(COOKIE, "planted.by-somebody-else");
    await browser.post("/admin/sign-in", { token: TOKEN });
    const before = browser.copy();
    await browser.post("/admin/sign-in", { token: TOKEN });
    expect(browser.cookies.get(COOKIE)).not.toBe(before.cookies.get(COOKIE));
    expect(await whoIn(before)).toBeUndefined();
    expect(await whoIn(browser)).toBeDefined();
  });

  it("gets another id every quarter of an hour, which nobody notices", async () => {
    open();
    const browser = await stage.signInByToken();
    const [first, csrf] = [browser.cookies.get(COOKIE), (await whoIn(browser))?.csrf];
    await stage.bench.pass(15 * MINUTE);
    const copy = browser.copy();
    const tabs = await Promise.all([whoIn(browser), whoIn(copy), whoIn(browser)]);
    expect(tabs.map((tab) => tab?.csrf)).toEqual([csrf, csrf, csrf]);
    // Whoever of them is heard first is told of the other id.
    expect([browser, copy].every(({ cookies }) => cookies.get(COOKIE) === first)).toBe(false);
    expect((await whoIn(browser))?.csrf).toBe(csrf);
    expect(await stage.bench.query("SELECT id FROM session")).toHaveLength(1);
  });

  it("whose old id comes back later was copied: both who have it sign in again, and the log says so", async () => {
    open();
    const browser = await stage.signInByToken();
    const thief = browser.copy();
    await stage.bench.pass(15 * MINUTE);
    await whoIn(browser);
    await whoIn(browser);
    expect(await whoIn(thief)).toBeDefined(); // it may have been on its way
    await stage.bench.pass(MINUTE + 1);
    expect(await whoIn(thief)).toBeUndefined();
    expect(await whoIn(browser)).toBeUndefined();
    expect(JSON.stringify(stage.lines)).toMatch(/old id came back/);
  });

  it("goes on when the answer with its new id was lost", async () => {
    open();
    const browser = await stage.signInByToken();
    await stage.bench.pass(15 * MINUTE);
    await whoIn(browser.copy()); // the answer went to nobody
    await stage.bench.pass(10 * MINUTE);
    expect(await whoIn(browser)).toBeDefined();
    await stage.bench.pass(10 * MINUTE);
    expect(await whoIn(browser)).toBeDefined();
  });

  it("ends after two hours without a look, and after twelve with", async () => {
    open();
    const [idle, busy] = [await stage.signInByToken(), await stage.signInByToken()];
    for (let minutes = 0; minutes < 120; minutes += 30) {
      await stage.bench.pass(30 * MINUTE);
      expect(await whoIn(busy)).toBeDefined();
    }
    expect(await whoIn(idle)).toBeUndefined();
    for (let minutes = 120; minutes < 690; minutes += 30) {
      await stage.bench.pass(30 * MINUTE);
      expect(await whoIn(busy)).toBeDefined();
    }
    await stage.bench.pass(30 * MINUTE);
    expect(await whoIn(busy)).toBeUndefined();
    expect(await stage.bench.query("SELECT id FROM session")).toEqual([]);
  });

  it("goes on over a restart, unless the operator's token is another then", async () => {
    open();
    const browser = await stage.signInByToken();
    const after = (adminToken: string | undefined) => sessionStage({ before: stage, adminToken });
    const restarted = after(TOKEN).browser();
    restarted.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? "");
    expect(await whoIn(restarted)).toMatchObject({ id: "operator" });
    for (const token of [TOKEN.replace("0", "1"), undefined]) {
      const other = after(token).browser();
      other.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? "");
      expect(await whoIn(other)).toBeUndefined();
    }
  });

  it("of a person ends when what was granted to them is taken back", async () => {
    const grant = { who: "slack:T1:U1", where: "", reads: "content", private: false, rights: [] } as const;
    open({ grants: [grant] });
    const browser = stage.browser();
    const at = new URL((await browser.get("/admin/sign-in/slack")).headers.get("location") ?? "");
    const person = {
      platform: "slack",
      userId: "U1",
      name: "Ada",
      workspaces: [{ id: "T1", name: "Acme", manages: false }],
    };
    await browser.get(
      `/admin/sign-in/slack/back?code=${stage.slack.agree(at, person)}&state=${at.searchParams.get("state") ?? ""}`,
    );
    expect(await whoIn(browser)).toMatchObject({ id: "slack:T1:U1" });
    const without = sessionStage({ before: stage, grants: [{ ...grant, who: "slack:T1:U2" }] }).browser();
    without.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? "");
    expect(await whoIn(without)).toBeUndefined();
  });

  it("that another version of the bot wrote is none", async () => {
    open();
    const browser = await stage.signInByToken();
    for (const person of ["", "{", '{"kind":"ghost"}', '{"kind":"person","platform":"slack"}']) {
      await stage.bench.query(`UPDATE session SET person = '${person}'`);
      const one = browser.copy();
      expect(await whoIn(one)).toBeUndefined();
      await stage.signInByToken();
    }
  });
});

describe("a change", () => {
  it("is made with what the session's forms bring along, from the console's own pages", async () => {
    open();
    const [browser, other] = [await stage.signInByToken(), await stage.signInByToken()];
    const [csrf, foreign] = [(await whoIn(browser))?.csrf ?? "", (await whoIn(other))?.csrf ?? ""];
    expect(foreign).not.toBe(csrf);
    expect(await (await browser.post("/admin/change", { csrf })).text()).toBe("changed");
    for (const wrong of ["", "x", foreign, csrf.slice(1), `${csrf}x`])
      expect((await browser.post("/admin/change", { csrf: wrong })).status, wrong).toBe(403);
    for (const origin of ["https://evil.example", "null", "", `${SITE}.evil.example`])
      expect((await browser.post("/admin/change", { csrf }, { origin })).status, origin).toBe(403);
  });

  it("without an address of its own is asked for from the host that it goes to", async () => {
    open({ publicUrl: undefined });
    const browser = await stage.signInByToken();
    const csrf = (await whoIn(browser))?.csrf ?? "";
    const at = (origin: string, host: string) => browser.post("/admin/change", { csrf }, { origin, host });
    expect((await at("http://localhost:3000", "localhost:3000")).status).toBe(200);
    expect((await at("http://evil.example", "localhost:3000")).status).toBe(403);
    expect((await at("http://localhost:4000", "localhost:3000")).status).toBe(403);
  });
});

describe("the pages of signing in", () => {
  it("let nothing in from elsewhere, nothing inline, and are kept nowhere", async () => {
    open();
    const response = await stage.browser().get("/admin/sign-in");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-frame-options")).toBe("DENY");
    expect(await response.text()).not.toMatch(/<style|style=|<script(?! type="module" src=)|onclick/);
  });

  it("answer what else is asked of them without an error", async () => {
    open();
    const ask = (method: string, path: string) =>
      stage.app.request(SITE + path, { method, headers: { origin: SITE } });
    expect((await ask("HEAD", "/admin/sign-in")).status).toBe(200);
    for (const [method, path] of [
      ["OPTIONS", "/admin/sign-in"],
      ["PUT", "/admin/sign-in"],
      ["GET", "/admin/sign-out"],
    ] as const)
      expect((await ask(method, path)).status, `${method} ${path}`).toBe(404);
  });

  it("say that it is in the log when the database is away, and sign nobody in", async () => {
    open();
    await stage.bench.query("DROP TABLE session");
    const response = await stage.browser().post("/admin/sign-in", { token: TOKEN });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([500, null]);
    expect(await response.text()).toContain("in the log of the bot");
    expect(JSON.stringify(stage.lines)).toContain("a sign-in failed");
  });
});
