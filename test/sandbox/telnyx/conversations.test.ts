import { describe, expect, test } from "vitest";
import { refusal } from "../../../src/sandbox/telnyx/refusal.ts";
import { clientOf, start } from "./client.ts";

const UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const CONVERSATIONS = "/ai/conversations";

describe("the key", () => {
  test.each([["Bearer KEY-wrong"], ["KEY0000-patchcord-twin"], [""]])(
    "%j is answered with 401 and Telnyx's envelope",
    async (authorization) => {
      const { call } = await start();
      const { status, body } = await call("GET", CONVERSATIONS, undefined, { authorization });
      expect(status).toBe(401);
      expect(body.errors[0]).toMatchObject({ code: "10009", title: "Authentication failed" });
    },
  );

  test("stands for an organization, which sees nothing of another's", async () => {
    const { twin, call, conversation } = await start({
      keys: { KEYa: "org-a", KEYb: "org-b", KEYc: "org-a" },
    });
    const id = await conversation({ name: "ours" });
    const [other, sibling] = [clientOf(twin, "KEYb"), clientOf(twin, "KEYc")];
    for (const [method, path] of [
      ["GET", `${CONVERSATIONS}/${id}`],
      ["PUT", `${CONVERSATIONS}/${id}`],
      ["DELETE", `${CONVERSATIONS}/${id}`],
      ["GET", `${CONVERSATIONS}/${id}/messages`],
      ["POST", `${CONVERSATIONS}/${id}/message`],
    ] as const)
      expect((await other.call(method, path, method === "GET" ? undefined : { role: "user" })).status).toBe(
        404,
      );
    expect((await other.respond("hi", { conversation: id })).status).toBe(404);
    expect((await other.call("GET", CONVERSATIONS)).body.data).toEqual([]);
    expect((await sibling.call("GET", CONVERSATIONS)).body.data).toHaveLength(1);
    expect((await call("GET", `${CONVERSATIONS}/${id}`)).body.data.name).toBe("ours");
    expect(twin.state.messages(id)).toEqual([]);
  });
});

describe("paths", () => {
  test("that do not exist are 404, and a method that does not is 405", async () => {
    const { call } = await start();
    expect((await call("GET", "/ai/nothing")).body.errors[0].code).toBe("10005");
    expect((await call("POST", `${CONVERSATIONS}/${UNKNOWN}/messages`, { role: "user" })).status).toBe(405);
    expect((await call("GET", `${CONVERSATIONS}/${UNKNOWN}/message`)).status).toBe(405);
    expect((await call("PATCH", `${CONVERSATIONS}/${UNKNOWN}`, {})).status).toBe(405);
  });

  test("all carry a request id of their own", async () => {
    const { call } = await start();
    const ids = new Set<string | null>();
    for (const path of [CONVERSATIONS, "/ai/nothing", "/ai/openai/models"])
      ids.add((await call("GET", path)).headers.get("x-request-id"));
    expect(ids.size).toBe(3);
    expect(ids).not.toContain(null);
  });

  test("of the deprecated model list answer as the new one does", async () => {
    const { call } = await start();
    expect((await call("GET", "/ai/models")).body).toEqual((await call("GET", "/ai/openai/models")).body);
  });
});

describe("create", () => {
  test("answers 200 with the conversation in `data`, with what Telnyx adds", async () => {
    const { call } = await start();
    const { status, body } = await call("POST", CONVERSATIONS, { name: "n", metadata: { channel_id: "C1" } });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "n",
      metadata: { channel_id: "C1", telnyx_conversation_channel: "web_chat" },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      last_message_at: body.data.created_at,
    });
    expect(body.data).toHaveProperty("retention_in_hours");
  });

  test("answers without `data` when switched to what is documented", async () => {
    const { call } = await start({ switches: { createEnvelope: "unwrapped" } });
    const { body } = await call("POST", CONVERSATIONS, {});
    expect(body.data).toBeUndefined();
    expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["a number in the metadata", { metadata: { n: 1 } }, ["body", "metadata", "n"]],
    ["a list as metadata", { metadata: [] }, ["body", "metadata"]],
    ["a number as name", { name: 1 }, ["body", "name"]],
    ["no JSON", "{", ["body", 0]],
    ["a JSON list", "[]", ["body"]],
    ["no body", "", ["body"]],
    [
      "17 pairs",
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, ""])) },
      ["body", "metadata"],
    ],
    ["a value of 513 characters", { metadata: { k: "x".repeat(513) } }, ["body", "metadata"]],
    ["a key of 65 characters", { metadata: { ["k".repeat(65)]: "" } }, ["body", "metadata"]],
  ])("refuses %s with 422 and where it is", async (_what, body, loc) => {
    const { call, twin } = await start();
    const reply = await call("POST", CONVERSATIONS, body);
    expect(reply.status).toBe(422);
    expect(reply.body.detail[0].loc).toEqual(loc);
    expect(twin.state.conversations()).toEqual([]);
  });

  test("refuses another content type than JSON", async () => {
    const { call } = await start();
    expect((await call("POST", CONVERSATIONS, {}, { "content-type": "text/plain" })).status).toBe(422);
    expect(
      (await call("POST", CONVERSATIONS, {}, { "content-type": "application/json; charset=utf-8" })).status,
    ).toBe(200);
  });

  test("takes metadata of any size when switched to no limits", async () => {
    const { call } = await start({ switches: { metadataLimits: "none" } });
    expect((await call("POST", CONVERSATIONS, { metadata: { k: "x".repeat(5000) } })).status).toBe(200);
  });
});

describe("retrieve, update, delete", () => {
  test("read, change and remove one conversation", async () => {
    const { call, conversation } = await start();
    const id = await conversation({ name: "n", metadata: { a: "1" } });
    const path = `${CONVERSATIONS}/${id}`;
    expect((await call("GET", path)).body.data).toMatchObject({ id, name: "n" });
    expect((await call("PUT", path, { name: "ignored" })).body.data).toMatchObject({
      name: "n",
      metadata: { a: "1" },
    });
    const updated = await call("PUT", path, { name: "ignored", metadata: { a: "2", b: "3" } });
    expect(updated.body.data).toMatchObject({ id, name: "n", metadata: { a: "2", b: "3" } });
    const deleted = await call("DELETE", path);
    expect([deleted.status, deleted.text]).toEqual([200, ""]);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
  });

  test("an update drops the keys that it leaves out, or keeps them, as switched", async () => {
    const { call, conversation, twin } = await start();
    const path = `${CONVERSATIONS}/${await conversation({ metadata: { a: "1", b: "1" } })}`;
    expect((await call("PUT", path, { metadata: { b: "2" } })).body.data.metadata).toEqual({ b: "2" });
    twin.switches.updateMetadata = "merge";
    expect((await call("PUT", path, { metadata: { c: "3" } })).body.data.metadata).toEqual({
      b: "2",
      c: "3",
    });
    expect((await call("PUT", path, { metadata: { c: 3 } })).status).toBe(422);
  });

  test.each([
    ["telnyx", (body: { errors?: { code: string }[] }) => body.errors![0]!.code === "10005"],
    ["detail", (body: { detail?: string }) => body.detail === "Conversation Not Found"],
    ["empty", (body: unknown) => body === undefined],
  ] as const)("an unknown id is 404 in the form %s", async (notFoundShape, isForm) => {
    const { call } = await start({ switches: { notFoundShape } });
    const { status, body } = await call("GET", `${CONVERSATIONS}/${UNKNOWN}`);
    expect(status).toBe(404);
    expect(isForm(body)).toBe(true);
  });

  test("an id that is no UUID is 422, and case does not matter", async () => {
    const { call, conversation } = await start();
    const { status, body } = await call("GET", `${CONVERSATIONS}/no-uuid`);
    expect([status, body.detail[0].loc]).toEqual([422, ["path", "conversation_id"]]);
    expect((await call("GET", `${CONVERSATIONS}/${(await conversation()).toUpperCase()}`)).status).toBe(200);
  });
});

describe("faults on any request", () => {
  test("by name in a header, without a word to the twin", async () => {
    const { call } = await start();
    const reply = await call("GET", CONVERSATIONS, undefined, { "x-twin-fault": "disabled" });
    expect([reply.status, reply.body.errors[0].detail]).toEqual([403, "Account is disabled D17"]);
    expect((await call("GET", CONVERSATIONS)).status).toBe(200);
  });

  test("refusals are Telnyx's, with a page of HTML at 502 and nothing at 504", async () => {
    const { call, twin } = await start();
    const seen: unknown[] = [];
    for (const name of ["rate_limited", "bad_gateway", "gateway_timeout"] as const) {
      twin.inject({
        matches: ({ path }) => path === "/v2/ai/conversations",
        times: 1,
        effect: refusal(name),
      });
      const { status, headers, text } = await call("GET", CONVERSATIONS);
      seen.push([status, headers.get("content-type"), text.slice(0, 17)]);
    }
    expect(seen).toEqual([
      [429, "application/json", '{"errors":[{"code'],
      [502, "text/html", "<html>\r\n<head><ti"],
      [504, null, ""],
    ]);
  });

  test("a swallowed create has created: only its answer is lost", async () => {
    const { call, twin } = await start();
    twin.inject({ matches: ({ method }) => method === "POST", times: 1, effect: { kind: "swallow" } });
    await expect(call("POST", CONVERSATIONS, { name: "made" })).rejects.toThrow();
    expect(twin.state.conversations()).toMatchObject([{ name: "made" }]);
  });
});

describe("the state", () => {
  test("is open to tests, which may change it behind the API's back", async () => {
    const { call, twin } = await start();
    const { id } = twin.state.addConversation({ name: "planted", metadata: { k: "v" } });
    twin.state.addMessages(id, [{ role: "user", text: "planted too" }]);
    expect((await call("GET", `${CONVERSATIONS}/${id}/messages`)).body.data).toMatchObject([
      { text: "planted too" },
    ]);
    expect(twin.state.deleteConversation(id)).toBe(true);
    expect((await call("GET", `${CONVERSATIONS}/${id}`)).status).toBe(404);
  });

  test("a reset forgets what was recorded and what was to fail, and keeps conversations", async () => {
    const { call, twin, conversation, stream } = await start();
    const id = await conversation();
    twin.inject({ matches: () => true, times: 1, effect: refusal("server_error") });
    twin.injectStream({ faults: [{ kind: "empty" }] });
    twin.reset();
    expect(twin.requests).toHaveLength(0);
    expect((await call("GET", `${CONVERSATIONS}/${id}`)).status).toBe(200);
    expect((await stream("hello")).events.at(-1)!["response"].output).toHaveLength(1);
  });
});
