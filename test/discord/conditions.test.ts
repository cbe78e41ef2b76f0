import { describe, expect, test } from "vitest";
import type { Condition } from "../../src/chat/platform.ts";
import { encodePlace } from "../../src/discord/place.ts";
import { draft, final, postKey, refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { answer, type Bench, type BenchOptions, startBench, strike } from "./kit.ts";

const GATEWAY = /^GET .*\/gateway\/bot$/;
const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });
const kinds = ({ conditions }: Bench) => conditions.map(({ kind }) => kind);
const last = ({ conditions }: Bench) => conditions.at(-1);

/** An adapter that listens, on a clock of the test's. */
async function listening(options: BenchOptions = {}): Promise<Bench & { clock: FakeClock }> {
  const clock = fakeClock();
  const bench = await startBench({ ...options, clock });
  bench.conditions.length = 0;
  return Object.assign(bench, { clock });
}

/** Until discord.js asked for a second session, which takes it half a second: only then may time pass. */
async function outlives(bench: Bench) {
  await until("its session is over", () =>
    JSON.stringify(bench.logged).includes("does not take the gateway's session"),
  );
}

/** Until it is told to be so, with time passing. */
async function becomes(bench: Bench & { clock: FakeClock }, kind: Condition["kind"], stepMs = 1_000) {
  await until(`it is ${kind}`, () => {
    void bench.clock.advance(stepMs);
    return last(bench)?.kind === kind;
  });
}

describe("a connection that is lost", () => {
  test.each([4000, 4001, 4002, "cut"] as const)("with %s and resumed has missed nothing", async (how) => {
    await using bench = await listening();
    bench.twin.gateway.drop(how);
    await until("it is back", () => last(bench)?.kind === "listening");
    expect(bench.conditions).toEqual([
      { part: "shard 0 of 1", kind: "connecting", why: expect.any(String) },
      { part: "shard 0 of 1", kind: "listening", resumed: true },
    ]);
    expect(bench.twin.gateway.counts).toEqual({ identified: 1, resumed: 1 });
  });

  test.each([1000, 4003, 4005, 4007, 4008, 4009])(
    "with %i and a new session has missed something",
    async (code) => {
      await using bench = await listening();
      bench.twin.gateway.drop(code);
      await outlives(bench);
      await becomes(bench, "listening");
      expect(last(bench)).toEqual({ part: "shard 0 of 1", kind: "listening", resumed: false });
      expect(bench.twin.gateway.counts.identified).toBe(2);
      const said = bench.twin.say({ channel: bench.channel, user: bench.person, content: "back?" });
      await bench.heard(said);
    },
  );

  test("by an invalid session that may be resumed has missed nothing", async () => {
    await using bench = await listening();
    bench.twin.gateway.invalidate(true);
    await until("it was resumed", () => bench.twin.gateway.counts.resumed === 1);
    await bench.heard(bench.twin.say({ channel: bench.channel, user: bench.person, content: "there?" }));
    expect(bench.conditions.every((one) => one.kind !== "listening" || one.resumed)).toBe(true);
  });

  test("by an invalid session has missed something, and starts another one once", async () => {
    await using bench = await listening();
    bench.twin.gateway.invalidate(false);
    await outlives(bench);
    await becomes(bench, "listening");
    expect(last(bench)).toMatchObject({ kind: "listening", resumed: false });
    expect(bench.twin.gateway.counts).toEqual({ identified: 2, resumed: 0 });
  });

  test("because Discord asked for it has missed nothing", async () => {
    await using bench = await listening();
    bench.twin.gateway.requestReconnect();
    await until("it was resumed", () => bench.twin.gateway.counts.resumed === 1);
    await until("it is back", () => last(bench)?.kind === "listening");
    expect(bench.conditions.every((one) => one.kind !== "listening" || one.resumed)).toBe(true);
  });
});

describe("a token that is reset", () => {
  test("is told once and asked about rarely, and nothing else is asked", async () => {
    await using bench = await listening();
    const { clock, twin, platform } = bench;
    const id = await platform.post(placeOf(bench), draft("hi"), postKey(0));
    twin.gateway.acceptToken(false);
    await until("it is told", () => last(bench)?.kind === "refused");
    const before = twin.requests.length;
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(60_000);
      for (let times = 0; times < 10; times += 1) {
        const told = await refusal(platform.edit(placeOf(bench), id, final("x")));
        expect([told.kind, told.code]).toEqual(["unauthorized", "discord_unauthorized"]);
      }
    }
    expect(kinds(bench).filter((kind) => kind === "refused")).toHaveLength(1);
    expect(twin.requests.length - before).toBeLessThan(20);
    expect(
      bench.logged.filter(({ level, msg }) => level === 50 && /DISCORD_TOKEN/.test(String(msg))),
    ).toHaveLength(1);
  });

  test("and taken again goes on where it was", async () => {
    await using bench = await listening();
    const { clock, twin, platform } = bench;
    twin.gateway.acceptToken(false);
    await until("it is told", () => last(bench)?.kind === "refused");
    await clock.advance(60_000);
    twin.gateway.acceptToken(true);
    await becomes(bench, "listening", 60_000);
    expect(last(bench)).toMatchObject({ resumed: false });
    await platform.post(placeOf(bench), draft("hi"), postKey(0));
  });

  test("for REST alone is told, and nothing was missed when it is taken again", async () => {
    await using bench = await listening();
    const { clock, twin, platform } = bench;
    strike(twin, /./, answer(401, { message: "401: Unauthorized", code: 0 }), 2);
    await refusal(platform.post(placeOf(bench), draft("hi"), postKey(0)));
    await clock.advance(1_000);
    expect(kinds(bench)).toEqual(["refused"]);
    await becomes(bench, "listening");
    expect(last(bench)).toEqual({ part: "shard 0 of 1", kind: "listening", resumed: true });
  });
});

describe("what Discord asks for", () => {
  test("another number of shards is for a new process", async () => {
    await using bench = await listening();
    bench.twin.gateway.reshard(2);
    bench.twin.gateway.invalidate(false);
    await outlives(bench);
    await becomes(bench, "dead");
    expect(last(bench)).toMatchObject({ why: expect.stringContaining("another number of shards") });
  });

  test("an intent that was taken away is done without, or told where it is insisted on", async () => {
    const settings = { privilegedIntents: ["MESSAGE_CONTENT" as const] };
    await using bench = await listening({ twin: settings, config: { messageContent: true } });
    bench.twin.gateway.drop(4014);
    await until("it is told", () => last(bench)?.kind === "refused");
    expect(last(bench)).toMatchObject({ why: expect.stringContaining("message content intent") });
    await becomes(bench, "listening", 10_000);

    await using easy = await listening({ twin: settings });
    expect(easy.platform.warnings).toEqual([]);
    easy.twin.gateway.drop(4014);
    await becomes(easy, "listening", 5_000);
  });

  test("not to start sessions any more today is waited for, and is no reason for a new process", async () => {
    await using bench = await listening({ twin: { dailyStarts: 20 } });
    const { clock, twin } = bench;
    twin.gateway.spendStarts(19);
    twin.gateway.invalidate(false);
    await outlives(bench);
    await becomes(bench, "refused");
    expect(last(bench)).toMatchObject({ why: expect.stringMatching(/no new session/) });
    for (let minute = 0; minute < 60; minute += 1) await clock.advance(60_000);
    expect(kinds(bench)).not.toContain("dead");
    expect(twin.gateway.counts.identified).toBe(1);
    expect(bench.logged.filter(({ msg }) => /few of the day's sessions/.test(String(msg)))).toHaveLength(1);
    const url = twin.apiUrl.replace("http:", "ws:").replace("/api", "");
    const limit = { total: 20, remaining: 3, reset_after: 1_000, max_concurrency: 1 };
    strike(twin, GATEWAY, answer(200, { url, shards: 1, session_start_limit: limit }));
    twin.gateway.spendStarts(-1);
    await becomes(bench, "listening", 60_000);
  });
});

describe("a gateway that cannot be reached", () => {
  test.each([
    ["429", answer(429, { message: "slow", retry_after: 2, global: false }, { "retry-after": "2" })],
    ["503", answer(503, { message: "503", code: 0 })],
    [
      "a page",
      { kind: "answer", status: 200, headers: { "content-type": "text/html" }, body: "<h1>hi</h1>" },
    ],
    ["a cut", { kind: "cut" }],
  ] as const)("(%s) is tried until it can, and a new process should try after minutes", async (_, effect) => {
    await using bench = await listening();
    const { clock, twin } = bench;
    strike(twin, GATEWAY, effect, 1_000);
    twin.gateway.invalidate(false);
    await until("it tries", () => last(bench)?.kind === "connecting");
    for (let minute = 0; minute < 6; minute += 1) await clock.advance(60_000);
    expect(kinds(bench).filter((kind) => kind === "dead")).toHaveLength(1);
    expect(twin.requests.length).toBeLessThan(30);
    twin.reset();
    await becomes(bench, "listening", 60_000);
    expect(last(bench)).toMatchObject({ resumed: false });
  });
});
