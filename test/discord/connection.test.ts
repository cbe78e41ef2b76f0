import { listener } from "../fakes/listener.ts";
import { afterEach, describe, expect, test } from "vitest";
import { PatchcordError } from "../../src/errors.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../src/sandbox/discord/options.ts";
import { until } from "../eventually.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { adapterOn, answer, AT_REST, type BenchOptions, startBench, startTwin, strike } from "./kit.ts";

const CONTENT = 1 << 15;
const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function twinWith(options: DiscordTwinOptions = {}): Promise<DiscordTwin> {
  const twin = await startTwin(options);
  opened.push(() => twin.close());
  return twin;
}

function adapter(twin: DiscordTwin, options: BenchOptions = {}) {
  const made = adapterOn(twin, options);
  opened.push(() => made.platform.stop());
  return made;
}

async function failure(attempt: Promise<unknown>): Promise<PatchcordError> {
  const caught: unknown = await attempt.catch((error: unknown) => error);
  if (caught instanceof PatchcordError) return caught;
  throw new Error(`not a PatchcordError: ${String(caught)}`);
}

const intentsOf = (twin: DiscordTwin) => twin.gateway.sessions().map(({ intents }) => intents & CONTENT);
const GATEWAY = /^GET .*\/gateway\/bot$/;
const APPLICATION = /^GET .*\/applications\/@me$/;
const count = (twin: DiscordTwin, line: RegExp) =>
  twin.requests.filter(({ method, path }) => line.test(`${method} ${path}`)).length;

describe("the message content intent", () => {
  test.each([
    ["auto", ["MESSAGE_CONTENT"], [CONTENT]],
    ["auto", [], [0]],
    [false, ["MESSAGE_CONTENT"], [0]],
    [true, ["MESSAGE_CONTENT"], [CONTENT]],
  ] as const)("configured %j and granted %j", async (messageContent, privilegedIntents, asked) => {
    const twin = await twinWith({ privilegedIntents });
    await adapter(twin, { config: { messageContent } }).platform.start(listener());
    expect(intentsOf(twin)).toEqual(asked);
  });

  test("is done without when the application's flags promise more than the gateway grants", async () => {
    const twin = await twinWith({ privilegedIntents: [] });
    strike(twin, APPLICATION, answer(200, { id: twin.applicationId, flags: 1 << 19 }));
    const { platform } = adapter(twin);
    await platform.start(listener());
    expect(intentsOf(twin)).toEqual([0]);
    expect(platform.warnings).toHaveLength(1);
  });

  test("is insisted on where the configuration does", async () => {
    const twin = await twinWith({ privilegedIntents: [] });
    const error = await failure(
      adapter(twin, { config: { messageContent: true } }).platform.start(listener()),
    );
    expect(error.code).toBe("discord_intent_refused");
    expect(twin.gateway.sessions()).toEqual([]);
  });
});

const PAUSES = [1_000, 5_000];

/** Lets the pauses between tries to connect pass, one after the other. */
async function sitOut(pauses: readonly number[], clock: FakeClock, logged: Record<string, unknown>[]) {
  for (const pause of pauses) {
    await until(`it pauses for ${pause}`, () => logged.some((line) => line["pause"] === pause));
    await clock.advance(pause);
  }
}

describe("a start", () => {
  test("with a token that is refused asks once, and says what to do", async () => {
    const twin = await twinWith();
    const { platform } = adapter(twin, { config: { token: "MTIz.not.it" } });
    const error = await failure(platform.start(listener()));
    expect(error.code).toBe("discord_unauthorized");
    expect(error.message).toContain("DISCORD_TOKEN");
    expect(error.message).not.toContain("MTIz.not.it");
    expect(twin.requests).toHaveLength(1);
  });

  test("with a token that is reset in between says the same", async () => {
    const twin = await twinWith();
    strike(twin, GATEWAY, answer(401, { message: "401: Unauthorized", code: 0 }));
    expect((await failure(adapter(twin).platform.start(listener()))).code).toBe("discord_unauthorized");
    expect(count(twin, GATEWAY)).toBe(1);
  });

  test("goes on after a failure that passes", async () => {
    const twin = await twinWith();
    const clock = fakeClock();
    strike(twin, APPLICATION, { kind: "cut" });
    strike(twin, GATEWAY, answer(503, { message: "503", code: 0 }));
    const { platform, logged } = adapter(twin, { clock });
    const starting = platform.start(listener());
    await sitOut(PAUSES, clock, logged);
    await starting;
    await clock.advance(5_000);
    expect(clock.sleeping()).toBe(AT_REST);
  });

  test("gives up where Discord cannot be reached", async () => {
    const twin = await twinWith();
    const clock = fakeClock();
    strike(twin, APPLICATION, answer(502, { message: "502", code: 0 }), 3);
    const { platform, logged } = adapter(twin, { clock });
    const starting = failure(platform.start(listener()));
    await sitOut(PAUSES, clock, logged);
    expect((await starting).code).toBe("discord_unreachable");
    expect(count(twin, APPLICATION)).toBe(3);
  });

  test("tries again when the gateway lets nobody in, and gives up in the end", async () => {
    const twin = await twinWith();
    const clock = fakeClock();
    twin.gateway.refuse(true);
    const { platform, logged } = adapter(twin, { clock });
    const starting = failure(platform.start(listener()));
    await sitOut(PAUSES, clock, logged);
    expect((await starting).code).toBe("discord_unreachable");
    expect(clock.sleeping()).toBe(0);
  });

  test("does not wait for ever", async () => {
    const twin = await twinWith();
    const clock = fakeClock();
    strike(twin, GATEWAY, { kind: "delay", ms: 100 });
    const { platform, logged } = adapter(twin, { clock });
    const starting = platform.start(listener());
    await until("the gateway was asked for", () => count(twin, GATEWAY) === 1);
    await clock.advance(60_000);
    await sitOut(PAUSES.slice(0, 1), clock, logged);
    await starting;
    // By the time that the connection is back, the first try has got its answer; it is not to be taken up any more.
    twin.gateway.drop(4000);
    await until("the connection is back", () => twin.gateway.counts.resumed === 1);
    expect(twin.gateway.counts.identified).toBe(1);
  });

  test("that is stopped on its way rejects, and leaves no session", async () => {
    const twin = await twinWith();
    strike(twin, GATEWAY, { kind: "stall" });
    const { platform } = adapter(twin);
    const starting = failure(platform.start(listener()));
    await until("the gateway was asked for", () => count(twin, GATEWAY) === 1);
    await platform.stop();
    expect((await starting).message).toContain("was stopped");
    expect(twin.gateway.counts.identified).toBe(0);
  });
});

describe("a connection that is lost", () => {
  test.each([4000, "cut"] as const)(
    "(%s) is resumed, and what was said meanwhile arrives once",
    async (how) => {
      await using bench = await startBench();
      const { twin, person, channel } = bench;
      twin.gateway.drop(how);
      const missed = twin.say({ channel, user: person, content: "while away" });
      await bench.heard(missed);
      await bench.heard(twin.say({ channel, user: person, content: "back" }));
      expect(bench.received.map(({ text }) => text)).toEqual(["while away", "back"]);
      expect(twin.gateway.counts).toMatchObject({ identified: 1, resumed: 1 });
      expect(bench.logged.map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(["Discord's gateway is lost; reconnecting", "Discord's gateway is back"]),
      );
    },
  );

  test("for good is told to the operator", async () => {
    await using bench = await startBench();
    bench.twin.gateway.drop(4004);
    await until("it was logged", () =>
      bench.logged.some(({ msg }) => /hears and says nothing/.test(String(msg))),
    );
  });
});

describe("a stop", () => {
  test("ends the session, and may be repeated", async () => {
    await using bench = await startBench();
    await Promise.all([bench.platform.stop(), bench.platform.stop()]);
    await until("the gateway knows", () =>
      bench.twin.gateway.sessions().every(({ connected }) => !connected),
    );
  });

  test("between two connections is final: discord.js does not connect again", async () => {
    await using bench = await startBench();
    const { twin } = bench;
    twin.gateway.drop(4000);
    await until("it reconnects", () => bench.logged.some(({ msg }) => /reconnecting/.test(String(msg))));
    await bench.platform.stop();

    // Another process goes through the same: when that one is back, this one would have been, long ago.
    const other = await startBench({}, twin);
    twin.gateway.drop(4000);
    await until("the other is back", () => twin.gateway.counts.resumed === 1);
    await other.platform.stop();
    expect(twin.gateway.counts).toEqual({ identified: 2, resumed: 1 });
  });

  test("before the start is nothing", async () => {
    const twin = await twinWith();
    await adapter(twin).platform.stop();
    expect(twin.requests).toEqual([]);
  });
});
