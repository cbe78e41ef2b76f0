import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PatchcordError } from "../../../src/errors.ts";
import { type ApiStage, apiStage, askedStage, rowsOf } from "./stage.ts";

let stage: ApiStage;
beforeEach(async () => {
  stage = await askedStage();
});
afterEach(() => stage.world.bench.close());

describe("a wrong request", () => {
  it("with a wrong query is answered with the places, and what could stand there", async () => {
    const { status, json } = await stage.ask(`/turns?query=${encodeURIComponent("chanel:x (")}`);
    expect([status, json["code"]]).toEqual([422, "query_invalid"]);
    expect(json["problems"]).toMatchObject([
      { from: 0, to: 7, instead: "channel:" },
      { from: 9 },
      { from: 9 },
    ]);
    for (const format of ["jsonl", "csv", "markdown"]) {
      const exporting = await stage.ask(`/export?query=chanel%3Ax&format=${format}`);
      expect([exporting.status, exporting.headers.get("content-disposition")]).toEqual([422, null]);
    }
  });

  it.each([
    ["/explain", "link is missing."],
    ["/names", "field is missing."],
    ["/turns?limit=ten", "limit is not right: it must be a number."],
    ["/turns?limit=1&limit=2", "limit is given more than once."],
    ["/turns?limit=0", "limit is not right: it must be at least 1."],
    ["/turns?limit=1001", "limit is not right: it must be at most 1000."],
    ["/export?query=&format=pdf", "format is not right: it must be jsonl or csv or markdown."],
    ["/conversations/p/x", "generation is not right: it must be a number."],
  ])("is told of in words of who wrote it: %s", async (path, detail) => {
    expect((await stage.ask(path)).json).toMatchObject({ code: "request_invalid", detail });
  });

  it("is told how long a text must be", async () => {
    const body = { query: "", held: true };
    const { json } = await stage.ask("/hold", { method: "POST", body });
    expect(json["detail"]).toContain("query is not right: it must be at least 1 character long.");
  });

  it("has everything that is wrong with it told at once", async () => {
    const { status, json } = await stage.ask("/turns?limit=0&after=a&after=b&colour=red");
    expect([status, json["code"]]).toEqual([422, "request_invalid"]);
    expect((json["wrong"] as { name: string }[]).map(({ name }) => name).sort()).toEqual([
      "after",
      "colour",
      "limit",
    ]);
    for (const path of [
      "/turns?limit=1001",
      "/turns?limit=x",
      "/turns?limit=1.5",
      "/usage?by=colour",
      "/names?field=x",
      "/names",
      "/export",
      "/export?query=&format=pdf",
      "/export?query=&redact=yes",
      "/audit?since=x",
      "/audit/verify?head=1",
      "/conversations/p/0",
      "/conversations/p/x",
      "/explain",
    ])
      expect((await stage.ask(path)).status, path).toBe(422);
    const bodies: unknown[] = [
      {},
      { query: "" },
      { query: 1, dry: true },
      { query: "", dry: "yes" },
      { query: "", dry: true, all: true },
      [],
      null,
      "1",
    ];
    for (const body of bodies)
      expect((await stage.ask("/forget", { method: "POST", body })).status, JSON.stringify(body)).toBe(422);
  });

  it("with a body that is no JSON, is none, or is too large", async () => {
    const send = async (body: string, type?: string) => {
      const headers = type === undefined ? {} : { "content-type": type };
      const { status, json } = await stage.ask("/sync", { method: "POST", body, headers });
      return [status, json["code"]];
    };
    expect(await send("{")).toEqual([400, "json_invalid"]);
    expect(await send("")).toEqual([400, "json_invalid"]);
    expect(await send('{"dry":true}', "text/plain")).toEqual([415, "no_json"]);
    expect(await send("dry=true", "application/x-www-form-urlencoded")).toEqual([415, "no_json"]);
    expect(await send(`{"dry":true,"x":"${"x".repeat(70_000)}"}`)).toEqual([413, "too_large"]);
    expect(await send('{"dry":true}', "application/json; charset=utf-8")).toEqual([200, undefined]);
  });

  it("asked in another way is told in which, and what is not there is said so", async () => {
    const post = await stage.ask("/turns", { method: "POST", body: {} });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    for (const method of ["GET", "PUT", "DELETE", "PATCH"])
      expect((await stage.ask("/forget", { method })).headers.get("allow")).toBe("POST, OPTIONS");
    const options = await stage.ask("/forget", { method: "OPTIONS" });
    expect([options.status, options.headers.get("access-control-allow-origin")]).toEqual([204, null]);
    const head = await stage.ask("/turns", { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
    expect((await stage.ask("/export?query=", { method: "HEAD" })).status).toBe(405);
    for (const path of ["/nothing", "", "/turns/1", "/conversations/p"])
      expect((await stage.ask(path)).status, path).toBe(404);
  });

  it.each([
    ["10,000 terms", Array(10_000).fill("a").join(" ")],
    ["an injection", `channel:"'; DROP TABLE turn_facts; --" OR user:"\u0000%_"`],
    ["wildcards alone", "channel:*** ~~~ ****"],
    ["halves of characters", "\uD800 user:\uDFFF"],
    ["groups without end", `${"(".repeat(5_000)}a`],
  ])("of %s is an answer like any other", async (_, query) => {
    const { status } = await stage.ask(`/turns?query=${encodeURIComponent(query.toWellFormed())}`);
    expect([200, 422]).toContain(status);
    expect(rowsOf((await stage.ask("/turns")).json)).toHaveLength(3);
    expect(stage.lines).toEqual([]);
  });
});

describe("trouble", () => {
  it("is told without what is not for whoever asked, and is in the log", async () => {
    const throwing = (error: Error) =>
      apiStage(() => ({
        turns: async () => {
          throw error;
        },
      }));
    for (const [error, status, code] of [
      [new Error("secret 4711"), 500, "unexpected"],
      [new PatchcordError("something_else", "secret 4711"), 500, "something_else"],
      [new PatchcordError("database_busy", "secret 4711"), 503, "database_busy"],
      [new PatchcordError("not_recorded", "What admins look at is recorded."), 503, "not_recorded"],
    ] as const) {
      const broken = throwing(error);
      const { status: answered, json, text } = await broken.ask("/turns");
      expect([answered, json["code"]]).toEqual([status, code]);
      expect(text).not.toContain("4711");
      expect(broken.lines).toHaveLength(1);
      await broken.world.bench.close();
    }
  });

  it("with the tokens lets nobody in", async () => {
    const token = await stage.token({});
    await stage.world.bench.query("DROP TABLE api_token");
    const { status, json } = await stage.ask("/me", { token });
    expect([status, json["code"]]).toEqual([503, "database_failed"]);
  });

  it("lets nobody frame, sniff or keep what it answers", async () => {
    const { headers } = await stage.ask("/turns");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});
