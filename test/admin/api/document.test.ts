import { Validator } from "@seriousme/openapi-schema-validator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openApi, ROUTES } from "../../../src/admin/api/document.ts";
import { placeOf } from "../world.ts";
import { type ApiStage, askedStage, rowsOf } from "./stage.ts";

let stage: ApiStage;
beforeEach(async () => {
  stage = await askedStage();
});
afterEach(() => stage.world.bench.close());

describe("the document", () => {
  it("is right OpenAPI 3.1, and had without a token", async () => {
    const response = await stage.app.request("http://bot/api/v1/openapi.json");
    expect(response.status).toBe(200);
    const document = (await response.json()) as Record<string, unknown>;
    expect(document).toEqual(JSON.parse(JSON.stringify(openApi())));
    const { valid, errors } = await new Validator().validate(document);
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it("has every path, each with a name of its own, and every reference leads somewhere", () => {
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
    const text = JSON.stringify(openApi());
    const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    const { components } = openApi() as { components: { schemas: object } };
    expect(new Set(referred)).toEqual(new Set(Object.keys(components.schemas)));
    expect(text).not.toContain("$defs");
  });
});

describe("what is asked for", () => {
  it("is answered as the document says, everything of it", async () => {
    const place = encodeURIComponent(placeOf("C1"));
    const asked = [
      "/me",
      "/conversations?query=channel%3Asupport",
      `/conversations/${place}/1?limit=1`,
      "/turns?query=order&limit=2",
      "/turns?query=channel%3Asuport",
      "/usage?query=channel%3Asuport",
      "/usage",
      "/usage?query=order&by=channel",
      "/names?field=channel&prefix=s",
      "/plan?query=channel%3Asupport",
      "/explain?link=https%3A%2F%2Facme.slack.com%2Farchives%2FC1%2Fp1",
      "/export?query=",
      "/audit?limit=2",
      "/audit?what=export,export.end&who=operator&since=0",
      "/audit/verify",
    ];
    const reached = new Set<string>();
    for (const path of asked) {
      const { status, text } = await stage.ask(path);
      expect([status, text.length > 0], path).toEqual([200, true]);
      reached.add(path.split("?")[0] ?? "");
    }
    for (const [path, body] of [
      ["/forget", { query: "channel:support", dry: true }],
      ["/hold", { query: "channel:support", held: true }],
      ["/sync", { dry: true }],
    ] as const) {
      const { status, text } = await stage.ask(path, { method: "POST", body });
      expect([status, text.length > 0], path).toEqual([200, true]);
      reached.add(path);
    }
    expect(reached.size).toBe(ROUTES.length);
  });

  it("comes page by page", async () => {
    const first = await stage.ask("/turns?limit=2&query=sort%3A%2Bstarted");
    const second = await stage.ask(
      `/turns?limit=2&query=sort%3A%2Bstarted&after=${encodeURIComponent(String(first.json["next"]))}`,
    );
    expect([...rowsOf(first.json), ...rowsOf(second.json)].map((row) => row["id"])).toEqual([1, 2, 3]);
    expect(second.json).not.toHaveProperty("next");
    const wrong = await stage.ask("/turns?after=xx");
    expect([wrong.status, wrong.json["code"]]).toEqual([422, "cursor_invalid"]);
  });

  it("is exported as JSON lines, CSV or Markdown, and redacted where that is asked for", async () => {
    const { text, headers } = await stage.ask("/export?query=channel%3Asupport");
    const [line, ...more] = text.trimEnd().split("\n");
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? "")).toMatchObject({
      conversation: { channelId: "C1" },
      turns: [{ id: 1 }, { id: 2 }],
    });
    expect(headers.get("content-disposition")).toBe('attachment; filename="conversations.jsonl"');
    const csv = await stage.ask("/export?query=channel%3Asupport&format=csv");
    expect(csv.text.split("\r\n")).toHaveLength(4);
    expect(csv.text).toMatch(/^turn,at,status,.*\r\n1,/);
    const markdown = await stage.ask("/export?query=channel%3Asupport&format=markdown");
    expect(markdown.text).toMatch(/^# Conversations\n\n## T1 › \\#support\n/);
    expect(markdown.text).toContain("> Where is order 17?");
    const redacted = await stage.ask("/export?query=channel%3Asupport&redact=true");
    expect(redacted.text).not.toContain("Grace Hopper");
    expect((await stage.ask("/export?query=channel%3Anothing")).text).toBe("");
    expect((await stage.ask("/export?query=channel%3Anothing&format=csv")).text).toMatch(/^turn,.*\r\n$/);
  });

  it("is recorded as the token's that asked", async () => {
    const token = await stage.token({ name: "reports" });
    await stage.ask("/turns?query=order", { token });
    const [last] = (await stage.world.bench.audit.list({ limit: 1 })).rows;
    expect(last).toMatchObject({ who: "token:reports", via: "api", what: "turns", content: "order" });
  });
});
