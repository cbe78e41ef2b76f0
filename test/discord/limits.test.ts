import { describe, expect, test } from "vitest";
import { encodePlace, messageId } from "../../src/discord/place.ts";
import { fakeClock } from "../fakes/clock.ts";
import { draft, postKey, refusal } from "../contracts/platform-bench.ts";
import { answer, type Bench, POSTS, sent, startBench, strike } from "./kit.ts";

const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });

describe("a post", () => {
  test("that the bucket has no room for is refused at once, with the time to wait", async () => {
    await using bench = await startBench({ twin: { limits: "documented" } });
    for (const page of [0, 1, 2, 3, 4]) await bench.platform.post(placeOf(bench), draft("x"), postKey(page));
    const told = await refusal(bench.platform.post(placeOf(bench), draft("x"), postKey(5)));
    expect(told.kind).toBe("rate_limited");
    expect(told.retryAfterMs).toBeGreaterThan(3_000);
    expect(told.retryAfterMs).toBeLessThanOrEqual(5_000);
    expect(sent(bench.twin, POSTS)).toHaveLength(5);
  });

  test("that discord.js takes to be a moment too early waits for that moment", async () => {
    // discord.js knows a route's bucket from its first answer on, and what is left in it from the second.
    const rates = { write: { count: 2, windowMs: 240 } };
    await using bench = await startBench({ twin: { limits: "documented", rates } });
    for (const page of [0, 1, 2, 3]) await bench.platform.post(placeOf(bench), draft("x"), postKey(page));
    expect(sent(bench.twin, POSTS)).toHaveLength(4);
    expect(bench.twin.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("that is over the limit for all of the bot's requests says so, and so does the next one in any channel", async () => {
    await using bench = await startBench();
    const elsewhere = encodePlace({
      kind: "channel",
      guild: bench.twin.guild.id,
      channel: bench.twin.addChannel({ name: "other" }),
    });
    const headers = { "retry-after": "3", "x-ratelimit-global": "true", "x-ratelimit-scope": "global" };
    const body = { message: "You are being rate limited.", retry_after: 2.4, global: true };
    strike(bench.twin, POSTS, answer(429, body, headers));
    for (const place of [placeOf(bench), elsewhere]) {
      const told = await refusal(bench.platform.post(place, draft("x"), postKey(0)));
      expect([told.kind, told.per]).toEqual(["rate_limited", "platform"]);
      expect(told.retryAfterMs).toBeGreaterThan(1_000);
      expect(told.retryAfterMs).toBeLessThanOrEqual(3_000);
    }
    expect(sent(bench.twin, POSTS)).toHaveLength(1);
  });

  test("that is over that limit lets nothing be read either until it is over", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    const question = bench.twin.say({ channel: bench.channel, user: bench.person, content: "hi" });
    const body = { message: "You are being rate limited.", retry_after: 1, global: true };
    strike(bench.twin, POSTS, answer(429, body, { "retry-after": "1", "x-ratelimit-global": "true" }));
    await refusal(bench.platform.post(placeOf(bench), draft("x"), postKey(0)));
    let isOver = false;
    const read = bench.platform.history!(placeOf(bench), { before: messageId(question), limit: 1 })
      .catch(() => undefined)
      .finally(() => (isOver = true));
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await read;
  });
});
