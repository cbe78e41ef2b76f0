import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import type { Telnyx } from "../../src/telnyx/telnyx.ts";
import { createLog } from "../../src/log.ts";
import { collect, json, settle, startPair, turn, type Script } from "./server.ts";
import { until } from "../eventually.ts";

const ID = "6a09cdc3-8948-47f0-aa62-74ac943d6c58";
const conversation = { id: ID, created_at: "2026-11-22T10:00:00Z", metadata: {} };

/** Every call but `respond`. */
const calls: [string, (telnyx: Telnyx, signal?: AbortSignal) => Promise<unknown>][] = [
  ["createConversation", (telnyx, signal) => telnyx.createConversation({}, "key", signal)],
  ["listConversations", (telnyx, signal) => collect(telnyx.listConversations({}, signal))],
  ["getConversation", (telnyx, signal) => telnyx.getConversation(ID, signal)],
  ["updateConversation", (telnyx, signal) => telnyx.updateConversation(ID, {}, signal)],
  ["deleteConversation", (telnyx, signal) => telnyx.deleteConversation(ID, signal)],
  ["addMessage", (telnyx, signal) => telnyx.addMessage(ID, { role: "user", content: "x" }, "key", signal)],
  ["getMessages", (telnyx, signal) => telnyx.getMessages(ID, signal)],
  ["listModels", (telnyx, signal) => telnyx.listModels(signal)],
];

/** What each call is content with. */
const well: Script = ({ method, path }, response) => {
  if (path.endsWith("/message") || method === "DELETE") return void response.end();
  const isList = path.endsWith("s") && !path.endsWith(ID);
  return json(response, { data: isList && method === "GET" ? [] : conversation });
};

const first = (trouble: Script, then: Script = well): Script => {
  let before = 0;
  return (seen, response) => {
    before += 1;
    return (before === 1 ? trouble : then)(seen, response);
  };
};

describe.each(calls)("%s", (_, call) => {
  test("is repeated, the same to the byte, after whatever may pass", async () => {
    const troubles: Script[] = [
      (_, response) => json(response, {}, 429, { "retry-after": "2" }),
      (_, response) => json(response, { errors: [{ code: "10007" }] }, 500),
      (_, response) => json(response, {}, 409),
      (_, response) => void response.writeHead(502).end("<html></html>"),
      (_, response) => void response.socket!.resetAndDestroy(),
      (_, response) =>
        void response.writeHead(200, { "content-length": "9" }).write("{", () => response.socket!.destroy()),
      () => {},
    ];
    for (const trouble of troubles) {
      await using pair = await startPair(first(trouble), { limits: { callMs: 3_000 } });
      await settle(pair.clock, call(pair.telnyx));
      const [one, two] = pair.server.requests;
      expect([two!.method, two!.target, two!.body, two!.headers["idempotency-key"]]).toEqual([
        one!.method,
        one!.target,
        one!.body,
        one!.headers["idempotency-key"],
      ]);
    }
  });

  test("is not repeated after a refusal, and says what it was", async () => {
    for (const [status, reason] of [
      [400, "rejected"],
      [401, "account"],
      [403, "account"],
      [422, "rejected"],
    ] as const) {
      await using pair = await startPair((_, response) => json(response, { detail: "why" }, status));
      await expect(call(pair.telnyx)).rejects.toMatchObject({ status, reason, reached: "refused" });
      expect(pair.server.requests).toHaveLength(1);
    }
  });

  test("gives up after four attempts", async () => {
    await using pair = await startPair((_, response) => json(response, {}, 503));
    await expect(settle(pair.clock, call(pair.telnyx))).rejects.toMatchObject({
      status: 503,
      reason: "unavailable",
    });
    expect(pair.server.requests).toHaveLength(4);
  });

  test("is stopped while it reads why it was refused", async () => {
    await using pair = await startPair((_, response) => void response.writeHead(400).write("{"));
    const stop = new AbortController();
    const running = call(pair.telnyx, stop.signal).catch((error: unknown) => error);
    await until("the request came", () => pair.server.requests.length === 1);
    await turn();
    stop.abort();
    expect(await running).toMatchObject({ reason: "aborted" });
  });

  test("leaves nothing behind in the caller's signal", async () => {
    await using pair = await startPair(well);
    const { signal } = new AbortController();
    await call(pair.telnyx, signal);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("is stopped at once, and its socket freed", async () => {
    await using pair = await startPair(() => {});
    const stop = new AbortController();
    const running = call(pair.telnyx, stop.signal).catch((error: unknown) => error);
    await until("the request came", () => pair.server.requests.length === 1);
    stop.abort();
    expect(await running).toMatchObject({ reason: "aborted" });
    await until("the server sees the close", () => pair.server.sockets() === 0);
  });
});

describe("a 404", () => {
  const gone: Script = (_, response) => void response.writeHead(404).end();
  const notFound = async (call: (telnyx: Telnyx) => Promise<unknown>) => {
    await using pair = await startPair(gone);
    return await call(pair.telnyx).then(
      () => "fine",
      (error: { reason: string }) => error.reason,
    );
  };

  test("means that the conversation is gone, for the calls that are about one", async () => {
    const meanings = await Promise.all(calls.map(async ([name, call]) => [name, await notFound(call)]));
    expect(Object.fromEntries(meanings)).toEqual({
      createConversation: "rejected",
      listConversations: "rejected",
      getConversation: "conversation_gone",
      updateConversation: "conversation_gone",
      deleteConversation: "conversation_gone",
      addMessage: "conversation_gone",
      getMessages: "conversation_gone",
      listModels: "rejected",
    });
  });

  test("to a repeated delete means that the first one worked", async () => {
    await using pair = await startPair(first((_, response) => void response.socket!.resetAndDestroy(), gone));
    await settle(pair.clock, pair.telnyx.deleteConversation(ID));
    expect(pair.server.requests.map(({ method }) => method)).toEqual(["DELETE", "DELETE"]);
  });
});

test("no line of the log holds the key, or what a person wrote", async () => {
  const lines: string[] = [];
  const log = createLog("debug", [], { write: (line) => void lines.push(line) });
  const echo: Script = ({ body, headers }, response) =>
    json(
      response,
      { detail: [{ loc: ["body", "content"], msg: "bad", type: "x", input: body }], headers },
      503,
    );
  await using pair = await startPair(echo, { log, apiKey: "KEY0123456789SECRETSECRET" });
  const adding = pair.telnyx.addMessage(ID, { role: "user", content: "PRIVATE words" }, "key");
  const error: unknown = await settle(pair.clock, adding).catch((caught: unknown) => caught);
  const filters = [{ column: "metadata->started_by_name", operator: "eq", value: "PRIVATE Ann" }] as const;
  await settle(pair.clock, collect(pair.telnyx.listConversations({ where: filters }))).catch(() => {});
  expect(lines.length).toBeGreaterThan(7);
  expect(lines.join("") + JSON.stringify(error) + String(error)).not.toMatch(/PRIVATE|SECRET/);
});
