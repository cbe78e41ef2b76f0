import { type Client, Collection, Status, type WebSocketOptions } from "discord.js";
import { describe, expect, test } from "vitest";
import { createGate } from "../../src/discord/gate.ts";
import type { Turn } from "../../src/discord/gateway.ts";
import { fakeClock } from "../fakes/clock.ts";

type Manager = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

const turn: Turn = {
  info: {
    url: "ws://x",
    shards: 1,
    session_start_limit: { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 1 },
  },
  begin: () => {},
  end: () => {},
};

/** As much of discord.js as the gate touches. */
function clientWith(status: Status) {
  const destroyed: string[] = [];
  const shards = new Collection([[0, { status }]]);
  const client = { ws: { shards }, destroy: async () => void destroyed.push("destroyed") };
  return { client: client as unknown as Client, destroyed };
}

describe("closing a client", () => {
  test("that is connected is done at once", async () => {
    const gate = createGate(fakeClock(), turn);
    const { client, destroyed } = clientWith(Status.Ready);
    await gate.close(client);
    await gate.close(client);
    expect(destroyed).toEqual(["destroyed"]);
  });

  test("whose connection is being made waits until it stands", async () => {
    const clock = fakeClock();
    const gate = createGate(clock, turn);
    const { client, destroyed } = clientWith(Status.Connecting);
    const closed = gate.close(client);
    await clock.advance(1_999);
    expect(destroyed).toEqual([]);
    await clock.advance(1);
    await closed;
    expect(destroyed).toEqual(["destroyed"]);
  });

  test("that sleeps before its next connection parks it for good", async () => {
    const clock = fakeClock();
    const gate = createGate(clock, turn);
    const { client, destroyed } = clientWith(Status.Connecting);
    const session = { sequence: 1, sessionId: "a", shardCount: 1, shardId: 0, resumeURL: "ws://x" };
    const manager = {
      options: { retrieveSessionInfo: () => session, updateSessionInfo: () => {} },
    } as unknown as Manager;
    gate.ws.buildStrategy?.(manager);
    const retrieve = async () => manager.options.retrieveSessionInfo(0);
    expect(await retrieve()).toBe(session);
    const closed = gate.close(client);
    let went = false;
    void retrieve().then(() => (went = true));
    await closed;
    await clock.advance(60_000);
    expect([destroyed, went, clock.sleeping()]).toEqual([["destroyed"], false, 0]);
  });
});
