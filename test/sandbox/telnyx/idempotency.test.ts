import { describe, expect, test } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { clientOf, eventually, start } from "./client.ts";

const KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";
const key = (value = KEY) => ({ "idempotency-key": value });
const PATH = "/ai/conversations";

describe("an idempotency key", () => {
  test("replays the first answer to the same request, and does the work once", async () => {
    const { call, twin } = await start();
    const first = await call("POST", PATH, { name: "n" }, key());
    const again = await call("POST", PATH, { name: "n" }, key());
    expect(again.body).toEqual(first.body);
    expect(twin.state.conversations()).toHaveLength(1);
  });

  test("replays an answer that was lost on its way", async () => {
    const { call, twin } = await start();
    twin.inject({ matches: () => true, times: 1, effect: { kind: "swallow" } });
    await expect(call("POST", PATH, {}, key())).rejects.toThrow();
    const { body } = await call("POST", PATH, {}, key());
    expect(twin.state.conversations().map(({ id }) => id)).toEqual([body.data.id]);
  });

  test("makes a message one message", async () => {
    const { call, twin, conversation } = await start();
    const id = await conversation();
    for (const _ of [1, 2, 3])
      await call("POST", `${PATH}/${id}/message`, { role: "user", content: "hi" }, key());
    expect(twin.state.messages(id)).toHaveLength(1);
  });

  test("with another body, byte for byte, is 422", async () => {
    const { call, twin } = await start();
    await call("POST", PATH, '{"name":"n"}', key());
    expect((await call("POST", PATH, '{"name": "n"}', key())).status).toBe(422);
    expect(twin.state.conversations()).toHaveLength(1);
  });

  test("that is in use is 409", async () => {
    const clock = fakeClock();
    const { call, twin } = await start({ clock, switches: { writeLatencyMs: 1_000 } });
    const first = call("POST", PATH, {}, key());
    await eventually(() => clock.sleeping()).toBe(1);
    expect((await call("POST", PATH, {}, key())).status).toBe(409);
    await clock.advance(1_000);
    expect((await first).status).toBe(200);
    expect(twin.state.conversations()).toHaveLength(1);
  });

  test.each([["a:b"], ["ä"], [" "], ["x".repeat(256)], ["one, two"]])(
    "%j is 400 with code 10015",
    async (value) => {
      const { call, twin } = await start();
      const { status, body } = await call("POST", PATH, {}, key(value));
      expect([status, body.errors[0].code]).toEqual([400, "10015"]);
      expect(twin.state.conversations()).toEqual([]);
    },
  );

  test("of a request that was refused is free again", async () => {
    const { call } = await start();
    expect((await call("POST", PATH, { name: 1 }, key())).status).toBe(422);
    expect((await call("POST", PATH, { name: "1" }, key())).status).toBe(200);
  });

  test("is forgotten after a day", async () => {
    const clock = fakeClock();
    const { call, twin } = await start({ clock });
    await call("POST", PATH, {}, key());
    await clock.advance(24 * 3600 * 1000 - 1);
    await call("POST", PATH, {}, key());
    expect(twin.state.conversations()).toHaveLength(1);
    await clock.advance(1);
    await call("POST", PATH, {}, key());
    expect(twin.state.conversations()).toHaveLength(2);
  });

  test("belongs to one organization and one path", async () => {
    const { call, twin, conversation } = await start({
      keys: { KEYa: "org-a", KEYb: "org-b", KEYc: "org-a" },
    });
    const id = await conversation();
    await call("POST", PATH, {}, key());
    await clientOf(twin, "KEYc").call("POST", PATH, {}, key());
    expect(twin.state.conversations()).toHaveLength(2);
    await clientOf(twin, "KEYb").call("POST", PATH, {}, key());
    expect(twin.state.conversations()).toHaveLength(3);
    expect((await call("POST", `${PATH}/${id}/message`, { role: "user" }, key())).status).toBe(200);
  });

  test("is nothing to the Responses endpoint, where a repeat is a second turn", async () => {
    const { call, conversation, twin } = await start();
    const conversationId = await conversation();
    const body = { model: "zai-org/GLM-5.3", input: "hi", conversation: conversationId };
    for (const _ of [1, 2]) await call("POST", "/ai/openai/responses", body, key());
    expect(twin.state.messages(conversationId)).toHaveLength(4);
  });
});
