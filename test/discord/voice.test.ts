import { describe, expect, test } from "vitest";
import type { Condition } from "../../src/chat/platform.ts";
import type { Token } from "../../src/discord/token.ts";
import { createVoice } from "../../src/discord/voice.ts";
import { fakeClock } from "../fakes/clock.ts";

function voice() {
  const clock = fakeClock();
  const stop = new AbortController();
  const told: Condition[] = [];
  const callbacks: (() => void)[] = [];
  const state = { isRefused: false };
  const token: Token = {
    get isRefused() {
      return state.isRefused;
    },
    check: () => {},
    refuse: () => {},
    onChange: (callback) => void callbacks.push(callback),
  };
  const made = createVoice({
    part: "p",
    clock,
    token,
    tell: (condition) => void told.push(condition),
    signal: stop.signal,
  });
  const say = (condition: Parameters<typeof made.say>[0]) => made.say(condition);
  const deaf = (until: Promise<void>) => made.deaf(until);
  const refuse = (refused: boolean) => {
    state.isRefused = refused;
    for (const callback of callbacks) callback();
  };
  const kinds = () => told.map((one) => (one.kind === "listening" ? `listening ${one.resumed}` : one.kind));
  return { clock, stop, say, deaf, refuse, kinds };
}

const connecting = { kind: "connecting", why: "why" } as const;
const anew = { kind: "listening", resumed: false } as const;
const resumed = { kind: "listening", resumed: true } as const;

describe("what is told of a part", () => {
  test("is what changes, once, and every new session", () => {
    const { say, kinds } = voice();
    for (const one of [connecting, connecting, anew, resumed, anew, connecting, resumed]) say(one);
    expect(kinds()).toEqual([
      "connecting",
      "listening false",
      "listening false",
      "connecting",
      "listening true",
    ]);
  });

  test("is that the token is refused, and then what it was, or what it has become", () => {
    const { say, refuse, kinds } = voice();
    refuse(true);
    say(connecting);
    say(anew);
    refuse(false);
    refuse(true);
    refuse(false);
    refuse(true);
    say(connecting);
    refuse(false);
    expect(kinds()).toEqual([
      "refused",
      "listening false",
      "refused",
      "listening true",
      "refused",
      "connecting",
    ]);
  });

  test("is that it is dead after five minutes without a connection, until there is one", async () => {
    const { say, clock, kinds } = voice();
    say(connecting);
    await clock.advance(299_999);
    say(connecting);
    await clock.advance(1);
    say(connecting);
    say(anew);
    expect(kinds()).toEqual(["connecting", "dead", "listening false"]);
    say(connecting);
    say({ kind: "elsewhere" });
    await clock.advance(600_000);
    expect(kinds().slice(3)).toEqual(["connecting", "elsewhere"]);
    expect(clock.sleeping()).toBe(0);
  });

  test("is nothing after a stop", async () => {
    const { say, clock, stop, kinds } = voice();
    say(connecting);
    stop.abort();
    await clock.advance(600_000);
    say(anew);
    expect(kinds()).toEqual(["connecting"]);
  });
});

describe("what was heard and lost again", () => {
  test("is as if nothing had been heard until it is over, and then everything was missed", async () => {
    const { say, deaf, kinds, clock } = voice();
    const over = Promise.withResolvers<void>();
    say(anew);
    deaf(over.promise);
    deaf(Promise.resolve());
    say({ kind: "connecting", why: "lost" });
    say(resumed);
    await clock.advance(0);
    expect(kinds().filter((kind) => kind.startsWith("listening"))).toHaveLength(1);
    over.resolve();
    await clock.advance(0);
    expect(kinds().at(-1)).toBe("listening false");
  });

  test("changes nothing where nothing is heard", async () => {
    const { say, deaf, kinds, clock } = voice();
    say({ kind: "elsewhere" });
    deaf(Promise.resolve());
    await clock.advance(0);
    expect(kinds()).toEqual(["elsewhere"]);
  });
});
