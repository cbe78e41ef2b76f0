import { describe, expect, test } from "vitest";
import { describePlatform } from "../contracts/platform.ts";
import { describeListening } from "../contracts/platform-missed.ts";
import { draft, final, postKey, refusal, type PlatformHarness } from "../contracts/platform-bench.ts";
import { fakeClock } from "./clock.ts";
import { createFakePlatform } from "./platform.ts";
import type { FakeProcess } from "./process.ts";

async function openHarness(): Promise<PlatformHarness> {
  const clock = fakeClock();
  const fake = createFakePlatform({ clock });
  let channels = 0;
  let newest: FakeProcess | undefined;
  return {
    create: () => (newest = fake.connect()),
    createRefused: () => fake.connect({ refused: true }),
    openPlace: async () => {
      channels += 1;
      return fake.openPlace({ channel: `C${channels}` });
    },
    say: async (place, text) => (await fake.say(place, text)).id,
    shown: (place) =>
      fake.stored(place).map(({ message }) => {
        return { id: message.id, bySelf: message.author.kind === "self", text: message.text };
      }),
    files: (place) =>
      fake.stored(place).flatMap(({ message, file }) => (file ? [{ id: message.id, ...file }] : [])),
    remove: (place, id) => fake.remove(place, id),
    fail: (call, failure) => fake.fail(call === "file" ? "post" : call, failure),
    notified: () => [],
    redeliver: () => fake.redeliver(),
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    interrupt: async () => {
      newest?.cut();
      return () => newest?.restore({ resumed: false });
    },
    close: async () => {},
  };
}

describePlatform("the fake", openHarness);
describeListening("the fake", openHarness);

describe("the fake's own rules", () => {
  const open = (options: Partial<Parameters<typeof createFakePlatform>[0]> = {}) => {
    const clock = fakeClock();
    const fake = createFakePlatform({ clock, ...options });
    return { clock, fake, process: fake.connect(), place: fake.openPlace() };
  };

  test("refuses a page that is too long, and an empty one", async () => {
    const { process, place } = open({ pageLength: 10 });
    const long = await refusal(process.post(place, draft("12345678901"), postKey(0)));
    const empty = await refusal(process.post(place, draft(" \n"), postKey(1)));
    expect([long.kind, empty.kind]).toEqual(["rejected", "rejected"]);
  });

  test("refuses what overdraws a budget, says for how long, and for its scope alone", async () => {
    const budgets = [{ covers: ["post", "edit"], per: "channel", paints: 2, windowMs: 1_000 }] as const;
    const { clock, fake, process, place } = open({ budgets });
    const id = await process.post(place, draft("one"), postKey(0));
    await clock.advance(400);
    await process.edit(place, id, draft("two"));
    const told = await refusal(process.edit(place, id, draft("three")));
    expect([told.kind, told.retryAfterMs]).toEqual(["rate_limited", 600]);
    await process.post(fake.openPlace({ channel: "C2" }), draft("elsewhere"), postKey(1));
    await clock.advance(600);
    await process.edit(place, id, draft("three"));
    expect(fake.pages(place)).toEqual(["three"]);
  });

  test("a latch holds calls before their effect, or only their answers", async () => {
    const { clock, fake, process, place } = open();
    const before = fake.hold("post");
    const after = fake.hold("post", "after");
    const posting = process.post(place, draft("page"), postKey(0));
    expect([before.held, after.held, fake.pages(place)]).toEqual([1, 0, []]);
    before.release();
    await clock.advance(1);
    expect([before.held, after.held, fake.pages(place)]).toEqual([0, 1, ["page"]]);
    after.open();
    expect(await posting).toBeDefined();
  });

  test("a killed process does nothing more, not even fail", async () => {
    const { clock, fake, process, place } = open();
    const latch = fake.hold("post");
    const ends: string[] = [];
    const end = () => void ends.push("ended");
    process.post(place, draft("page"), postKey(0)).then(end, end);
    process.kill();
    latch.open();
    process.post(place, draft("page"), postKey(1)).then(end, end);
    await clock.advance(1);
    expect([fake.pages(place), ends]).toEqual([[], []]);
  });

  test("notes a change after the final edit, an edit for nothing, and a key that was posted twice", async () => {
    const { fake, process, place } = open();
    const id = await process.post(place, draft("page"), postKey(0));
    await process.edit(place, id, final("page"));
    expect(fake.violations).toEqual([]);
    await process.edit(place, id, final("page"));
    await process.edit(place, id, final("other"));
    await fake.connect().post(place, draft("page"), postKey(0));
    expect(fake.violations).toEqual([
      `${id} is edited to what it shows`,
      `${id} is changed after it was final`,
      `contract-1-0 was posted twice in ${place}`,
    ]);
  });
});
