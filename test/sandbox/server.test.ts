import { afterEach, describe, expect, test } from "vitest";
import { sendJson, startTwinServer, type TwinHandlers, type TwinServer } from "../../src/sandbox/server.ts";
import { until } from "../eventually.ts";

let server: TwinServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(handlers: Partial<TwinHandlers> = {}): Promise<TwinServer> {
  server = await startTwinServer({
    handle: (request, response) => sendJson(response, 200, { path: request.path }),
    ...handlers,
  });
  return server;
}

describe("recording", () => {
  test("keeps method, path, decoded query, headers and body of each request", async () => {
    const { url, requests } = await start();
    await fetch(`${url}/a/b?metadata-%3Ex=eq.1%2B2&y=a+b`, {
      method: "POST",
      headers: { "x-test": "1" },
      body: "é",
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", path: "/a/b", headers: { "x-test": "1" } });
    expect(requests[0]!.query.get("metadata->x")).toBe("eq.1+2");
    expect(requests[0]!.query.get("y")).toBe("a b");
    expect(requests[0]!.body.toString()).toBe("é");
  });

  test("says with what each was answered", async () => {
    const { url, requests } = await start({
      handle: (request, response) => sendJson(response, request.path === "/fast" ? 429 : 200, {}),
    });
    await fetch(`${url}/slow`);
    await fetch(`${url}/fast`);
    await until("both were answered", () => requests.every(({ status }) => status !== undefined));
    expect(requests.map(({ status }) => status)).toEqual([200, 429]);
  });

  test("keeps the newest requests and the beginning of bodies when bounded, and hands on the whole body", async () => {
    const handled: number[] = [];
    const { url, requests } = await start({
      keep: { requests: 2, bodyBytes: 3 },
      handle: (request, response) => {
        handled.push(request.body.length);
        sendJson(response, 200, {});
      },
    });
    for (const path of ["one", "two", "three"])
      await fetch(`${url}/${path}`, { method: "POST", body: "12345" });
    expect(requests.map((r) => [r.path, r.body.toString()])).toEqual([
      ["/two", "123"],
      ["/three", "123"],
    ]);
    expect(handled).toEqual([5, 5, 5]);
  });

  test("reset forgets requests and faults that have not struck", async () => {
    const { url, requests, inject, reset } = await start();
    inject({ matches: () => true, times: 9, effect: { kind: "answer", status: 500 } });
    expect((await fetch(url)).status).toBe(500);
    reset();
    expect(requests).toHaveLength(0);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe("faults", () => {
  const always = () => true;

  test("strike only what they match, and only so often", async () => {
    const { url, inject } = await start();
    inject({
      matches: (r) => r.path === "/x",
      times: 2,
      effect: { kind: "answer", status: 418, body: "no" },
    });
    const statuses: number[] = [];
    for (const path of ["x", "y", "x", "x"]) statuses.push((await fetch(`${url}/${path}`)).status);
    expect(statuses).toEqual([418, 200, 418, 200]);
  });

  test("answer with the headers and body they were given", async () => {
    const { url, inject } = await start();
    const headers = { "retry-after": "7", "content-type": "text/html" };
    inject({ matches: always, times: 1, effect: { kind: "answer", status: 502, headers, body: "<html>" } });
    const response = await fetch(url);
    expect(response.status).toBe(502);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.text()).toBe("<html>");
  });

  test("a cut resets the connection before anything is done", async () => {
    let handled = 0;
    const { url, inject } = await start({ handle: () => void (handled += 1) });
    inject({ matches: always, times: 1, effect: { kind: "cut" } });
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(handled).toBe(0);
  });

  test("a swallowed request is done, however long its answer, and the answer never leaves", async () => {
    let wrote = 0;
    const { url, inject } = await start({
      handle: async (_request, response) => {
        response.writeHead(200);
        // More than any buffer holds, with back-pressure obeyed: a kept-back socket would block here.
        for (; wrote < 200; wrote += 1) {
          if (!response.write("x".repeat(65_536)))
            await new Promise((resolve) => response.once("drain", resolve));
        }
        response.end();
      },
    });
    inject({ matches: always, times: 1, effect: { kind: "swallow" } });
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(wrote).toBe(200);
  });

  test("a stall never answers, and closing the server breaks it", async () => {
    const { url, inject, close, requests } = await start();
    inject({ matches: always, times: 1, effect: { kind: "stall" } });
    const answer = fetch(url).then(
      () => "answered",
      () => "broken",
    );
    await expect.poll(() => requests.length).toBe(1);
    await close();
    expect(await answer).toBe("broken");
  });

  test("a delay goes on as usual afterwards", async () => {
    const { url, inject } = await start();
    inject({ matches: always, times: 1, effect: { kind: "delay", ms: 60 } });
    const before = performance.now();
    expect((await fetch(url)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
  });
});

describe("handlers", () => {
  test("what one throws is answered with 500 and its message", async () => {
    const { url } = await start({ handle: () => Promise.reject(new Error("broken twin")) });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("broken twin");
  });

  test("one that throws in the middle of its answer breaks the connection", async () => {
    const { url } = await start({
      handle: async (_request, response) => {
        response.writeHead(200).write("half");
        await new Promise(setImmediate);
        throw new Error("broken twin");
      },
    });
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  });

  test("sockets that were upgraded are broken on close too", async () => {
    const { url, close } = await start({
      upgrade: (_request, socket) => void socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    });
    const { connect } = await import("node:net");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    await close();
    await closed;
  });
});
