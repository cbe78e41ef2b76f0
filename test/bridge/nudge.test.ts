import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NUDGE } from "../../src/reply/nudge.ts";
import type { BenchOptions } from "./harness.ts";
import { type Bench, useBenches } from "./harness.ts";

const open = useBenches();
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "patchcord-nudge-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Whoever waits for more than ten seconds is told; the model takes twenty. */
async function ask(options: BenchOptions = {}, said: Parameters<Bench["chat"]["say"]>[2] = {}) {
  const bench = await open({ behaviour: { nudgeAfterMs: 10_000 }, ...options });
  const { chat, telnyx, clock } = bench;
  telnyx.model(async function* () {
    yield { kind: "text", delta: "Half" };
    await clock.sleep(20_000);
    yield { kind: "text", delta: " and half." };
    yield { kind: "done" };
  });
  const place = chat.openPlace();
  await chat.say(place, "hello", said);
  return { ...bench, place };
}

const ANSWER = "Half and half.";
const CALL = "Your answer is complete.";
const nudges = ({ chat }: Pick<Bench, "chat">) => chat.calls.filter(({ page }) => page?.nudge !== undefined);

describe("an answer that was long in coming", () => {
  it("ends with a message that mentions who asked and links to its first page", async () => {
    const bench = await ask({}, { author: { id: "U7" } });
    await bench.settle(30_000);
    const { chat, place } = bench;
    expect(chat.pages(place)).toEqual([ANSWER, CALL]);
    const first = chat.stored(place).find(({ message }) => message.text === ANSWER)!.message.id;
    expect(nudges(bench).map(({ kind, page, key }) => [kind, page?.nudge, key?.page])).toEqual([
      ["post", { person: "U7", link: `https://fake.example/${place}/${first}` }, NUDGE],
    ]);
    const [turn] = chat.calls.flatMap(({ key }) => key?.turn ?? []);
    expect(await bench.now().database.store.pages(turn!)).toHaveLength(2);
  });

  it("has it after every page, when all of them are final", async () => {
    const { chat, telnyx, clock, settle } = await open({
      behaviour: { nudgeAfterMs: 10_000 },
      pageLength: 200,
    });
    telnyx.model(async function* () {
      for (let i = 0; i < 40; i += 1) {
        yield { kind: "text", delta: "some more words " };
        await clock.sleep(500);
      }
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle(40_000);
    expect(chat.pages(place).length).toBeGreaterThan(3);
    expect(chat.pages(place).at(-1)).toBe(CALL);
    expect(chat.calls.at(-1)?.page?.nudge).toBeDefined();
    expect(chat.stored(place).every(({ final, buttons }) => final && buttons.length === 0)).toBe(true);
  });

  it.each([
    ["was not so long", { behaviour: { nudgeAfterMs: 30_000 } }, {}],
    ["was asked for where nobody is told", { behaviour: {} }, {}],
    ["was asked for by a bot", { rules: { channels: "every_message" } }, { author: { kind: "bot" } }],
  ] as const)("has none where it %s", async (_, options, said) => {
    const { chat, place, settle } = await ask(options, said);
    await settle(40_000);
    expect(chat.pages(place).filter((page) => page === CALL)).toEqual([]);
  });

  it("has none where somebody stopped it, or it failed", async () => {
    const { chat, telnyx, clock, settle } = await open({ behaviour: { nudgeAfterMs: 10_000 } });
    telnyx.model(async function* (request) {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(20_000);
      if (JSON.stringify(request.input).includes("fail"))
        yield { kind: "failed", reason: "model_error", reached: "unknown", detail: "as the test wants" };
      await clock.sleep(20_000);
      yield { kind: "done" };
    });
    const [stopped, failed] = [chat.openPlace(), chat.openPlace()];
    await chat.say(stopped, "hello");
    await chat.say(failed, "fail");
    await clock.advance(15_000);
    const turn = chat.calls.find(({ kind, place }) => kind === "post" && place === stopped)!.key!.turn;
    await chat.press(stopped, "stop", turn);
    await settle(30_000);
    for (const place of [stopped, failed])
      expect(chat.pages(place)).toEqual([expect.stringContaining("Half")]);
  });

  it("counts as shown when its pages are, not when the message is", async () => {
    const bench = await ask({
      budgets: [{ covers: ["post"], per: "place", paints: 1, windowMs: 30_000 }],
    });
    await bench.settle(30_000);
    expect(bench.chat.pages(bench.place)).toEqual([ANSWER, CALL]);
    expect(nudges(bench)[0]!.at - bench.chat.calls[0]!.at).toBeGreaterThanOrEqual(30_000);
    expect(bench.metrics.completions.map((ms) => ms < 1_000)).toEqual([true]);
  });
});

describe("the message after an answer", () => {
  it.each(["before", "after"] as const)(
    "is posted once, though the process is killed %s it reaches the platform",
    async (when) => {
      const bench = await ask({ path: join(folder, "nudge.db") });
      await bench.settle(15_000);
      const latch = bench.chat.hold("post", when);
      await bench.settle(15_000);
      expect([latch.held, nudges(bench)]).toEqual([1, [expect.anything()]]);
      await bench.crash();
      latch.open();
      await bench.settle(30_000);
      expect(nudges(bench)[1]?.key?.repeated).toBe(true);
      expect(bench.chat.pages(bench.place)).toEqual([ANSWER, CALL]);
    },
  );

  it("is posted by the next process, though the settings want none any more once it was begun", async () => {
    const behaviour = { nudgeAfterMs: 10_000 };
    const bench = await ask({ behaviour, path: join(folder, "nudge.db") });
    await bench.settle(15_000);
    const latch = bench.chat.hold("post", "before");
    await bench.settle(15_000);
    behaviour.nudgeAfterMs = Infinity;
    await bench.crash();
    latch.open();
    await bench.settle(30_000);
    expect(bench.chat.pages(bench.place)).toEqual([ANSWER, CALL]);
  });

  it.each(["swallow", "cut", "rate_limited"] as const)("is posted once through a %s", async (failure) => {
    const bench = await ask();
    await bench.settle(15_000);
    bench.chat.fail("post", failure, { times: 2 });
    await bench.settle(30_000);
    expect(bench.chat.pages(bench.place)).toEqual([ANSWER, CALL]);
  });

  it.each([
    ["rejected", 1],
    ["unreachable", 1],
    ["unavailable", 100],
  ] as const)("is given up where it is %s, and the answer counts", async (failure, times) => {
    const bench = await ask();
    await bench.settle(15_000);
    bench.chat.fail("post", failure, { times });
    await bench.settle(30_000);
    expect(bench.chat.pages(bench.place)).toEqual([ANSWER]);
    expect(bench.lines.filter((line) => line.includes("turn settled")).join("")).toContain(
      '"outcome":"done"',
    );
  });
});
