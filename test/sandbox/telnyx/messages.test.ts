import { describe, expect, test } from "vitest";
import { start, type Client } from "./client.ts";

interface Shown {
  readonly role: string;
  readonly text: string | null;
  readonly created_at: string;
  readonly sent_at: string;
}

async function opened(options = {}): Promise<Client & { id: string }> {
  const client = await start(options);
  return { ...client, id: await client.conversation() };
}

const add = ({ call, id }: Client & { id: string }, body: unknown) =>
  call("POST", `/ai/conversations/${id}/message`, body);
const read = async ({ call, id }: Client & { id: string }, query = "") =>
  (await call("GET", `/ai/conversations/${id}/messages${query}`)).body as { data: Shown[]; meta: object };

describe("create message", () => {
  test("answers 200 with nothing, or with an empty object when switched", async () => {
    const client = await opened();
    const first = await add(client, { role: "user", content: "hello" });
    expect([first.status, first.text]).toEqual([200, ""]);
    client.twin.switches.messageCreated = "object";
    expect((await add(client, { role: "user" })).text).toBe("{}");
  });

  test("keeps role, text, time and metadata, which are read back under other names, without an id", async () => {
    const client = await opened();
    await add(client, {
      role: "system",
      content: "be kind",
      name: "ops",
      sent_at: "2024-01-23T18:10:02.574Z",
      metadata: { a: "1", b: 2, c: true, d: ["x", 1] },
    });
    const { data } = await read(client);
    expect(data[0]).toEqual({
      role: "system",
      text: "be kind",
      sent_at: "2024-01-23T18:10:02.574Z",
      created_at: expect.stringMatching(/^20/),
      metadata: { a: "1", b: 2, c: true, d: ["x", 1] },
    });
    expect(data[0]!.created_at).not.toBe(data[0]!.sent_at);
  });

  test("moves the conversation's last_message_at", async () => {
    const client = await opened();
    await add(client, { role: "user", content: "hello" });
    const { body } = await client.call("GET", `/ai/conversations/${client.id}`);
    expect(body.data.last_message_at).toBe((await read(client)).data[0]!.created_at);
  });

  test.each([
    ["no role", { content: "x" }, ["body", "role"]],
    ["parts as content", { role: "user", content: [] }, ["body", "content"]],
    ["no date", { role: "user", sent_at: "soon" }, ["body", "sent_at"]],
    ["an object in the metadata", { role: "user", metadata: { k: {} } }, ["body", "metadata", "k"]],
    ["tool calls that are none", { role: "assistant", tool_calls: ["x"] }, ["body", "tool_calls", 0]],
  ])("refuses %s with 422", async (_what, body, loc) => {
    const client = await opened();
    const reply = await add(client, body);
    expect([reply.status, reply.body.detail[0].loc]).toEqual([422, loc]);
    expect((await read(client)).data).toEqual([]);
  });

  test("on an unknown conversation is 404, on none 422", async () => {
    const { call } = await start();
    const path = (id: string) => `/ai/conversations/${id}/message`;
    expect((await call("POST", path("3fa85f64-5717-4562-b3fc-2c963f66afa6"), { role: "user" })).status).toBe(
      404,
    );
    expect((await call("POST", path("x"), { role: "user" })).status).toBe(422);
  });
});

describe("get messages", () => {
  const fill = async (count: number, options = {}) => {
    const client = await opened(options);
    const messages = Array.from({ length: count }, (_, n) => ({ role: "user", text: `m${n}` }));
    client.twin.state.addMessages(client.id, messages);
    return client;
  };

  test("pages by page[size] and page[number], 20 unless asked, with an honest meta", async () => {
    const client = await fill(45);
    expect((await read(client)).meta).toEqual({
      total_pages: 3,
      total_results: 45,
      page_number: 1,
      page_size: 20,
    });
    const pages = [1, 2, 3, 4].map(
      async (n) => (await read(client, `?page%5Bsize%5D=15&page[number]=${n}`)).data,
    );
    const texts = (await Promise.all(pages)).map((page) => page.map(({ text }) => text));
    expect(texts.map((page) => page.length)).toEqual([15, 15, 15, 0]);
    expect(new Set(texts.flat()).size).toBe(45);
  });

  test.each(["page[size]=0", "page[size]=101", "page[size]=x", "page[number]=0"])(
    "refuses %s",
    async (query) => {
      const client = await fill(1);
      const reply = await client.call("GET", `/ai/conversations/${client.id}/messages?${query}`);
      expect([reply.status, reply.body.detail[0].loc[0]]).toEqual([422, "query"]);
    },
  );

  test("come in an order that is none, the same each time; or newest or oldest first, as switched", async () => {
    const client = await fill(12);
    const texts = async () => (await read(client)).data.map(({ text }) => text);
    const sent = Array.from({ length: 12 }, (_, n) => `m${n}`);
    const shuffled = await texts();
    expect(new Set(shuffled)).toEqual(new Set(sent));
    expect(shuffled).not.toEqual(sent);
    expect(shuffled).not.toEqual(sent.toReversed());
    expect(await texts()).toEqual(shuffled);
    client.twin.switches.messageOrder = "newest_first";
    expect(await texts()).toEqual(sent.toReversed());
    client.twin.switches.messageOrder = "oldest_first";
    expect(await texts()).toEqual(sent);
  });

  test("sorted by time they are in the order in which they were added, also within a millisecond", async () => {
    const { data } = await read(await fill(19));
    const sorted = data.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
    expect(sorted.map(({ text }) => text)).toEqual(Array.from({ length: 19 }, (_, n) => `m${n}`));
    expect(new Set(data.map(({ created_at }) => created_at)).size).toBe(19);
  });

  test("have no metadata when switched to the older form", async () => {
    const client = await fill(1, { switches: { messageMetadata: "absent" } });
    expect((await read(client)).data[0]).not.toHaveProperty("metadata");
  });

  test("tool calls have no text, and reasoning is hidden unless switched on", async () => {
    const client = await opened({
      script: () => [
        { kind: "reasoning", text: "hmm" },
        { kind: "call", name: "f", arguments: "{}", callId: "call_1" },
      ],
    });
    await client.respond("hi", { conversation: client.id });
    client.twin.switches.messageOrder = "oldest_first";
    expect((await read(client)).data).toMatchObject([
      { role: "user", text: "hi" },
      {
        role: "assistant",
        text: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: "{}" } }],
      },
    ]);
    client.twin.switches.storedReasoning = "shown";
    expect((await read(client)).data[1]).toMatchObject({ role: "reasoning", text: "hmm" });
  });
});
