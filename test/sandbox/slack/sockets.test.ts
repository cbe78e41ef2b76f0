import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { fakeClock } from "../../fakes/clock.ts";
import type { SlackDisconnect } from "../../../src/sandbox/slack/types.ts";
import { call, openSocket, say, useScenes, type Json } from "./helpers.ts";
import { until } from "../../eventually.ts";

const { scene } = useScenes();

function fixture(name: string): Json {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/slack/${name}.json`, import.meta.url), "utf8"),
  ) as Json;
}

describe("a socket", () => {
  it("is greeted with the number of connections, as documented", async () => {
    const { twin } = await scene();
    const first = await openSocket(twin);
    const second = await openSocket(twin);
    expect(Object.keys(first.messages[0] ?? {}).sort()).toEqual(Object.keys(fixture("socket_hello")).sort());
    expect(first.messages[0]).toMatchObject({ type: "hello", num_connections: 1 });
    expect(second.messages[0]).toMatchObject({
      num_connections: 2,
      connection_info: { app_id: twin.bot.appId },
    });
    expect(twin.connections()).toBe(2);
    first.socket.close();
    await until("the end of a connection", () => twin.connections() === 1);
  });

  it("is not greeted, is reset or finds its address expired when it is told so, and the next one is well", async () => {
    const { twin } = await scene();
    const { body } = await call(twin, "apps.connections.open", {}, twin.appToken);
    const url = body["url"] as string;
    const heard: unknown[] = [];
    const attempt = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = new WebSocket(url);
        const end = (what: unknown) => {
          socket.removeAllListeners().on("error", () => undefined);
          socket.terminate();
          heard.push(what);
          resolve();
        };
        socket.on("message", () => end("hello"));
        // Its pong is the proof that it is open.
        socket.on("open", () => socket.ping());
        socket.on("pong", () => end("pong"));
        socket.on("unexpected-response", (_request, response) => end(response.statusCode));
        socket.on("error", (error: NodeJS.ErrnoException) => end(error.code));
      });
    for (const how of ["reset", "expired", "no-hello"] as const) twin.spoilSockets(how);
    for (let i = 0; i < 3; i += 1) await attempt();
    expect(heard).toEqual(["ECONNRESET", 408, "pong"]);
    expect(twin.connections()).toBe(0);
    await openSocket(twin);
    expect(twin.connections()).toBe(1);
  });

  it("passes any frame on, as text or as bytes", async () => {
    const { twin } = await scene();
    const { socket } = await openSocket(twin);
    const frames: unknown[] = [];
    socket.removeAllListeners("message");
    socket.on("message", (data, isBinary) => frames.push([(data as Buffer).toString(), isBinary]));
    twin.sendFrame("<html>");
    twin.sendFrame(Buffer.from([65]));
    await until("both", () => frames.length === 2);
    expect(frames).toEqual([
      ["<html>", false],
      ["A", true],
    ]);
  });

  it("opens once for each address", async () => {
    const { twin } = await scene();
    const { body } = await call(twin, "apps.connections.open", {}, twin.appToken);
    const answers: unknown[] = [];
    for (const url of [body["url"], body["url"], twin.apiUrl.replace("http", "ws")] as string[]) {
      const socket = new WebSocket(url);
      const count = answers.length;
      socket.on("open", () => answers.push("open"));
      socket.on("unexpected-response", (_request, response) => answers.push(response.statusCode));
      await until("an answer", () => answers.length > count);
    }
    expect(answers).toEqual(["open", 404, 404]);
  });

  it("is turned away when ten are open", async () => {
    const { twin } = await scene();
    for (let i = 0; i < 10; i += 1) await openSocket(twin);
    const eleventh = await openSocket(twin);
    expect(eleventh.messages[0]).toMatchObject({ type: "disconnect", reason: "too_many_websockets" });
    await until("the end of the eleventh", eleventh.closed);
    expect(twin.connections()).toBe(10);
  });

  it("carries envelopes as documented", async () => {
    const made = await scene();
    const socket = await openSocket(made.twin);
    say(made, "@patchcord");
    await until("both events", () => socket.envelopes().length === 2);
    const [envelope] = socket.envelopes();
    expect(Object.keys(envelope ?? {}).sort()).toEqual(Object.keys(fixture("socket_envelope")).sort());
    expect(envelope).toMatchObject({
      type: "events_api",
      accepts_response_payload: false,
      retry_attempt: 0,
      retry_reason: "",
      payload: { type: "event_callback", event: { type: "message" } },
    });
    for (const one of socket.envelopes()) socket.ack(one);
    await until("both acks", () => made.twin.deliveries.every(({ state }) => state === "acknowledged"));
  });

  it("shares the envelopes with the others: each goes to one", async () => {
    const made = await scene();
    const sockets = [await openSocket(made.twin), await openSocket(made.twin)];
    for (let i = 0; i < 10; i += 1) say(made, `${i}`);
    const arrived = () => sockets.flatMap((socket) => socket.envelopes());
    await until("ten envelopes", () => arrived().length === 10);
    expect(sockets.map((socket) => socket.envelopes().length)).toEqual([5, 5]);
    expect(new Set(arrived().map((envelope) => envelope["envelope_id"])).size).toBe(10);
    expect(made.twin.deliveries.map(({ connection }) => connection)).toEqual([2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
  });

  it("is pinged at once, and every ten seconds", async () => {
    const clock = fakeClock();
    const { twin } = await scene({ clock });
    const { body } = await call(twin, "apps.connections.open", {}, twin.appToken);
    const socket = new WebSocket(body["url"] as string);
    let pings = 0;
    socket.on("ping", () => (pings += 1));
    await until("the first ping", () => pings === 1);
    await clock.advance(10_000);
    await until("the second ping", () => pings === 2);
  });

  it("is closed when it speaks anything but JSON", async () => {
    const { twin } = await scene();
    const socket = await openSocket(twin);
    socket.socket.send("hello?");
    await until("the end", socket.closed);
  });
});

describe("disconnectSockets", () => {
  it.each<SlackDisconnect>(["refresh_requested", "link_disabled", "too_many_websockets"])(
    "says %s and closes",
    async (reason) => {
      const { twin } = await scene();
      const socket = await openSocket(twin);
      twin.disconnectSockets(reason);
      expect(twin.connections()).toBe(0);
      await until("the end", socket.closed);
      expect(socket.messages.at(-1)).toEqual({
        ...fixture("socket_disconnect"),
        reason,
        debug_info: { host: "twin" },
      });
    },
  );

  it("warns ten seconds before it closes, and sends nothing more", async () => {
    const clock = fakeClock();
    const made = await scene({ clock });
    const socket = await openSocket(made.twin);
    made.twin.disconnectSockets("warning");
    say(made, "hi");
    await until("the warning", () => socket.messages.at(-1)?.["type"] === "disconnect");
    await clock.advance(9999);
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
    await clock.advance(1);
    await until("the end", socket.closed);
    expect(socket.envelopes()).toEqual([]);
  });

  it("cuts without a word", async () => {
    const { twin } = await scene();
    const [first, second] = [await openSocket(twin), await openSocket(twin)];
    twin.disconnectSockets("cut", 1);
    await until("the end of the first", first.closed);
    expect(first.messages).toHaveLength(1);
    expect(second.closed()).toBe(false);
    expect(twin.connections()).toBe(1);
  });

  it("leaves a silent socket open: no events, no pongs, no acknowledgements", async () => {
    const made = await scene({ delivery: { ackTimeoutMs: 300, retryAfterMs: [] } });
    const { twin } = made;
    const socket = await openSocket(twin);
    let pongs = 0;
    socket.socket.on("pong", () => (pongs += 1));
    socket.socket.ping();
    say(made, "before");
    await until("a pong and an event", () => pongs === 1 && socket.envelopes().length === 1);
    twin.disconnectSockets("silence");
    socket.socket.ping();
    socket.ack(socket.envelopes()[0]!);
    say(made, "after");
    await until("the time-out", () => twin.deliveries.every(({ state }) => state !== "open"));
    expect(twin.deliveries.map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect([pongs, socket.envelopes().length, socket.closed()]).toEqual([1, 1, false]);
  });
});
