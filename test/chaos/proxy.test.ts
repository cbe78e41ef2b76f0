import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Proxy, startProxy } from "./proxy.ts";
import { until } from "../eventually.ts";

let server: Server;
let heard: string;
let proxy: Proxy;
let client: Socket;
let said: string;
let ended: "no" | "closed" | "reset";

beforeEach(async () => {
  heard = "";
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      heard += String(data);
      socket.write(answerTo(String(data)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startProxy(portOf(server));
  client = await open();
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  server.close();
});

const portOf = (one: Server) => (one.address() as AddressInfo).port;
/** The server says where it is, and what it was asked. */
const answerTo = (asked: string) => `127.0.0.1:${portOf(server)} heard ${asked}`;

/** The socket that was opened last is the one that is watched. */
async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  client = socket;
  [said, ended] = ["", "no"];
  const end = (how: typeof ended) => {
    if (socket === client && ended === "no") ended = how;
  };
  socket.on("data", (data) => void (said += String(data)));
  socket.on("error", () => end("reset"));
  socket.on("close", () => end("closed"));
  await once(socket, "connect");
  return socket;
}

const saidSoon = (what: string) => until(`it says ${what}`, () => said.includes(what));
const resetSoon = () => until("it is reset", () => ended === "reset");

describe("the wire", () => {
  it("carries both ways, and names itself in place of the server", async () => {
    client.write("hello");
    await saidSoon("heard hello");
    expect(said).toBe(`127.0.0.1:${proxy.port} heard hello`);
  });

  it("is slow when it is told to, in order, and good again after", async () => {
    proxy.slow({ delayMs: 60, bytesPerSecond: 1_000 });
    const began = performance.now();
    client.write("one");
    await until("the server hears it", () => heard === "one");
    client.write("two");
    await saidSoon("heard two");
    expect(performance.now() - began).toBeGreaterThan(200);
    expect(said).toMatch(/heard one.*heard two/);
    proxy.slow();
    client.write("three");
    await saidSoon("heard three");
  });

  it("resets what is open", async () => {
    client.write("hello");
    await saidSoon("hello");
    expect(proxy.reset()).toBe(1);
    await resetSoon();
  });

  it("cuts the next answer after so many bytes, and no other", async () => {
    proxy.cutAfter(12);
    client.write("hello");
    await resetSoon();
    expect(said).toBe("127.0.0.1:" + String(proxy.port).slice(0, 2));
    client = await open();
    client.write("again");
    await saidSoon("heard again");
  });

  it("swallows the answer to a request that writes, which has gone through", async () => {
    proxy.swallow();
    client.write("GET /first");
    await saidSoon("GET /first");
    client.write("POST /second");
    await resetSoon();
    expect(heard).toBe("GET /firstPOST /second");
    expect(said).not.toContain("second");
  });

  it("tells whether what was asked for is still to come, and forgets it", async () => {
    proxy.cutAfter(1);
    expect(proxy.armed()).toBe(true);
    proxy.disarm();
    proxy.swallow();
    proxy.disarm();
    expect(proxy.armed()).toBe(false);
    client.write("POST /first");
    await saidSoon("POST /first");
  });

  it("lets bytes vanish, and resets what lost some when it ends", async () => {
    const quiet = await open();
    quiet.write("before");
    await saidSoon("before");
    client = await open();
    proxy.blackHole(true);
    client.write("hello");
    await until("it is lost", () => proxy.lossy() === 1);
    expect([heard, said, ended]).toEqual(["before", "", "no"]);
    proxy.blackHole(false);
    await resetSoon();
    expect(quiet.destroyed).toBe(false);
    quiet.destroy();
  });

  it("leaves the bot's end open when the server's is gone", async () => {
    client.write("hello");
    await saidSoon("hello");
    proxy.halfOpen();
    client.write("still there?");
    const [connections] = await new Promise<[number]>((resolve) => {
      const look = () =>
        server.getConnections((_, count) => (count === 0 ? resolve([count]) : setImmediate(look)));
      look();
    });
    expect([connections, ended]).toEqual([0, "no"]);
    expect(heard).toBe("hello");
    proxy.reset();
    await resetSoon();
  });
});
