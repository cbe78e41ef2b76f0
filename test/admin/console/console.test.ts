import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { homeward } from "../../../src/admin/console/respond.ts";
import { CSRF, type ConsoleStage, consoleStage, OPERATOR, textOf } from "./stage.ts";

let stage: ConsoleStage;
beforeEach(() => {
  stage = consoleStage();
});
afterEach(() => stage.world.bench.close());

describe("every page", () => {
  it("allows nothing inline and nothing from elsewhere, and is kept by nobody", async () => {
    for (const path of ["/admin", "/admin/nowhere", "/admin?q=chanel:x"]) {
      const { headers } = await stage.get(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect(await stage.page("/admin")).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?! type="module" src)/);
  });

  it("is for who is signed in; others are led to where they can, and back", async () => {
    stage.signIn(undefined);
    const response = await stage.get("/admin?q=channel:support");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/admin/sign-in?to=%2Fadmin%3Fq%3Dchannel%3Asupport");
    expect((await stage.get("/admin/assets/base.css")).status).toBe(200);
  });

  it("that is not there is said in the console's own words", async () => {
    const response = await stage.get("/admin/nowhere");
    expect(response.status).toBe(404);
    expect(textOf(await response.text())).toContain("There is no such page, or it is not yours to see.");
  });

  it("that fails tells nothing of the inside, and the log all of it", async () => {
    const broken = consoleStage(() => ({
      conversations: () => Promise.reject(new Error("secret path /var/db")),
    }));
    const response = await broken.get("/admin");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret path");
    expect(JSON.stringify(broken.logged)).toContain("/admin");
    expect(broken.logged).toHaveLength(1);
    await broken.world.bench.close();
  });

  it("says who has no right to look", async () => {
    stage.signIn({ ...OPERATOR, rights: new Set([]) });
    const response = await stage.get("/admin");
    expect(response.status).toBe(403);
    expect(textOf(await response.text())).toContain("root has no right to read");
  });
});

describe("the colours", () => {
  it("are kept as they were chosen, and lead back to the page", async () => {
    const response = await stage.post("/admin/theme", { csrf: CSRF, theme: "dark", to: "/admin?q=x" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin?q=x"]);
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^patchcord_theme=dark;.*Path=\/admin;.*HttpOnly; SameSite=Lax/);
    const page = await (await stage.get("/admin", { cookie })).text();
    expect(page).toContain('data-theme="dark"');
  });

  it("are not chosen by another site's form", async () => {
    const response = await stage.post("/admin/theme", { csrf: "guessed", theme: "dark", to: "/admin" });
    expect(response.status).toBe(403);
    expect(response.headers.get("set-cookie")).toBeNull();
  });

  it.each([
    ["//evil.example", "/admin"],
    ["https://evil.example/admin", "/admin"],
    ["/admin.evil.example", "/admin"],
    ["/admin\\@evil.example", "/admin"],
    ["/admin/usage?q=a", "/admin/usage?q=a"],
  ])("lead from %s to %s", (to, home) => {
    expect(homeward(to)).toBe(home);
  });
});

describe("the console's own files", () => {
  it("are not sent again to a browser that has them", async () => {
    const first = await stage.get("/admin/assets/console.js");
    expect(first.headers.get("content-type")).toContain("text/javascript");
    const again = await stage.get("/admin/assets/console.js", {
      "if-none-match": first.headers.get("etag")!,
    });
    expect(again.status).toBe(304);
    expect((await stage.get("/admin/assets/..%2Fconsole.ts")).status).toBe(404);
  });
});
