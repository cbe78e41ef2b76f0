import { describe, expect, test } from "vitest";
import { encodePlace } from "../../src/slack/place.ts";
import { createStreamGate } from "../../src/slack/streaming.ts";
import { fakeClock } from "../fakes/clock.ts";
import { silent } from "./harness.ts";
import { growing, instantSlack } from "./stream-kit.ts";

describe("whether a page is streamed", () => {
  /** With a hundred appends a minute, of which nine live streams and the next one have ten each. */
  function mayOpen(channel: string, edits: number, { live = 9, isThreaded = true } = {}) {
    const clock = fakeClock();
    const { web } = instantSlack(clock);
    const gate = createStreamGate({ web, clock, log: silent, mode: "auto", isAgent: true });
    const place = encodePlace({ team: "T1", channel, ...(isThreaded ? { threadTs: "1.1" } : {}) });
    return gate.mayOpen(place, growing("One"), { live, edits });
  }

  test("in a channel goes by which of the two shows it more often, as long as edits are few", () => {
    expect([mayOpen("C1", 9.9), mayOpen("C1", 10)]).toEqual([true, false]);
    expect([mayOpen("C1", 12.9, { live: 0 }), mayOpen("C1", 13, { live: 0 })]).toEqual([true, false]);
  });

  test("in a direct message it is, while appends are half as many as edits", () => {
    expect([mayOpen("D1", 20), mayOpen("D1", 20.1)]).toEqual([true, false]);
  });

  test("it is none outside of a thread", () => {
    expect([mayOpen("D1", 1), mayOpen("D1", 1, { isThreaded: false })]).toEqual([true, false]);
  });
});
