import { afterEach, describe, expect, it } from "vitest";
import type { GrantSetting } from "../../../src/admin/access/people.ts";
import {
  ADA,
  type Browser,
  type SessionOptions,
  type SessionStage,
  sessionStage,
  SITE,
  TOKEN,
  whoIn,
} from "./stage.ts";

let stage: SessionStage;
const open = (options: SessionOptions = {}) => (stage = sessionStage(options));
afterEach(() => stage.bench.close());

const GRANT: GrantSetting = {
  who: "slack:workspace-admins",
  where: "",
  reads: "content",
  private: false,
  rights: [],
};

/** Goes to the platform, agrees there, and comes back. */
async function bySlack(browser: Browser, person = ADA, to = "/admin"): Promise<Response> {
  const away = await browser.get(`/admin/sign-in/slack?to=${encodeURIComponent(to)}`);
  const at = new URL(away.headers.get("location") ?? "");
  const code = stage.slack.agree(at, person);
  return browser.get(`/admin/sign-in/slack/back?code=${code}&state=${at.searchParams.get("state") ?? ""}`);
}

describe("signing in by the operator's token", () => {
  it("leads to where one wanted to go, and sees everything there", async () => {
    open();
    const browser = stage.browser();
    expect(await whoIn(browser)).toBeUndefined();
    const page = await (await browser.get("/admin/sign-in?to=/admin%3Fq%3Da")).text();
    expect(page).toContain('<input type="hidden" name="to" value="/admin?q=a"');
    const response = await browser.post("/admin/sign-in", { token: ` ${TOKEN}\n`, to: "/admin?q=a" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin?q=a"]);
    expect(await whoIn(browser)).toMatchObject({ id: "operator" });
    expect((await browser.get("/admin/sign-in")).status).toBe(303);
    expect(
      (await stage.bench.audit.list({ limit: 9 })).rows.map(({ who, via, what }) => [who, via, what]),
    ).toEqual([
      ["operator", "console", "sign_in.end"],
      ["operator", "console", "sign_in"],
    ]);
  });

  it.each(["", "wrong", TOKEN.slice(1), `${TOKEN}0`, TOKEN.toUpperCase()])(
    "is refused with %j",
    async (token) => {
      open();
      const browser = stage.browser();
      const response = await browser.post("/admin/sign-in", { token });
      expect(response.status).toBe(401);
      expect(await response.text()).toContain("not the operator&#39;s token");
      expect(browser.cookies.size).toBe(0);
      expect(JSON.stringify(stage.lines)).not.toContain(TOKEN.slice(1));
    },
  );

  it("is not there where no token is set, whatever is sent", async () => {
    open({ adminToken: undefined });
    expect(await (await stage.browser().get("/admin/sign-in")).text()).not.toContain('name="token"');
    for (const token of ["", "undefined", TOKEN])
      expect((await stage.browser().post("/admin/sign-in", { token })).status).toBe(401);
  });

  it("leads nowhere else than to the console", async () => {
    open();
    for (const to of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/administrator",
      "javascript:x",
    ]) {
      const response = await stage.browser().post("/admin/sign-in", { token: TOKEN, to });
      expect(response.headers.get("location"), to).toBe("/admin");
    }
  });

  it("is tried ten times from one address, and from another still", async () => {
    open();
    const guess = (address: string) => stage.browser(address).post("/admin/sign-in", { token: "x" });
    for (let index = 0; index < 10; index += 1) expect((await guess("203.0.113.7")).status).toBe(401);
    const refused = await stage.browser("203.0.113.7").post("/admin/sign-in", { token: TOKEN });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    expect((await guess("203.0.113.8")).status).toBe(401);
    await stage.bench.pass(30_000);
    expect((await stage.browser("203.0.113.7").post("/admin/sign-in", { token: TOKEN })).status).toBe(303);
  });

  it("counts by what a proxy that is trusted says of where it comes from, and by nobody else's word", async () => {
    open();
    const guess = async (by: string, from: string) => {
      const headers = { "x-forwarded-for": from };
      return (await stage.browser(by).post("/admin/sign-in", { token: "x" }, headers)).status;
    };
    const statuses = (by: string, from: (index: number) => string) =>
      Promise.all(Array.from({ length: 11 }, (_, index) => guess(by, from(index))));
    const tenOnly = [...Array<number>(10).fill(401), 429];
    expect(await statuses("192.0.2.7", (index) => `1.2.3.${index}, 198.51.100.1`)).toEqual(tenOnly);
    expect(await guess("192.0.2.7", "198.51.100.2")).toBe(401);
    expect(await statuses("203.0.113.7", (index) => `198.51.100.${index + 10}`)).toEqual(tenOnly);
  });

  it("is tried so many times in all, from however many addresses", async () => {
    open();
    let refused = 0;
    for (let index = 0; index < 310; index += 1) {
      const response = await stage
        .browser(`10.0.${index >> 8}.${index & 255}`)
        .post("/admin/sign-in", { token: "x" });
      refused += Number(response.status === 429);
    }
    expect(refused).toBe(10);
  });

  it("is done from the console's own page alone", async () => {
    open();
    for (const origin of ["https://evil.example", "null", "http://bot.example.com", `${SITE}:444`]) {
      const response = await stage.browser().post("/admin/sign-in", { token: TOKEN }, { origin });
      expect([response.status, response.headers.get("set-cookie")], origin).toEqual([403, null]);
    }
    const silent = await stage.app.request(`${SITE}/admin/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ token: TOKEN }),
    });
    expect(silent.status).toBe(403);
  });

  it("takes a form of a sign-in's size, and no larger", async () => {
    open();
    expect((await stage.browser().post("/admin/sign-in", { token: "x".repeat(9_000) })).status).toBe(413);
  });
});

describe("signing in by a platform", () => {
  it("leads there and back, as whoever that was, to where one wanted to go", async () => {
    open({ grants: [GRANT] });
    const browser = stage.browser();
    expect(await (await browser.get("/admin/sign-in")).text()).toContain(
      'href="/admin/sign-in/slack?to=%2Fadmin"',
    );
    const response = await bySlack(browser, ADA, "/admin?q=x");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin?q=x"]);
    expect(await whoIn(browser)).toMatchObject({ id: "slack:T1:U1" });
  });

  it("is for whom something was granted alone, and tells the others whom to name", async () => {
    open({ grants: [GRANT] });
    const browser = stage.browser();
    const response = await bySlack(browser, {
      ...ADA,
      workspaces: [{ id: "T1", name: "Acme", manages: false }],
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(
      /signed in as Ada, and nothing was granted to you: .* slack:T1:U1\./,
    );
    expect(await whoIn(browser)).toBeUndefined();
  });

  it("shows a name as text, whatever is in it", async () => {
    open();
    const response = await bySlack(stage.browser(), { ...ADA, name: "<script>alert(1)</script>" });
    expect(await response.text()).toContain("&lt;script&gt;");
  });

  it("is finished by the browser that began it alone, once, within ten minutes, and for that platform", async () => {
    open({ grants: [GRANT] });
    const begin = async (browser: Browser) => {
      const away = await browser.get("/admin/sign-in/slack");
      const at = new URL(away.headers.get("location") ?? "");
      return `/admin/sign-in/slack/back?code=${stage.slack.agree(at, ADA)}&state=${at.searchParams.get("state") ?? ""}`;
    };
    const [mine, thief] = [stage.browser(), stage.browser()];
    const back = await begin(mine);
    expect((await thief.get(back)).status).toBe(403);
    const other = await begin(thief);
    expect((await mine.get(other)).status).toBe(403);
    expect((await mine.get(back)).status).toBe(403);
    const again = stage.browser();
    const late = await begin(again);
    await stage.bench.pass(10 * 60_000);
    expect((await again.get(late)).status).toBe(403);
    const twice = stage.browser();
    const once = await begin(twice);
    const before = twice.copy();
    expect((await twice.get(once)).status).toBe(303);
    expect((await before.get(once)).status).toBe(403);
    for (const browser of [thief, mine, again, before]) expect(await whoIn(browser)).toBeUndefined();
  });

  it("is not finished with another state than it was begun with, though all else is right", async () => {
    open({ grants: [GRANT] });
    const browser = stage.browser();
    const at = new URL((await browser.get("/admin/sign-in/slack")).headers.get("location") ?? "");
    const code = stage.slack.agree(at, ADA);
    expect((await browser.get(`/admin/sign-in/slack/back?code=${code}&state=other`)).status).toBe(403);
    expect(await whoIn(browser)).toBeUndefined();
  });

  it("is not finished with a state or a cookie that somebody made up", async () => {
    open({ grants: [GRANT] });
    const browser = stage.browser();
    const at = new URL((await browser.get("/admin/sign-in/slack")).headers.get("location") ?? "");
    const code = stage.slack.agree(at, ADA);
    const [name = "", value = ""] = [...browser.cookies].find(([one]) => one.includes("attempt")) ?? [];
    const forged = Buffer.from(
      JSON.stringify({ platform: "slack", state: "s", nonce: "n", verifier: "v", to: "/admin", until: 9e15 }),
    );
    browser.cookies.set(name, `${forged.toString("base64url")}.${value.split(".")[1] ?? ""}`);
    expect((await browser.get(`/admin/sign-in/slack/back?code=${code}&state=s`)).status).toBe(403);
    for (const query of ["", "?code=x", "?state=", "?code=x&state=undefined"])
      expect((await stage.browser().get(`/admin/sign-in/slack/back${query}`)).status).toBe(403);
    expect((await stage.browser().get("/admin/sign-in/irc")).status).toBe(404);
    expect((await stage.browser().get("/admin/sign-in/irc/back?code=1&state=1")).status).toBe(404);
  });

  it("that is declined there, or whose platform is away, says so", async () => {
    open({ grants: [GRANT] });
    const browser = stage.browser();
    const at = new URL((await browser.get("/admin/sign-in/slack")).headers.get("location") ?? "");
    const state = at.searchParams.get("state") ?? "";
    const declined = await browser.get(`/admin/sign-in/slack/back?error=access_denied&state=${state}`);
    expect([declined.status, await declined.text()]).toEqual([
      403,
      expect.stringContaining("changed your mind"),
    ]);
    stage.slack.down.is = true;
    const away = await browser.get("/admin/sign-in/slack");
    expect([away.status, await away.text()]).toEqual([503, expect.stringContaining("could not be reached")]);
  });

  it("comes back to the address that people reach the console at, whatever host they asked", async () => {
    open();
    await stage
      .browser()
      .get("/admin/sign-in/slack", { host: "evil.example", "x-forwarded-host": "evil.example" });
    expect(stage.slack.asked.map(({ redirectUri }) => redirectUri)).toEqual([
      `${SITE}/admin/sign-in/slack/back`,
    ]);
  });
});
