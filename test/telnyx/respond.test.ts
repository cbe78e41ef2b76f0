import { describe, expect, test } from "vitest";
import { startServer, collect, json, settle, sse, startPair, type Script } from "./server.ts";
import { until } from "../eventually.ts";
import { textOf } from "./read.ts";
import { messageEvents, messageItem, textTurn, wire } from "./wire.ts";

const CONVERSATION = "6a09cdc3-8948-47f0-aa62-74ac943d6c58";
const input = [{ role: "user", content: [{ type: "input_text", text: "Hello" }] }] as const;
const request = { model: "m", input };
const turn = wire(textTurn(["Hel", "lo"]));
const hello = [{ kind: "text", delta: "Hel" }, { kind: "text", delta: "lo" }, { kind: "done" }];

describe("respond", () => {
  test("sends the documented fields and no others, and streams by default", async () => {
    await using pair = await startPair((_, response) => sse(response, turn));
    const full = { ...request, conversation: CONVERSATION, instructions: "Be kind" };
    expect(await collect(pair.telnyx.respond(full))).toEqual(hello);
    const [seen] = pair.server.requests;
    expect(seen).toMatchObject({ method: "POST", path: "/ai/openai/responses" });
    expect(seen!.headers).toMatchObject({ accept: "text/event-stream" });
    expect(seen!.headers["idempotency-key"]).toBeUndefined();
    expect(JSON.parse(seen!.body)).toEqual({
      model: "m",
      input,
      conversation: CONVERSATION,
      instructions: "Be kind",
      stream: true,
    });
  });

  test("asks for one JSON answer when told to, and gives the same kind of events", async () => {
    await using pair = await startPair((_, response) =>
      json(response, {
        status: "completed",
        output: [messageItem("m", "Hello")],
        usage: { input_tokens: 1 },
      }),
    );
    expect(await collect(pair.telnyx.respond({ ...request, stream: false }))).toEqual([
      { kind: "text", delta: "Hello" },
      { kind: "done", usage: { inputTokens: 1 } },
    ]);
    expect(JSON.parse(pair.server.requests[0]!.body)).toEqual({ model: "m", input, stream: false });
    expect(pair.server.requests[0]!.headers["accept"]).toBe("application/json");
  });

  test("goes by what came, not by what was asked for", async () => {
    await using pair = await startPair(({ body }, response) => {
      if (body.includes('"stream":true')) json(response, { output: [messageItem("m", "Hello")] });
      else sse(response, turn);
    });
    expect(await collect(pair.telnyx.respond(request))).toEqual([
      { kind: "text", delta: "Hello" },
      { kind: "done" },
    ]);
    expect(await collect(pair.telnyx.respond({ ...request, stream: false }))).toEqual(hello);
  });

  test("reads a stream that comes one byte at a time, CRLF and all", async () => {
    const bytes = Buffer.from(wire(textTurn(["Grüße ", "👩‍👩‍👧"]), { lineEnd: "\r\n" }));
    await using pair = await startPair(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      for (const byte of bytes) {
        response.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(textOf(await collect(pair.telnyx.respond(request)))).toBe("Grüße 👩‍👩‍👧");
  });

  test("passes each event on as it comes", async () => {
    let write: (text: string) => void = () => {};
    await using pair = await startPair((_, response) => {
      write = (text) => void response.write(text);
      response.writeHead(200, { "content-type": "text/event-stream" });
      write(": hello\n\n");
    });
    const events = pair.telnyx.respond(request)[Symbol.asyncIterator]();
    const first = events.next();
    await until("the request came", () => pair.server.requests.length === 1);
    const [head, ...rest] = messageEvents(0, ["a", "b"]);
    write(wire([head!, ...rest.slice(0, 2)]));
    expect((await first).value).toEqual({ kind: "text", delta: "a" });
    write(wire([rest[2]!], { numbered: false }));
    expect((await events.next()).value).toEqual({ kind: "text", delta: "b" });
    await events.return?.();
    await until("leaving early frees the socket", () => pair.server.sockets() === 0);
  });

  test("an error body where a stream should be is a failure with its reason", async () => {
    await using pair = await startPair((_, response) =>
      json(response, { errors: [{ code: "10011", title: "Too many requests" }] }),
    );
    expect(await collect(pair.telnyx.respond(request))).toMatchObject([
      { kind: "failed", reason: "rate_limited" },
    ]);
  });

  test("stops reading an answer without end", async () => {
    const delta = { type: "response.output_text.delta", output_index: 0, delta: "x" };
    await using pair = await startPair((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(wire([delta]));
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        response.once("drain", pour);
      };
      response.write("data: ");
      pour();
    });
    const events = await collect(pair.telnyx.respond(request));
    expect(events).toMatchObject([
      { kind: "text", delta: "x" },
      { kind: "failed", reason: "cut", detail: expect.stringContaining("longer than 16000000") as string },
    ]);
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });
});

describe("after the last event", () => {
  const open: Script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(turn);
  };

  test("the body is read to its end before the iteration ends, so that the turn is stored", async () => {
    let finish = () => {};
    await using pair = await startPair((seen, response) => {
      void open(seen, response);
      finish = () => void response.end("data: [DONE]\n\n");
    });
    const kinds: string[] = [];
    const reading = (async () => {
      for await (const { kind } of pair.telnyx.respond(request)) kinds.push(kind);
      kinds.push("over");
    })();
    await until("the last event is not kept back", () => kinds.includes("done"));
    await pair.clock.advance(1_000);
    expect(kinds).toEqual(["text", "text", "done"]);
    expect(pair.server.sockets()).toBe(1);
    finish();
    await reading;
    expect(kinds.at(-1)).toBe("over");
    await pair.telnyx.close();
  });

  test("but not for ever", async () => {
    await using pair = await startPair(open);
    expect(await settle(pair.clock, collect(pair.telnyx.respond(request)))).toEqual(hello);
    expect(pair.clock.monotonic()).toBeLessThan(2_500);
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });
});

describe("a server that was away", () => {
  test("is tried again, because nothing can have reached it", async () => {
    await using pair = await startPair(() => {});
    await pair.server.close();
    const events = collect(pair.telnyx.respond(request));
    await until("the first attempt has failed, and only the wait is left", () => pair.clock.sleeping() === 1);
    const back = await startServer((_, response) => sse(response, turn), pair.server.port);
    expect(await settle(pair.clock, events)).toEqual(hello);
    expect(back.requests).toHaveLength(1);
    await pair.telnyx.close();
    await back.close();
  });

  test("and given up in the end", async () => {
    await using pair = await startPair(() => {});
    await pair.server.close();
    expect(await settle(pair.clock, collect(pair.telnyx.respond(request)))).toMatchObject([
      { kind: "failed", reason: "unavailable", reached: "never" },
    ]);
  });
});

test("the answer's silence limit and the first byte's are those of the client", async () => {
  await using pair = await startPair(() => {}, { limits: { headersMs: 700 } });
  const events = await settle(pair.clock, collect(pair.telnyx.respond(request)));
  expect(events).toMatchObject([{ reason: "timeout", detail: "no answer within 0.7 s" }]);
  // Without a stream, the headers come with the whole answer.
  const whole = collect(pair.telnyx.respond({ ...request, stream: false }));
  await until("the request came", () => pair.server.requests.length === 2);
  await pair.clock.advance(100_000);
  expect(pair.server.sockets()).toBe(1);
  await pair.telnyx.close();
  expect(await whole).toMatchObject([{ reason: "aborted" }]);
});
