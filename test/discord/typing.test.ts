import { describe, expect, test } from "vitest";
import { encodePlace } from "../../src/discord/place.ts";
import { createTyping } from "../../src/discord/typing.ts";
import { createLog } from "../../src/log.ts";
import { draft, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { answer, AT_REST, type Bench, sent, startBench, strike } from "./kit.ts";

const TYPING = /^POST .*\/typing$/;
const count = ({ twin }: Bench) => sent(twin, TYPING).length;
const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });

/** Until `number` requests were made and the next is waited for. */
const typed = (bench: Bench, clock: { sleeping(): number }, number: number) =>
  until(
    `typing was shown ${number} times`,
    () => count(bench) === number && clock.sleeping() === AT_REST + 1,
  );

describe("typing", () => {
  test("is shown at once, and again before ten seconds are over, until the signal", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    const work = new AbortController();
    bench.platform.indicate!(placeOf(bench), work.signal);
    await typed(bench, clock, 1);
    expect(bench.twin.typing(bench.channel)).toEqual([bench.twin.bot.id]);
    await clock.advance(7_999);
    expect(count(bench)).toBe(1);
    await clock.advance(1);
    await typed(bench, clock, 2);
    work.abort();
    await until("nothing is waited for", () => clock.sleeping() === AT_REST);
    await clock.advance(60_000);
    expect(count(bench)).toBe(2);
  });

  test("waits while much is asked for, and is shown once there is room again", async () => {
    const clock = fakeClock();
    const shown: number[] = [];
    let isCrowded = true;
    const calls = { isCrowded: () => isCrowded, request: async () => void shown.push(clock.monotonic()) };
    const typing = createTyping({ calls, hasThread: async () => true }, { clock, log: createLog("silent") });
    const work = new AbortController();
    typing.start(encodePlace({ kind: "channel", guild: "1", channel: "2" }), work.signal);
    await clock.advance(1_200);
    expect(shown).toEqual([]);
    isCrowded = false;
    await clock.advance(300);
    expect(shown).toEqual([1_500]);
    await clock.advance(8_000);
    expect(shown).toEqual([1_500, 9_500]);
    work.abort();
    await clock.advance(60_000);
    expect(shown).toHaveLength(2);
  });

  test("ends with the first post", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    bench.platform.indicate!(placeOf(bench), new AbortController().signal);
    await typed(bench, clock, 1);
    await bench.platform.post(placeOf(bench), draft("hi"), postKey(0));
    expect(clock.sleeping()).toBe(AT_REST);
    expect(bench.twin.typing(bench.channel)).toEqual([]);
  });

  test("is shown in the channel while the thread is not there yet", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock, config: { reply: "thread" } });
    const { twin, person, channel } = bench;
    const asked = await bench.heard(twin.say({ channel, user: person, content: "question" }));
    bench.platform.indicate!(asked.place, new AbortController().signal);
    await typed(bench, clock, 1);
    expect(twin.typing(channel)).toEqual([twin.bot.id]);
    await bench.platform.post(asked.place, { ...draft("hi"), replyTo: asked.id }, postKey(0));
    bench.platform.indicate!(asked.place, new AbortController().signal);
    await typed(bench, clock, 2);
    expect(twin.typing(asked.id)).toEqual([twin.bot.id]);
    await bench.platform.post(asked.place, draft("more"), postKey(1));
  });

  test("leaves out what fails for a moment, and gives up what is refused", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    const work = new AbortController();
    strike(bench.twin, TYPING, answer(500, { message: "500", code: 0 }));
    bench.platform.indicate!(placeOf(bench), work.signal);
    await typed(bench, clock, 1);
    strike(bench.twin, TYPING, answer(403, { message: "Missing Permissions", code: 50013 }));
    await clock.advance(8_000);
    await until("it was given up", () => bench.logged.some(({ code }) => code === "discord_50013"));
    expect(clock.sleeping()).toBe(AT_REST);
    expect(count(bench)).toBe(2);
  });

  test("with a signal that has aborted already is not shown", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    bench.platform.indicate!(placeOf(bench), AbortSignal.abort());
    await bench.platform.post(placeOf(bench), draft("hi"), postKey(0));
    expect(count(bench)).toBe(0);
  });
});
