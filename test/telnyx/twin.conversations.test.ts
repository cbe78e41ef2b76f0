import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { TwinRequest } from "../../src/sandbox/server.ts";
import { refusal } from "../../src/sandbox/telnyx/refusal.ts";
import type { Filter } from "../../src/telnyx/telnyx.ts";
import { fakeClock } from "../fakes/clock.ts";
import { collect, settle } from "./server.ts";
import { startOnTwin } from "./twin.ts";

const posts = ({ method }: TwinRequest) => method === "POST";

describe("a conversation", () => {
  test.each([
    ["wrapped", "replace", "telnyx"],
    ["unwrapped", "merge", "detail"],
    ["wrapped", "replace", "empty"],
  ] as const)(
    "is created (%s), read, updated (%s), deleted and gone (%s)",
    async (createEnvelope, updateMetadata, notFoundShape) => {
      await using on = await startOnTwin({ switches: { createEnvelope, updateMetadata, notFoundShape } });
      const { telnyx, twin } = on;
      const metadata = { app: "patchcord", channel_name: "général" };
      const { id } = await telnyx.createConversation({ name: "n", metadata }, randomUUID());
      expect(await telnyx.getConversation(id)).toMatchObject({ id, name: "n", metadata });
      const updated = await telnyx.updateConversation(id, { channel_name: "new" });
      expect(updated.metadata).toMatchObject({ app: "patchcord", channel_name: "new" });
      expect(twin.state.conversation(id)!.metadata).toMatchObject({ app: "patchcord", channel_name: "new" });
      await telnyx.deleteConversation(id);
      for (const call of [
        telnyx.getConversation(id),
        telnyx.updateConversation(id, {}),
        telnyx.deleteConversation(id),
        telnyx.getMessages(id),
        telnyx.addMessage(id, { role: "user", content: "x" }, randomUUID()),
      ]) {
        await expect(call).rejects.toMatchObject({
          status: 404,
          reason: "conversation_gone",
          reached: "refused",
        });
      }
    },
  );

  test("is created once, also when the answer is lost", async () => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: posts, times: 1, effect: { kind: "swallow" } });
    const { id } = await settle(on.clock, on.telnyx.createConversation({ name: "n" }, randomUUID()));
    expect(on.twin.state.conversations().map((one) => one.id)).toEqual([id]);
    expect(on.twin.requests).toHaveLength(2);
  });

  test("is created once by two calls with one key at the same time", async () => {
    const clock = fakeClock();
    await using on = await startOnTwin({ clock, switches: { writeLatencyMs: 20 } }, clock);
    const key = randomUUID();
    const both = [1, 2].map(() => on.telnyx.createConversation({ name: "n" }, key));
    const [a, b] = await settle(on.clock, Promise.all(both));
    expect(a!.id).toBe(b!.id);
    expect(on.twin.state.conversations()).toHaveLength(1);
  });

  test("is refused for a key that was used for something else", async () => {
    await using on = await startOnTwin();
    const key = randomUUID();
    await on.telnyx.createConversation({ name: "a" }, key);
    await expect(on.telnyx.createConversation({ name: "b" }, key)).rejects.toMatchObject({
      status: 422,
      reason: "rejected",
    });
  });

  test("is not there for another organization", async () => {
    await using on = await startOnTwin({ keys: { "KEY-one": "one", "KEY-two": "two" } });
    const { id } = on.twin.state.addConversation({ organization: "two" });
    await expect(on.telnyx.getConversation(id)).rejects.toMatchObject({ reason: "conversation_gone" });
  });
});

describe("messages", () => {
  test.each(["shuffled", "newest_first", "oldest_first"] as const)(
    "come all, oldest first, from a %s list",
    async (messageOrder) => {
      await using on = await startOnTwin({ switches: { messageOrder } });
      const { id } = on.twin.state.addConversation();
      const texts = Array.from({ length: 230 }, (_, i) => `m${i}`);
      on.twin.state.addMessages(
        id,
        texts.map((text) => ({ role: "user", text })),
      );
      expect((await on.telnyx.getMessages(id)).map(({ text }) => text)).toEqual(texts);
    },
  );

  test("are added once, also when the answer is lost, with who and when", async () => {
    await using on = await startOnTwin();
    const { id } = on.twin.state.addConversation();
    on.twin.inject({ matches: posts, times: 1, effect: { kind: "swallow" } });
    const message = {
      role: "user",
      content: "hi",
      name: "Ann",
      sentAt: "2026-01-02T03:04:05.000Z",
      metadata: { key: "k", n: 1 },
    } as const;
    await settle(on.clock, on.telnyx.addMessage(id, message, randomUUID()));
    expect(await on.telnyx.getMessages(id)).toEqual([
      { role: "user", text: "hi", sentAt: "2026-01-02T03:04:05.000Z", metadata: { key: "k", n: 1 } },
    ]);
    expect(on.twin.state.messages(id)).toHaveLength(1);
  });
});

describe("the list", () => {
  const odd = 'a,b "c" (d)\\ +é&=%';

  test.each<[Filter, string[]]>([
    [{ column: "metadata->k", operator: "eq", value: odd }, ["odd"]],
    [{ column: "metadata->k", operator: "neq", value: odd }, ["one", "two"]],
    [{ column: "metadata->k", operator: "not.eq", value: "1" }, ["odd", "two"]],
    [{ column: "metadata->k", operator: "in", value: "(1,2)" }, ["one", "two"]],
    [{ column: "name", operator: "like", value: "o%" }, ["odd", "one"]],
    [{ column: "name", operator: "ilike", value: "T%" }, ["two"]],
    [{ column: "name", operator: "not.like", value: "o%" }, ["none", "two"]],
    [{ column: "metadata->k", operator: "is", value: "null" }, ["none"]],
    [{ column: "metadata->k", operator: "not.is", value: "null" }, ["odd", "one", "two"]],
    [{ column: "created_at", operator: "gt", value: "2026-01-02T00:00:00Z" }, ["odd", "two"]],
    [{ column: "created_at", operator: "lte", value: "2026-01-02T00:00:00Z" }, ["none", "one"]],
  ])("filters by %j, alone and among alternatives", async (filter, names) => {
    await using on = await startOnTwin();
    const rows: [string, string | undefined][] = [
      ["none", undefined],
      ["one", "1"],
      ["odd", odd],
      ["two", "2"],
    ];
    rows.forEach(([name, k], i) => {
      const metadata = k === undefined ? {} : { k };
      on.twin.state.addConversation({ name, metadata, createdAt: `2026-01-0${i + 1}T00:00:00.000Z` });
    });
    const found = async (query: object) =>
      (await collect(on.telnyx.listConversations(query))).map(({ name }) => String(name)).toSorted();
    expect(await found({ where: [filter] })).toEqual(names);
    expect(await found({ or: [filter, { column: "name", operator: "eq", value: "nobody" }] })).toEqual(names);
    expect(
      await found({ where: [filter], or: [{ column: "name", operator: "eq", value: names[0]! }] }),
    ).toEqual([names[0]]);
  });

  test.each(["asc", "desc"] as const)(
    "comes whole and in order, %s, from a server that caps it",
    async (direction) => {
      await using on = await startOnTwin({ switches: { listCap: 20 } });
      const times = Array.from({ length: 75 }, (_, i) =>
        new Date(Date.UTC(2026, 0, 1) + Math.floor(i / 3)).toISOString(),
      );
      for (const createdAt of times) on.twin.state.addConversation({ createdAt });
      const rows = await collect(on.telnyx.listConversations({ order: { by: "created_at", direction } }));
      expect(rows.map(({ createdAt }) => createdAt)).toEqual(
        direction === "asc" ? times : times.toReversed(),
      );
      expect(new Set(rows.map(({ id }) => id)).size).toBe(75);
    },
  );
});

describe("refusals and accidents", () => {
  test("models are listed, embeddings among them", async () => {
    await using on = await startOnTwin();
    const models = await on.telnyx.listModels();
    expect(models.find(({ id }) => id === "zai-org/GLM-5.3")).toEqual({
      id: "zai-org/GLM-5.3",
      task: "text-generation",
      contextLength: 202_752,
      recommended: true,
      price: { prompt: 0.3, cachedPrompt: 0.06, completion: 1.2 },
    });
    expect(models.some(({ task }) => task === "feature-extraction")).toBe(true);
  });

  test.each([
    ["unauthorized", "account", "not accepted"],
    ["forbidden", "account", "empty balance"],
    ["disabled", "account", "D17"],
    ["inactive", "account", "out of funds"],
    ["bad_request", "rejected", "Bad request"],
    ["unprocessable", "rejected", "10027"],
  ] as const)("%s is %s, at once", async (name, reason, words) => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: () => true, times: 9, effect: refusal(name) });
    await expect(on.telnyx.listModels()).rejects.toMatchObject({
      reason,
      requestId: undefined,
      message: expect.stringContaining(words) as string,
    });
    expect(on.twin.requests).toHaveLength(1);
  });

  test.each([
    "timeout",
    "conflict",
    "rate_limited",
    "server_error",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
  ] as const)("%s passes", async (name) => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: () => true, times: 2, effect: refusal(name) });
    expect(await settle(on.clock, on.telnyx.listModels())).not.toHaveLength(0);
    expect(on.twin.requests).toHaveLength(3);
  });

  test("a wrong key is refused by the twin itself, with the request's id", async () => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: () => true, times: 1, effect: { kind: "cut" } });
    expect(await settle(on.clock, on.telnyx.listModels())).not.toHaveLength(0);
    await expect(on.telnyx.getConversation("no-uuid")).rejects.toMatchObject({
      status: 422,
      requestId: expect.any(String) as string,
    });
  });
});
