import { describe, expect, test } from "vitest";
import { collect, sse, startPair, type Script } from "./server.ts";
import { until } from "../eventually.ts";
import { textTurn, wire } from "./wire.ts";

const request = {
  model: "m",
  input: [{ role: "user", content: [{ type: "input_text", text: "Hello" }] }],
} as const;

describe("stopping", () => {
  const stall: Script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(wire(textTurn(["a", "b", "c"]).slice(0, 5)));
  };

  test("ends at once with one last event, and frees the socket", async () => {
    await using pair = await startPair(stall);
    const stop = new AbortController();
    const kinds: string[] = [];
    for await (const event of pair.telnyx.respond(request, stop.signal)) {
      kinds.push(event.kind === "failed" ? `${event.reason} ${event.reached}` : event.kind);
      if (kinds.length === 1) stop.abort();
    }
    // The second delta had been read already.
    expect(kinds).toEqual(["text", "aborted unknown"]);
    await until("the server sees the close", () => pair.server.sockets() === 0);
  });

  test("while it waits for bytes, likewise", async () => {
    await using pair = await startPair(stall);
    const stop = new AbortController();
    const events = pair.telnyx.respond(request, stop.signal)[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { kind: "text" } });
    expect(await events.next()).toMatchObject({ value: { kind: "text" } });
    const last = events.next();
    stop.abort();
    expect(await last).toMatchObject({ value: { kind: "failed", reason: "aborted" } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await until("the server sees the close", () => pair.server.sockets() === 0);
  });

  test("before the answer, and before the request", async () => {
    await using pair = await startPair(() => {});
    const stop = new AbortController();
    const events = collect(pair.telnyx.respond(request, stop.signal));
    await until("the request came", () => pair.server.requests.length === 1);
    stop.abort();
    expect(await events).toMatchObject([{ kind: "failed", reason: "aborted", reached: "unknown" }]);
    await until("the server sees the close", () => pair.server.sockets() === 0);
    expect(await collect(pair.telnyx.respond(request, stop.signal))).toMatchObject([
      { kind: "failed", reason: "aborted", reached: "never" },
    ]);
    expect(pair.server.requests).toHaveLength(1);
  });

  test("after the last event changes nothing", async () => {
    await using pair = await startPair((_, response) => sse(response, wire(textTurn(["Hel", "lo"]))));
    const stop = new AbortController();
    const kinds: string[] = [];
    for await (const { kind } of pair.telnyx.respond(request, stop.signal)) {
      kinds.push(kind);
      if (kind === "done") stop.abort();
    }
    expect(kinds).toEqual(["text", "text", "done"]);
  });

  test("closing the client stops what runs, and refuses what comes", async () => {
    await using pair = await startPair(stall);
    const running = collect(pair.telnyx.respond(request, new AbortController().signal));
    await until("the request came", () => pair.server.requests.length === 1);
    await pair.telnyx.close();
    expect((await running).at(-1)).toMatchObject({ kind: "failed", reason: "aborted" });
    await until("the socket is closed", () => pair.server.sockets() === 0);
    expect(await collect(pair.telnyx.respond(request))).toMatchObject([
      { reason: "aborted", reached: "never" },
    ]);
    await expect(pair.telnyx.listModels()).rejects.toMatchObject({ reason: "aborted" });
    await expect(collect(pair.telnyx.listConversations())).rejects.toMatchObject({ reason: "aborted" });
    await pair.telnyx.close();
  });
});
