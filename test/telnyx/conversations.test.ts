import { describe, expect, test } from "vitest";
import {
  createConversation,
  deleteConversation,
  getConversation,
  updateConversation,
} from "../../src/telnyx/conversations.ts";
import { listModels } from "../../src/telnyx/models.ts";
import { fakeApi } from "./api.ts";

const ID = "6a09cdc3-8948-47f0-aa62-74ac943d6c58";
const wireConversation = {
  id: ID,
  created_at: "2026-11-22T10:00:00Z",
  last_message_at: "2026-11-22T10:00:00Z",
  name: "",
  metadata: { app: "patchcord", called_tools: ["x"] },
  retention_in_hours: 24,
};
const conversation = {
  id: ID,
  createdAt: "2026-11-22T10:00:00Z",
  lastMessageAt: "2026-11-22T10:00:00Z",
  name: "",
  metadata: { app: "patchcord", called_tools: ["x"] },
};

describe("createConversation", () => {
  test.each([
    ["wrapped", { data: wireConversation }],
    ["bare", wireConversation],
  ])("reads a conversation that comes %s", async (_, answer) => {
    const api = fakeApi(() => answer);
    const body = { name: "n", metadata: { b: "2", a: "1" } };
    expect(await createConversation(api, body, "key-1")).toEqual(conversation);
    expect(api.calls).toMatchObject([
      {
        method: "POST",
        path: "/ai/conversations",
        idempotencyKey: "key-1",
        body: '{"name":"n","metadata":{"b":"2","a":"1"}}',
      },
    ]);
  });

  test("needs no more than an id", async () => {
    const api = fakeApi(() => ({ data: { id: ID, metadata: null, name: 7 } }));
    expect(await createConversation(api, {}, "k")).toEqual({ id: ID, createdAt: "", metadata: {} });
    expect(api.calls[0]!.body).toBe("{}");
  });

  test.each([
    [undefined],
    [{}],
    [{ data: [wireConversation] }],
    [{ data: { ...wireConversation, id: undefined } }],
    [{ data: { ...wireConversation, id: "conv_1" } }],
    [{ data: { ...wireConversation, id: `${ID}0` } }],
    [{ data: { ...wireConversation, id: 7 } }],
  ])("fails loudly for %j", async (answer) => {
    await expect(
      createConversation(
        fakeApi(() => answer),
        {},
        "k",
      ),
    ).rejects.toMatchObject({
      code: "telnyx_unreadable",
      reached: "unknown",
    });
  });
});

describe("the other calls", () => {
  test("read, and delete, by an encoded id", async () => {
    const api = fakeApi(() => ({ data: wireConversation }));
    expect(await getConversation(api, ID)).toEqual(conversation);
    await deleteConversation(api, "a/b?c");
    expect(api.calls).toMatchObject([
      { method: "GET", path: `/ai/conversations/${ID}`, notFound: "conversation_gone" },
      {
        method: "DELETE",
        path: "/ai/conversations/a%2Fb%3Fc",
        notFound: "conversation_gone",
        goneIsDone: true,
      },
    ]);
    await expect(
      getConversation(
        fakeApi(() => ({})),
        ID,
      ),
    ).rejects.toMatchObject({ code: "telnyx_unreadable" });
  });

  test("updating writes the whole map: what was there, as strings, under what is new", async () => {
    const metadata = { app: "patchcord", called_tools: ["x"], count: 3, none: null, channel_name: "old" };
    const api = fakeApi(({ method }) => ({
      data: { ...wireConversation, metadata: method === "GET" ? metadata : { as: "stored" } },
    }));
    const updated = await updateConversation(api, ID, { channel_name: "new", more: "" });
    expect(updated.metadata).toEqual({ as: "stored" });
    expect(api.calls.map(({ method }) => method)).toEqual(["GET", "PUT"]);
    expect(JSON.parse(api.calls[1]!.body!)).toEqual({
      metadata: { app: "patchcord", called_tools: '["x"]', count: "3", channel_name: "new", more: "" },
    });
  });
});

describe("listModels", () => {
  test("reads what is there, and leaves out what has no id", async () => {
    const data = [
      {
        id: "moonshotai/Kimi-K2.6",
        task: "text-generation",
        context_length: 262144,
        recommended_for_assistants: true,
      },
      { id: "thenlper/gte-large", task: "feature-extraction", context_length: "many" },
      { id: "bare" },
      { task: "text-generation" },
      null,
    ];
    expect(await listModels(fakeApi(() => ({ object: "list", data })))).toEqual([
      { id: "moonshotai/Kimi-K2.6", task: "text-generation", contextLength: 262144, recommended: true },
      { id: "thenlper/gte-large", task: "feature-extraction", recommended: false },
      { id: "bare", task: "text-generation", recommended: false },
    ]);
    await expect(listModels(fakeApi(() => []))).rejects.toMatchObject({ code: "telnyx_unreadable" });
  });

  const dollars = { currency: "USD", unit: "1M_tokens" };
  test.each([
    [
      { ...dollars, prompt: "0.300000", cached_prompt: "0.06", completion: "1.2" },
      { prompt: 0.3, cachedPrompt: 0.06, completion: 1.2 },
    ],
    [
      { ...dollars, prompt: 0, cached_prompt: null, completion: "0" },
      { prompt: 0, completion: 0 },
    ],
    [{ ...dollars, prompt: "", completion: "1" }, undefined],
    [{ ...dollars, prompt: "free", completion: "1" }, undefined],
    [{ ...dollars, prompt: "-1", completion: "1" }, undefined],
    [{ ...dollars, currency: "EUR", prompt: "1", completion: "1" }, undefined],
    [{ ...dollars, unit: "1K_tokens", prompt: "1", completion: "1" }, undefined],
    ["0.30", undefined],
  ])("takes %j for the price %j", async (pricing, price) => {
    const [model] = await listModels(fakeApi(() => ({ data: [{ id: "m", pricing }] })));
    expect(model?.price).toEqual(price);
  });
});
