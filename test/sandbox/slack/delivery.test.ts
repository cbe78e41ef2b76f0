import { describe, expect, it } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { openSocket, say, useScenes, type RawSocket, type Scene } from "./helpers.ts";
import { until } from "../../eventually.ts";

const { scene } = useScenes();

const attempts = (socket: RawSocket) =>
  socket.envelopes().map((envelope) => [envelope["retry_attempt"], envelope["retry_reason"]]);
const texts = (socket: RawSocket) =>
  socket.envelopes().map((envelope) => (envelope["payload"] as { event: { text: string } }).event.text);

describe("an event that nobody acknowledges", () => {
  it("comes again almost at once, after a minute and after five, then no more", async () => {
    const clock = fakeClock();
    const made = await scene({ clock });
    const socket = await openSocket(made.twin);
    say(made, "hi");
    const { deliveries } = made.twin;
    for (const [ms, count] of [
      [3000 + 100, 2],
      [3000 + 60_000, 3],
      [3000 + 300_000, 4],
    ] as const) {
      await clock.advance(ms - 1);
      expect(deliveries).toHaveLength(count - 1);
      await clock.advance(1);
      expect(deliveries).toHaveLength(count);
    }
    await clock.advance(3_600_000);
    await until("the last attempt", () => socket.envelopes().length === 4);
    expect(attempts(socket)).toEqual([
      [0, ""],
      [1, "timeout"],
      [2, "timeout"],
      [3, "timeout"],
    ]);
    expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(1);
    expect(new Set(socket.envelopes().map((envelope) => envelope["envelope_id"])).size).toBe(4);
    expect(deliveries.map(({ state }) => state)).toEqual(Array(4).fill("failed"));
  });

  it("does not come again once it is acknowledged, however late within the three seconds", async () => {
    const clock = fakeClock();
    const made = await scene({ clock });
    const socket = await openSocket(made.twin);
    say(made, "hi");
    await until("the event", () => socket.envelopes().length === 1);
    await clock.advance(2999);
    socket.ack(socket.envelopes()[0]!);
    await until("the acknowledgement", () => made.twin.deliveries[0]?.state === "acknowledged");
    await clock.advance(3_600_000);
    expect(made.twin.deliveries).toHaveLength(1);
  });

  it("comes again on another connection when its own is cut", async () => {
    const made = await scene({ delivery: { retryAfterMs: [10] } });
    const sockets = [await openSocket(made.twin), await openSocket(made.twin)];
    say(made, "hi");
    await until("the first attempt", () => made.twin.deliveries.length === 1);
    sockets[1]?.socket.terminate();
    await until("the second attempt", () => sockets[0]!.envelopes().length === 1);
    expect(attempts(sockets[0]!)).toEqual([[1, "timeout"]]);
    expect(made.twin.deliveries.map(({ connection }) => connection)).toEqual([2, 1]);
  });

  it("comes to a socket that opens after it was sent", async () => {
    const made = await scene({ delivery: { retryAfterMs: [50] } });
    say(made, "anybody there?");
    const socket = await openSocket(made.twin);
    await until("the second attempt", () => socket.envelopes().length === 1);
    expect(attempts(socket)).toEqual([[1, "timeout"]]);
  });
});

describe("disturbances", () => {
  async function disturbed(disturb: (made: Scene) => void): Promise<{ made: Scene; socket: RawSocket }> {
    const made = await scene({ delivery: { retryAfterMs: [10] } });
    const socket = await openSocket(made.twin);
    socket.socket.on("message", (data) => {
      const envelope = JSON.parse((data as Buffer).toString()) as Record<string, unknown>;
      if ("envelope_id" in envelope) socket.ack(envelope);
    });
    disturb(made);
    return { made, socket };
  }

  it("deliver twice, with one event_id", async () => {
    const { made, socket } = await disturbed(({ twin }) => twin.disturb({ times: 1, effect: "twice" }));
    say(made, "a");
    say(made, "b");
    await until("three deliveries", () => socket.envelopes().length === 3);
    expect(texts(socket)).toEqual(["a", "a", "b"]);
    const [first, second] = made.twin.deliveries;
    expect(first?.eventId).toBe(second?.eventId);
    expect(attempts(socket)).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
  });

  it("hold back what matches, and release it in reverse", async () => {
    const { made, socket } = await disturbed(({ twin }) =>
      twin.disturb({ times: 2, effect: "hold", matches: (event) => event["text"] !== "b" }),
    );
    for (const text of ["a", "b", "c", "d"]) say(made, text);
    await until("what was not held", () => socket.envelopes().length === 2);
    made.twin.releaseHeld();
    await until("what was held", () => socket.envelopes().length === 4);
    expect(texts(socket)).toEqual(["b", "d", "c", "a"]);
    made.twin.releaseHeld();
    expect(made.twin.deliveries).toHaveLength(4);
  });

  it("lose an acknowledgement, so that the event comes again", async () => {
    const { made, socket } = await disturbed(({ twin }) => twin.disturb({ times: 1, effect: "lose-ack" }));
    say(made, "a");
    await until("the second acknowledgement", () => made.twin.deliveries.at(-1)?.state === "acknowledged");
    expect(attempts(socket)).toEqual([
      [0, ""],
      [1, "timeout"],
    ]);
    expect(made.twin.deliveries.map(({ state }) => state)).toEqual(["failed", "acknowledged"]);
  });
});

describe("payloads of one's own", () => {
  it("go out wrapped by dispatch, whatever was subscribed, and bare by deliver", async () => {
    const { twin } = await scene({ events: [] });
    const socket = await openSocket(twin);
    twin.dispatch({ type: "app_home_opened", tab: "messages" });
    twin.deliver({ type: "app_rate_limited", minute_rate_limited: 1 });
    await until("both", () => socket.envelopes().length === 2);
    expect(socket.envelopes().map((envelope) => envelope["payload"])).toMatchObject([
      { type: "event_callback", event: { type: "app_home_opened" } },
      { type: "app_rate_limited" },
    ]);
    expect(twin.deliveries.map(({ type }) => type)).toEqual(["app_home_opened", "app_rate_limited"]);
  });
});
