import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createLog } from "../../src/log.ts";
import { createTransport, readText } from "../../src/telnyx/transport.ts";
import { fakeClock } from "../fakes/clock.ts";
import { collect, turn, type Script } from "./server.ts";
import { until } from "../eventually.ts";
import { get, pace, startTransport } from "./start-transport.ts";

describe("send", () => {
  test("sends the call as it is, below the base path, and logs no query, body or key", async () => {
    await using pair = await startTransport(
      (_, response) => void response.writeHead(201, { "x-request-id": "r-1" }).end("yes"),
    );
    const answer = await pair.transport.send({
      method: "POST",
      path: "/ai/x?name=eq.Ann",
      body: '{"text":"private"}',
      idempotencyKey: "k-1",
      accept: "text/event-stream",
      pace,
    });
    expect([answer.status, await readText(answer, "x", 10)]).toEqual([201, "yes"]);
    const { target, headers, body } = pair.server.requests[0]!;
    expect(target).toBe("/v2/ai/x?name=eq.Ann");
    expect(body).toBe('{"text":"private"}');
    expect(headers).toMatchObject({
      authorization: "Bearer KEY-1",
      accept: "text/event-stream",
      "content-type": "application/json",
      "idempotency-key": "k-1",
      "content-length": "18",
    });
    const line = { method: "POST", path: "/ai/x", status: 201, ms: 0, request: "r-1" };
    expect(pair.lines).toEqual([expect.objectContaining(line)]);
    expect(JSON.stringify(pair.lines)).not.toMatch(/Ann|private|KEY-1/);
  });

  test("uses a connection again, and never for two calls at once", async () => {
    const waiting: (() => void)[] = [];
    await using pair = await startTransport(({ query }, response) => {
      if (query.get("q") === "slow") waiting.push(() => void response.end());
      else response.end("ok");
    });
    const { transport, server } = pair;
    for (let i = 0; i < 3; i += 1) {
      await readText(await transport.send(get), "x", 10);
      await turn();
    }
    expect(server.sockets()).toBe(1);
    const slow = [1, 2, 3].map(() => transport.send({ ...get, path: "/x?q=slow" }));
    await until("three calls run side by side", () => waiting.length === 3);
    expect(server.sockets()).toBe(3);
    for (const finish of waiting) finish();
    for (const call of slow) await collect((await call).bytes);
  });

  test("reads text whose characters are cut", async () => {
    await using pair = await startTransport(async (_, response) => {
      for (const byte of Buffer.from("é漢👩‍👧")) {
        response.write(Uint8Array.of(byte));
        await turn();
      }
      response.end();
    });
    expect(await readText(await pair.transport.send(get), "x", 100)).toBe("é漢👩‍👧");
  });

  test("does not follow a redirect", async () => {
    await using pair = await startTransport(
      (_, response) => void response.writeHead(302, { location: "/y" }).end(),
    );
    const answer = await pair.transport.send(get);
    answer.release();
    expect(answer.status).toBe(302);
    expect(pair.server.requests).toHaveLength(1);
  });
});

describe("what breaks", () => {
  test("a refused connection never reached the server", async () => {
    await using pair = await startTransport(() => {});
    await pair.server.close();
    await expect(pair.transport.send(get)).rejects.toMatchObject({
      code: "telnyx_unreachable",
      reason: "unavailable",
      reached: "never",
      message: expect.stringMatching(
        /^cannot connect to Telnyx: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
      ) as string,
    });
  });

  test("a name that does not resolve never reached the server", async () => {
    const log = createLog("silent");
    const deps = { apiKey: "k", connectMs: 1_000, clock: fakeClock(), log };
    const transport = createTransport({ ...deps, baseUrl: "http://nowhere.invalid/v2" });
    await expect(transport.send(get)).rejects.toMatchObject({ reason: "unavailable", reached: "never" });
    await transport.close();
  });

  test("a TLS handshake that is reset never reached the server", async () => {
    const resetting = createServer((socket) =>
      socket.on("error", () => {}).once("data", () => socket.resetAndDestroy()),
    );
    await new Promise<void>((resolve) => resetting.listen(0, "127.0.0.1", resolve));
    const baseUrl = `https://127.0.0.1:${(resetting.address() as AddressInfo).port}`;
    const log = createLog("silent");
    const transport = createTransport({ baseUrl, apiKey: "k", connectMs: 5_000, clock: fakeClock(), log });
    await expect(transport.send(get)).rejects.toMatchObject({ reason: "unavailable", reached: "never" });
    await transport.close();
    await new Promise((resolve) => resetting.close(resolve));
  });

  test.each<[string, Script]>([
    ["before the headers", (_, response) => void response.socket!.resetAndDestroy()],
    ["by hanging up before the headers", (_, response) => void response.socket!.destroy()],
    ["by an answer that is not HTTP", (_, response) => void response.socket!.end("hello?\r\n\r\n")],
  ])("a connection that ends %s may have reached it", async (_, script) => {
    await using pair = await startTransport(script);
    await expect(pair.transport.send(get)).rejects.toMatchObject({ reason: "cut", reached: "unknown" });
  });

  test.each<[string, Script]>([
    ["reset", (_, response) => void response.write("half", () => response.socket!.resetAndDestroy())],
    ["closed", (_, response) => void response.write("half", () => response.socket!.destroy())],
    [
      "closed before its length is full",
      (_, response) => {
        response.writeHead(200, { "content-length": "99" });
        response.write("half", () => response.socket!.end());
      },
    ],
  ])("a body whose connection is %s is cut", async (_, script) => {
    await using pair = await startTransport(script);
    const answer = await pair.transport.send(get);
    await expect(collect(answer.bytes)).rejects.toMatchObject({ reason: "cut", reached: "unknown" });
  });

  test("a header that cannot be sent is our own fault", async () => {
    await using pair = await startTransport((_, response) => void response.end());
    const bad = pair.transport.send({ ...get, idempotencyKey: "a\nb" });
    await expect(bad).rejects.toMatchObject({ reason: "rejected", reached: "never" });
    expect(pair.server.requests).toHaveLength(0);
  });

  test("a body that is longer than allowed is not read on", async () => {
    await using pair = await startTransport((_, response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(10_000)));
        response.once("drain", pour);
      };
      pour();
    });
    const answer = await pair.transport.send(get);
    await expect(readText(answer, "GET /x", 50_000)).rejects.toMatchObject({ code: "telnyx_too_long" });
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });
});
