import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PatchcordError } from "../../../src/errors.ts";
import type { ForgetRequest, Forgotten } from "../../../src/admin/forget.ts";
import { conversationPath } from "../../../src/admin/console/paths.ts";
import type { Right } from "../../../src/admin/viewer.ts";
import { inChannel, placeOf, viewer } from "../world.ts";
import { CSRF, type ConsoleStage, consoleStage, OPERATOR, textOf } from "./stage.ts";

let stage: ConsoleStage;
let asked: (ForgetRequest | readonly [string, boolean])[];
const forgottenOf = (channel: string, dry: boolean): Forgotten => ({
  conversation: { place: placeOf(channel), generation: 1 },
  name: `#${channel} <b>`,
  turns: 2,
  heard: 0,
  local: dry ? "would_be" : "forgotten",
  telnyx: dry ? "would_be" : "deleted",
});

beforeEach(async () => {
  asked = [];
  stage = consoleStage(() => ({
    forget: async function* (_who, request) {
      asked.push(request);
      for (let index = 0; index < (request.query === "many" ? 300 : 2); index += 1)
        yield forgottenOf(`C${index}`, request.dry);
    },
    hold: async (_who, query, held) => {
      asked.push([query, held]);
      return 1;
    },
  }));
  await stage.world.ask({ channel: "C1", name: "support", question: "Order 17?", answer: "=1+1" });
  await stage.world.ask({ channel: "C2", name: "sales", question: "Order 18?" });
});
afterEach(() => stage.world.bench.close());

const form = (fields: Record<string, string>) => ({ csrf: CSRF, ...fields });

describe("what can be done", () => {
  it("is offered to who has the right to, and opened to nobody else", async () => {
    const page = await stage.page("/admin?q=channel:support");
    for (const path of ["export", "hold", "forget"])
      expect(page).toContain(`href="/admin/${path}?q=channel%3Asupport"`);
    const conversation = await stage.page(conversationPath({ place: placeOf("C1"), generation: 1 }));
    expect(conversation).toContain(
      "/admin/forget?q=place%3Aslack%3AT1%3AC1%3A1700000000.000100+generation%3A1",
    );
    stage.signIn({ ...OPERATOR, rights: new Set<Right>(["read"]) });
    expect(await stage.page("/admin")).not.toContain("/admin/export");
    for (const path of ["/admin/export?q=x", "/admin/hold?q=x", "/admin/forget?q=x"])
      expect((await stage.get(path)).status).toBe(403);
    expect((await stage.post("/admin/export", form({ q: "", format: "csv" }))).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it("is not done for another site's form", async () => {
    for (const [path, fields] of Object.entries({
      export: { q: "", format: "csv" },
      hold: { q: "a", held: "yes" },
      forget: { q: "a", sure: "yes" },
    })) {
      expect((await stage.post(`/admin/${path}`, fields)).status).toBe(403);
      expect((await stage.post(`/admin/${path}`, { ...fields, csrf: "" })).status).toBe(403);
    }
    expect(asked).toEqual([]);
  });
});

describe("an export", () => {
  it("is a file of what the query finds, and stands in the audit", async () => {
    const response = await stage.post("/admin/export", form({ q: "channel:support", format: "csv" }));
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="patchcord-2026-11-22\.csv"$/,
    );
    expect((await response.text()).split("\r\n")[1]).toMatch(/,Grace Hopper,.*,Order 17\?,'=1\+1,/);
    const audit = textOf(await stage.page("/admin/audit"));
    expect(audit).toMatch(/export\.end of \d+ 1 .*export channel:support/);
  });

  it("names nobody when that is asked for", async () => {
    const response = await stage.post("/admin/export", form({ q: "", format: "jsonl", redact: "yes" }));
    const text = await response.text();
    expect(text).toMatch(/person-[0-9a-f]{8}/);
    expect(text).not.toContain("Grace");
  });

  it("of a wrong query or in no form is refused before anything is sent", async () => {
    expect((await stage.post("/admin/export", form({ q: "chanel:x", format: "csv" }))).status).toBe(422);
    expect((await stage.post("/admin/export", form({ q: "", format: "exe" }))).status).toBe(422);
  });

  it("that fails on the way is cut off, so that nobody takes a part for the whole", async () => {
    const broken = consoleStage((admin) => ({
      export: async function* (who, request) {
        yield* admin.export(who, request);
        throw new PatchcordError("database_failed", "gone");
      },
    }));
    await broken.world.ask({ channel: "C1", question: "Order 17?" });
    const response = await broken.post("/admin/export", form({ q: "", format: "jsonl" }));
    await expect(response.text()).rejects.toThrow("gone");
    expect(JSON.stringify(broken.logged)).toContain("an answer was cut off");
    await broken.world.bench.close();
  });

  it("is not of what the viewer may not see or read", async () => {
    stage.signIn(viewer({ where: inChannel("C1"), reads: "metadata", private: false }));
    const text = await (await stage.post("/admin/export", form({ q: "", format: "jsonl" }))).text();
    expect(text.trimEnd().split("\n")).toHaveLength(1);
    expect(text).not.toMatch(/Order 1/);
  });
});

describe("forgetting", () => {
  it("is looked at before it is done", async () => {
    const page = textOf(await stage.page("/admin/forget?q=channel:support"));
    expect(page).toContain("4 turns in 2 conversations:");
    expect(page).toContain(
      "#C0 <b> (slack:T1:C0:1700000000.000100#1): 2 turns, would be forgotten here, would be deleted",
    );
    expect(asked).toEqual([{ query: "channel:support", dry: true }]);
    expect(textOf(await stage.page("/admin/forget?q=many"))).toContain(
      "More than 400 turns in 200 conversations",
    );
  });

  it("is done when it is confirmed, and told line by line", async () => {
    const refused = await stage.post("/admin/forget", form({ q: "channel:support" }));
    expect(refused.status).toBe(422);
    expect(asked).toEqual([]);
    const response = await stage.post("/admin/forget", form({ q: "channel:support", sure: "yes" }));
    expect((await response.text()).split("\n")).toEqual([
      "#C0 <b> (slack:T1:C0:1700000000.000100#1): 2 turns, forgotten here, deleted at Telnyx",
      "#C1 <b> (slack:T1:C1:1700000000.000100#1): 2 turns, forgotten here, deleted at Telnyx",
      "That is all: 2.",
      "",
    ]);
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(asked).toEqual([{ query: "channel:support", dry: false }]);
  });

  it.each(["", "  ", "sort:cost"])("of %j, which is everything, is refused", async (q) => {
    expect((await stage.post("/admin/forget", form({ q, sure: "yes" }))).status).toBe(422);
    expect(asked).toEqual([]);
  });
});

describe("a hold", () => {
  it("is put on what the query finds, and taken away", async () => {
    const page = textOf(await (await stage.post("/admin/hold", form({ q: "a", held: "yes" }))).text());
    expect(page).toContain("1 conversation is on hold.");
    await stage.post("/admin/hold", form({ q: "a", held: "no" }));
    expect(asked).toEqual([
      ["a", true],
      ["a", false],
    ]);
  });
});

describe("the audit", () => {
  it("shows what was asked for, by whom and what, page by page", async () => {
    for (let index = 0; index < 52; index += 1) await stage.page(`/admin?q=order+-x${index}`);
    const first = await stage.page("/admin/audit?what=conversations");
    expect(textOf(first)).toMatch(/52 00:00 console:root console conversations 2 order -x51/);
    const next = /rel="next"\s+href="([^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    expect(textOf(await stage.page(next!))).toMatch(/order -x1 .*order -x0/);
    expect(textOf(await stage.page("/admin/audit?who=nobody"))).toContain("There is no such entry.");
  });

  it("is verified, with what to note elsewhere; what was changed is told", async () => {
    await stage.page("/admin?q=order");
    await stage.page("/admin?q=order+-x");
    const whole = textOf(await stage.page("/admin/audit/verify"));
    expect(whole).toContain("2 entries, each as it was written");
    expect(whole).toMatch(/\b2:[0-9a-f]{64}/);
    const changed = consoleStage(() => ({
      verify: async () => ({ kind: "broken", seq: 2, why: "<who> is not what was written" }),
    }));
    expect(textOf(await changed.page("/admin/audit/verify"))).toContain(
      "The audit was changed At entry 2, <who> is not what was written.",
    );
    await changed.world.bench.close();
  });

  it("is for who has the right to it", async () => {
    stage.signIn({ ...OPERATOR, rights: new Set<Right>(["read"]) });
    expect((await stage.get("/admin/audit")).status).toBe(403);
    expect((await stage.get("/admin/audit/verify")).status).toBe(403);
    expect(await stage.page("/admin")).not.toContain("/admin/audit");
  });
});
