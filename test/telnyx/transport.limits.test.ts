import { createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createTransport } from "../../src/telnyx/transport.ts";
import { collect, turn, type Script } from "./server.ts";
import { until } from "../eventually.ts";
import { get, startTransport } from "./start-transport.ts";

describe("time limits", () => {
  test("no headers: a timeout, and the socket is free", async () => {
    await using pair = await startTransport(() => {});
    const call = pair.transport.send(get).catch((error: unknown) => error);
    await until("the request came", () => pair.server.requests.length === 1);
    await pair.clock.advance(60_000);
    expect(await call).toMatchObject({ reason: "timeout", reached: "unknown", code: "telnyx_timeout" });
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });

  test("silence between bytes: a timeout, with what came before", async () => {
    await using pair = await startTransport((_, response) => void response.writeHead(200).write("half"));
    const answer = await pair.transport.send(get);
    const pieces = answer.bytes[Symbol.asyncIterator]();
    expect(Buffer.from((await pieces.next()).value as Uint8Array).toString()).toBe("half");
    const more = pieces.next().catch((error: unknown) => error);
    await pair.clock.advance(59_999);
    expect(pair.server.sockets()).toBe(1);
    await pair.clock.advance(1);
    expect(await more).toMatchObject({ reason: "timeout", message: "no byte for 60 s" });
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });

  test("a byte now and then for ever: a timeout in the end", async () => {
    let drip = () => {};
    await using pair = await startTransport((_, response) => {
      drip = () => void response.write(":\n");
      response.writeHead(200);
      drip();
    });
    const reading = pair.transport
      .send(get)
      .then((answer) => collect(answer.bytes))
      .catch((error: unknown) => error);
    await until("the request came", () => pair.server.requests.length === 1);
    for (let i = 0; i < 21; i += 1) {
      await pair.clock.advance(30_000);
      drip();
    }
    expect(await reading).toMatchObject({ reason: "timeout", message: "not finished within 600 s" });
  });

  test("no connection: it never reached Telnyx, also when TCP stands and TLS does not come", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => void sockets.push(socket.on("error", () => {})));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    const baseUrl = `https://127.0.0.1:${port}`;
    const deps = { baseUrl, apiKey: "k", connectMs: 20, clock: systemClock, log: createLog("silent") };
    const transport = createTransport(deps);
    await expect(transport.send(get)).rejects.toMatchObject({ reason: "unavailable", reached: "never" });
    await transport.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });
});

describe("stopping", () => {
  test.each<[string, Script]>([
    ["before the headers", () => {}],
    ["within the body", (_, response) => void response.writeHead(200).write("half")],
  ])("%s frees the socket at once", async (_, script) => {
    await using pair = await startTransport(script);
    const stop = new AbortController();
    const reading = pair.transport
      .send({ ...get, signal: stop.signal })
      .then((answer) => collect(answer.bytes))
      .catch((error: unknown) => error);
    await until("the request came", () => pair.server.requests.length === 1);
    stop.abort();
    expect(await reading).toMatchObject({ reason: "aborted", reached: "unknown" });
    await until("the server sees the close", () => pair.server.sockets() === 0);
  });

  test("before it was sent sends nothing", async () => {
    await using pair = await startTransport((_, response) => void response.end());
    const call = pair.transport.send({ ...get, signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ reason: "aborted", reached: "never" });
    expect(pair.server.requests).toHaveLength(0);
  });

  test("an answer that nobody wants is released, or drained and its connection kept", async () => {
    await using pair = await startTransport(({ query }, response) => {
      response.writeHead(200).write("half");
      if (query.get("q") !== "endless") response.end("x".repeat(100));
    });
    const { transport, server } = pair;
    await (await transport.send(get)).drain(1_000);
    await turn();
    const answer = await transport.send({ ...get, path: "/x?q=endless" });
    expect(server.sockets()).toBe(1);
    answer.release();
    await until("the socket is closed", () => server.sockets() === 0);
  });

  test("draining gives up in time", async () => {
    await using pair = await startTransport((_, response) => void response.writeHead(200).write("half"));
    const answer = await pair.transport.send(get);
    const drained = answer.drain(1_000);
    await pair.clock.advance(1_000);
    await drained;
    await until("the socket is closed", () => pair.server.sockets() === 0);
  });
});
