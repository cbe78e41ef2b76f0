import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../world.ts";
import { type ApiStage, askedStage, OPERATOR, rowsOf } from "./stage.ts";

let stage: ApiStage;
beforeEach(async () => {
  stage = await askedStage();
});
afterEach(() => stage.world.bench.close());

describe("a token", () => {
  it("is needed, and has to be a good one", async () => {
    const none = await stage.ask("/turns", { token: "" });
    expect([none.status, none.json["code"]]).toEqual([401, "token_invalid"]);
    expect(none.headers.get("www-authenticate")).toContain("Bearer");
    expect(none.json["detail"]).toContain("patchcord tokens create");
    const token = await stage.token({});
    for (const wrong of ["x", `${token}x`, token.slice(1), OPERATOR.toUpperCase(), OPERATOR.slice(0, -1)])
      expect((await stage.ask("/turns", { token: wrong })).status, wrong).toBe(401);
    for (const authorization of [`Basic ${token}`, token, `Bearer${token}`, "Bearer ", "Bearer a b"])
      expect(
        (await stage.ask("/turns", { token: "", headers: { authorization } })).status,
        authorization,
      ).toBe(401);
    expect(
      (await stage.ask("/turns", { token: "", headers: { authorization: `bearer  ${token}` } })).status,
    ).toBe(200);
    expect((await stage.ask("/nothing", { token: "" })).status).toBe(401);
  });

  it("sees what it was made for, and nothing of the rest by any way", async () => {
    const token = await stage.token({ where: "channel:support", rights: ["export", "audit"] });
    const seen = async (path: string) => (await stage.ask(path, { token })).text;
    for (const path of [
      "/conversations",
      "/turns",
      "/usage?by=channel",
      "/names?field=channel",
      "/export?query=",
      "/audit",
    ])
      expect(await seen(path), path).not.toMatch(/C2|board|pay/);
    expect(await seen("/conversations")).toContain("support");
    const hidden = await stage.ask(`/conversations/${encodeURIComponent(placeOf("C2"))}/1`, { token });
    const missing = await stage.ask(`/conversations/${encodeURIComponent(placeOf("C9"))}/1`, { token });
    expect(hidden).toMatchObject({ status: 404, text: missing.text });
    expect(rowsOf((await stage.ask("/turns?query=pay", { token })).json)).toEqual([]);
  });

  it("does not read what is private, unless it was made for that", async () => {
    const questions = async (token: string) =>
      rowsOf((await stage.ask("/turns?query=kind%3Aprivate", { token })).json).map((row) => row["content"]);
    expect(await questions(await stage.token({}))).toEqual([undefined]);
    expect(await questions(await stage.token({ reads: "metadata", private: true }))).toEqual([undefined]);
    expect(await questions(await stage.token({ private: true }))).toMatchObject([
      { question: "Whom do we pay?" },
    ]);
  });

  it("does what it has a right to, and is told that it has none to the rest", async () => {
    const token = await stage.token({});
    for (const [path, body] of [
      ["/export?query=", undefined],
      ["/audit", undefined],
      ["/audit/verify", undefined],
      ["/forget", { query: "", dry: false }],
      ["/hold", { query: "a", held: true }],
      ["/sync", { dry: true }],
    ] as const) {
      const { status, json } = await stage.ask(path, { token, ...(body && { method: "POST", body }) });
      expect([status, json["code"]], path).toEqual([403, "not_allowed"]);
    }
    const some = await stage.token({ where: "channel:support", private: true, rights: ["sync"] });
    expect((await stage.ask("/sync", { token: some, method: "POST", body: { dry: true } })).status).toBe(403);
  });

  it("that comes too often waits, as does an address that comes with wrong ones", async () => {
    const token = await stage.token({});
    for (let index = 0; index < 20; index += 1)
      expect((await stage.ask("/me", { token: "x" })).status).toBe(401);
    const guessing = await stage.ask("/me", { token: "x" });
    expect([guessing.status, guessing.headers.get("retry-after")]).toEqual([429, "3"]);
    for (let index = 0; index < 600; index += 1) {
      const { status } = await stage.app.request("http://bot/api/v1/me", {
        headers: { authorization: `Bearer ${token}` },
      });
      if (status !== 200) throw new Error(`request ${index} answered ${status}`);
    }
    const refused = await stage.ask("/me", { token });
    expect([refused.status, refused.json["code"], refused.headers.get("retry-after")]).toEqual([
      429,
      "too_often",
      "1",
    ]);
    expect((await stage.ask("/me")).status).toBe(200);
  });
});
