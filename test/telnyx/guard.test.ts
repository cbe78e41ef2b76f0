import { describe, expect, test } from "vitest";
import { createGuard } from "../../src/telnyx/guard.ts";
import { fakeClock } from "../fakes/clock.ts";

const pace = { headersMs: 1_000, silenceMs: 100, totalMs: 5_000 };

describe("createGuard", () => {
  test("ends a call whose headers do not come", async () => {
    const clock = fakeClock();
    const guard = createGuard(clock, pace);
    await clock.advance(999);
    expect(guard.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(guard.signal.reason).toMatchObject({
      reason: "timeout",
      reached: "unknown",
      message: "no answer within 1 s",
    });
    guard.release();
    expect(clock.sleeping()).toBe(0);
  });

  test("counts silence only while somebody waits for bytes", async () => {
    const clock = fakeClock();
    const guard = createGuard(clock, pace);
    guard.answered();
    await clock.advance(1_500); // Nobody reads: the reader is slow, not the server.
    guard.waiting();
    await clock.advance(99);
    guard.heard();
    await clock.advance(1_500);
    guard.waiting();
    for (let i = 0; i < 10; i += 1) {
      await clock.advance(60);
      guard.heard();
      guard.waiting();
    }
    expect(guard.signal.aborted).toBe(false);
    await clock.advance(99);
    expect(guard.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(guard.signal.reason).toMatchObject({ reason: "timeout", message: "no byte for 0.1 s" });
    guard.release();
  });

  test("bounds the whole, also when bytes keep coming", async () => {
    const clock = fakeClock();
    const guard = createGuard(clock, pace);
    guard.answered();
    await clock.advance(5_000);
    expect(guard.signal.reason).toMatchObject({ reason: "timeout", message: "not finished within 5 s" });
    guard.release();
  });

  test("can be told to hurry", async () => {
    const clock = fakeClock();
    const guard = createGuard(clock, pace);
    guard.answered();
    guard.hurry(200);
    await clock.advance(200);
    expect(guard.signal.reason).toMatchObject({ message: "not finished within 0.2 s" });
    guard.release();
  });

  test("aborts with the caller, and lets go of the signal", async () => {
    const clock = fakeClock();
    const caller = new AbortController();
    const guard = createGuard(clock, pace, caller.signal);
    const released = createGuard(clock, pace, caller.signal);
    released.release();
    caller.abort();
    expect(guard.signal.reason).toMatchObject({ reason: "aborted", reached: "unknown" });
    expect(released.signal.aborted).toBe(false);
    guard.release();
    await clock.advance(10_000);
    expect(clock.sleeping()).toBe(0);
  });
});
