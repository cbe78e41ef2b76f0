import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PatchcordError } from "../../../src/errors.ts";
import { homeward } from "../../../src/admin/console/respond.ts";
import { inChannel, viewer } from "../world.ts";
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

  it("is found with a slash at its end, too, and nothing but a page of the console is", async () => {
    const to = async (path: string) => {
      const response = await stage.get(path);
      return [response.status, response.headers.get("location")];
    };
    expect(await to("/admin/?q=channel%3Asupport")).toEqual([303, "/admin?q=channel%3Asupport"]);
    expect(await to("/admin/usage//")).toEqual([303, "/admin/usage"]);
    expect(await to("/admin//evil.example/")).toEqual([303, "/admin//evil.example"]);
    expect((await stage.get("/admin/nowhere")).status).toBe(404);
  });

  it("that fails tells nothing of the inside, and the log all of it", async () => {
    const broken = consoleStage(() => ({
      conversations: () => Promise.reject(new Error("secret path /var/db")),
    }));
    const response = await broken.get("/admin");
    expect(response.status).toBe(500);
    const page = textOf(await response.text());
    expect(page).not.toContain("secret path");
    expect(page).toContain("In the log: unexpected");
    expect(JSON.stringify(broken.logged)).toContain("/admin");
    expect(broken.logged).toHaveLength(1);
    await broken.world.bench.close();
  });

  it("that is refused says why, and speaks of no log that has nothing of it", async () => {
    const refusing = consoleStage(() => ({
      explain: () => Promise.reject(new PatchcordError("not_found", "There is no turn 99.")),
    }));
    const response = await refusing.get("/admin/explain?link=turn:99");
    expect([response.status, refusing.logged]).toEqual([404, []]);
    const page = textOf(await response.text());
    expect(page).toContain("There is no turn 99.");
    expect(page).not.toContain("In the log");
    await refusing.world.bench.close();
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

describe("the health", () => {
  const budget = {
    platform: "slack",
    per: "channel",
    covers: ["post", "edit"],
    paints: 50,
    windowMs: 60_000,
    live: 1,
  };

  it("says that all is well, or what is not, and since when the process runs", async () => {
    await stage.world.bench.pass(90_000);
    const well = textOf(await stage.page("/admin/health"));
    expect(well).toMatch(/All is well\..*since 00:00, for 1 min 30 s.*No reply was painted lately/);
    stage.setVitals({ problems: ["The database <main> is away."] });
    expect(textOf(await stage.page("/admin/health"))).toMatch(/1 problem: The database <main> is away\./);
    stage.setVitals({ ready: false, problems: [] });
    expect(textOf(await stage.page("/admin/health"))).toContain("It is starting or stopping.");
  });

  it("tells how the budgets stand, those first that are shut or nearly used", async () => {
    stage.setVitals({
      budgets: [
        { ...budget, scope: "C1", drawn: 3, heldForMs: 0 },
        { ...budget, scope: "C2", drawn: 49, heldForMs: 0 },
        { ...budget, scope: "C3", drawn: 1, heldForMs: 4_000 },
      ],
    });
    expect(textOf(await stage.page("/admin/health"))).toMatch(
      /channel C3 post, edit 1 of 50 in 1 min 0 s 1 for 4\.0 s .*channel C2 post, edit 49 of 50.*channel C1/,
    );
  });

  it("is not for who may see a part alone", async () => {
    const some = viewer({ where: inChannel("C1"), reads: "content", private: true });
    stage.signIn({ ...some, rights: OPERATOR.rights });
    expect((await stage.get("/admin/health")).status).toBe(404);
    expect(await stage.page("/admin")).not.toContain("/admin/health");
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
