import { describe, expect, test } from "vitest";
import { collect, json, settle, sse, startPair, type Script } from "./server.ts";
import { until } from "../eventually.ts";
import { messageItem, textTurn, wire } from "./wire.ts";

const CONVERSATION = "6a09cdc3-8948-47f0-aa62-74ac943d6c58";
const request = {
  model: "org/model",
  conversation: CONVERSATION,
  input: [{ role: "user", content: [{ type: "input_text", text: "Hello" }] }],
} as const;
const turn = textTurn(["Hel", "lo"]);

const refusal =
  (status: number, body: unknown = {}, headers = {}): Script =>
  (_, response) =>
    json(response, body, status, headers);
const stream =
  (text: string, then: (response: Parameters<Script>[1]) => void): Script =>
  (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(text, () => then(response));
  };

/** A Telnyx with this answer to the Responses call, one model and, perhaps, the conversation. */
function world(respond: Script, { there = true, models = ["org/model"], metadata = {} } = {}): Script {
  return (seen, response) => {
    if (seen.path === "/ai/openai/responses") return respond(seen, response);
    if (seen.path === "/ai/openai/models") return json(response, { data: models.map((id) => ({ id })) });
    if (!there) return json(response, { errors: [{ code: "10005", title: "Not found" }] }, 404);
    return json(response, { data: { id: CONVERSATION, created_at: "2026-01-01T00:00:00Z", metadata } });
  };
}

const limits = { headersMs: 2_000, silenceMs: 2_000, totalMs: 20_000 };

async function respond(script: Script) {
  await using pair = await startPair(script, { limits });
  const events = await settle(pair.clock, collect(pair.telnyx.respond(request)));
  const posts = pair.server.requests.filter(({ path }) => path === "/ai/openai/responses");
  return { last: events.at(-1), posts: posts.length, asked: pair.server.requests.length - posts.length };
}

describe("a Responses request that may have reached the server is sent once", () => {
  test.each<[string, Script, string, string]>([
    ["reset before the answer", (_, response) => void response.socket!.resetAndDestroy(), "cut", "unknown"],
    ["hung up on", (_, response) => void response.socket!.end(), "cut", "unknown"],
    ["not answered", () => {}, "timeout", "unknown"],
    [
      "answered with what is not HTTP",
      (_, response) => void response.socket!.end("oops\r\n\r\n"),
      "cut",
      "unknown",
    ],
    [
      "cut in the stream",
      stream(wire(turn.slice(0, 4)), (response) => response.socket!.resetAndDestroy()),
      "cut",
      "unknown",
    ],
    ["silent in the stream", stream(wire(turn.slice(0, 4)), () => {}), "timeout", "unknown"],
    [
      "ended without a terminal event",
      stream(wire(turn.slice(0, -1)), (response) => response.end()),
      "cut",
      "unknown",
    ],
    ["ended at once", stream("\n", (response) => response.end()), "cut", "unknown"],
    ["broken within an event", stream('data: {"typ\n\n', (response) => response.end()), "cut", "unknown"],
    [
      "failed in the stream",
      stream('event: error\ndata: {"code":"rate_limit_exceeded"}\n\n', (response) => response.end()),
      "rate_limited",
      "unknown",
    ],
    [
      "failed by the model",
      stream(wire([{ type: "response.failed", response: { error: { code: "server_error" } } }]), (response) =>
        response.end(),
      ),
      "model_error",
      "unknown",
    ],
    [
      "empty",
      stream(wire([{ type: "response.completed", response: { output: [] } }]), (response) => response.end()),
      "empty",
      "unknown",
    ],
    ["answered with HTML", (_, response) => void response.end("<html>hm</html>"), "cut", "unknown"],
    [
      "answered with half a JSON",
      (_, response) => void response.setHeader("content-type", "application/json").end('{"output":'),
      "cut",
      "unknown",
    ],
    ["302", refusal(302, {}, { location: "/elsewhere" }), "rejected", "refused"],
    ["400", refusal(400), "rejected", "refused"],
    ["401", refusal(401), "account", "refused"],
    ["402", refusal(402), "account", "refused"],
    [
      "403",
      refusal(403, { errors: [{ code: "10010", title: "Account is disabled D17" }] }),
      "account",
      "refused",
    ],
    ["404", refusal(404), "unavailable", "refused"],
    ["408", refusal(408), "timeout", "unknown"],
    ["409", refusal(409), "unavailable", "refused"],
    ["413", refusal(413), "rejected", "refused"],
    [
      "422",
      refusal(422, { detail: [{ loc: ["body", "input"], msg: "too long", type: "x" }] }),
      "rejected",
      "refused",
    ],
    ["429 with a long wait", refusal(429, {}, { "retry-after": "6" }), "rate_limited", "refused"],
    [
      "429 that is about money",
      refusal(429, { error: { code: "insufficient_quota" } }),
      "account",
      "refused",
    ],
    ["500", refusal(500), "unavailable", "unknown"],
    [
      "502",
      (_, response) => void response.writeHead(502).end("<html>Bad gateway</html>"),
      "unavailable",
      "unknown",
    ],
    ["503 with a short wait", refusal(503, {}, { "retry-after": "1" }), "unavailable", "unknown"],
    ["504", refusal(504), "unavailable", "unknown"],
    [
      "an error whose body does not come",
      (_, response) => void response.writeHead(500).write("{"),
      "unavailable",
      "unknown",
    ],
    ["well answered", (_, response) => sse(response, wire(turn)), "", ""],
    ["well answered, as JSON", refusal(200, { output: [messageItem("m", "Hello")] }), "", ""],
  ])("%s", async (_, script, reason, reached) => {
    const { last, posts } = await respond(world(script));
    expect(posts).toBe(1);
    expect(last).toMatchObject(reason === "" ? { kind: "done" } : { kind: "failed", reason, reached });
  });

  test("but after a 429 with a short wait it is sent again, thrice in all", async () => {
    const busy = refusal(
      429,
      { errors: [{ code: "10011", title: "Too many requests" }] },
      { "x-ratelimit-reset": "1" },
    );
    const { last, posts } = await respond(world(busy));
    expect(posts).toBe(3);
    expect(last).toMatchObject({
      kind: "failed",
      reason: "rate_limited",
      reached: "refused",
      retryAfterMs: 1_000,
    });

    let before = 0;
    const soon: Script = (seen, response) => {
      before += 1;
      return before === 1 ? busy(seen, response) : sse(response, wire(turn));
    };
    expect(await respond(world(soon))).toMatchObject({ last: { kind: "done" }, posts: 2 });
  });
});

describe("what is gone", () => {
  const notFound = { errors: [{ code: "10005", title: "Resource not found" }] };
  const aboutModel = { error: { message: "The model `org/model` does not exist", code: "invalid_request" } };

  test.each([404, 400, 422])("a conversation, answered with %i", async (status) => {
    for (const body of [notFound, {}, { detail: "Conversation not found" }]) {
      const { last, asked } = await respond(world(refusal(status, body), { there: false }));
      expect(last).toMatchObject({ kind: "failed", reason: "conversation_gone", reached: "refused" });
      expect(asked).toBe(1);
    }
  });

  test.each([404, 400, 422])("a model, answered with %i", async (status) => {
    for (const body of [aboutModel, { error: { param: "model", message: "Unknown value" } }]) {
      const { last } = await respond(world(refusal(status, body), { models: ["org/other"] }));
      expect(last).toMatchObject({ kind: "failed", reason: "model_gone", reached: "refused" });
    }
    const certain = { error: { message: "no", code: "model_not_found" } };
    expect((await respond(world(refusal(status, certain)))).last).toMatchObject({ reason: "model_gone" });
  });

  test("a model, where a 404 says nothing at all", async () => {
    expect((await respond(world(refusal(404), { models: [] }))).last).toMatchObject({ reason: "model_gone" });
  });

  test("neither, though the words would have it so", async () => {
    const words = { detail: "This conversation is too long for the model" };
    expect((await respond(world(refusal(400, words)))).last).toMatchObject({
      reason: "rejected",
      detail: expect.stringContaining("too long for the model") as string,
    });
  });

  test("neither, though the model is not on the list: the request was refused for something else", async () => {
    const tooLong = { error: { message: "input is too long", code: "invalid_request" } };
    expect((await respond(world(refusal(400, tooLong), { models: [] }))).last).toMatchObject({
      reason: "rejected",
    });
  });

  test("neither: answers are disabled", async () => {
    const disabled = world(refusal(400), { metadata: { ai_disabled: "true" } });
    expect((await respond(disabled)).last).toMatchObject({
      reason: "rejected",
      detail: expect.stringContaining("ai_disabled") as string,
    });
  });

  test("neither: an account that is refused is not asked about anything", async () => {
    const noFunds = refusal(400, { errors: [{ code: "20012", title: "Account inactive" }] });
    expect(await respond(world(noFunds))).toMatchObject({ last: { reason: "account" }, asked: 0 });
  });

  test.each([
    [404, "unavailable"],
    [422, "rejected"],
  ])("perhaps, where it cannot be found out: a %i is %s", async (status, reason) => {
    const deaf: Script = ({ path }, response) =>
      path === "/ai/openai/responses"
        ? refusal(status)(undefined as never, response)
        : json(response, {}, 403);
    expect((await respond(deaf)).last).toMatchObject({ kind: "failed", reason, reached: "refused" });
  });

  test("stopping ends the asking, too", async () => {
    const mute: Script = ({ path }, response) =>
      path === "/ai/openai/responses" ? json(response, {}, 404) : undefined;
    await using pair = await startPair(mute);
    const stop = new AbortController();
    const events = collect(pair.telnyx.respond(request, stop.signal));
    await until("the conversation was asked for", () => pair.server.requests.length === 2);
    stop.abort();
    expect(await events).toMatchObject([{ kind: "failed", reason: "aborted", reached: "refused" }]);
  });
});
