import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isAddressedTo, type Heard } from "./heard.ts";
import { type Bench, openBench } from "./harness.ts";
import { say, textOf } from "../fakes/telnyx.ts";

type Step = { readonly after: number } & (
  | { readonly kind: "say"; readonly place: number; readonly gossip: boolean }
  | { readonly kind: "again"; readonly message: number }
  | { readonly kind: "cut" }
  | { readonly kind: "restore"; readonly resumed: boolean }
  | { readonly kind: "crash"; readonly away: number; readonly inReading: boolean }
  | { readonly kind: "flaw"; readonly times: number }
);

const after = fc.constantFrom(0, 0, 40, 700, 4_000, 7_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      after,
      place: fc.nat(2),
      gossip: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("again" as const), after, message: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cut" as const), after }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("restore" as const), after, resumed: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      after,
      away: fc.constantFrom(0, 2_000, 120_000, 3_600_000),
      inReading: fc.boolean(),
    }),
  },
);
const flaw: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("flaw" as const),
  after,
  times: fc.integer({ min: 1, max: 2 }),
});

const killsIn = (steps: readonly Step[]) =>
  steps.reduce((sum, one) => sum + (one.kind === "crash" ? 1 + Number(one.inReading) : 0), 0);

const scenarios = fc.record({
  steps: fc
    .array(step, { minLength: 4, maxLength: 25, size: "max" })
    // Five kills in one turn are where it is given up: another test's matter.
    .filter((steps) => killsIn(steps) <= 4),
  flaws: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Step[]>([]) },
    { weight: 1, arbitrary: fc.array(flaw, { minLength: 1, maxLength: 2 }) },
  ),
  thinkMs: fc.constantFrom(0, 300, 6_000),
});

/** What the runs came to, so that it can be seen that they were hard enough. */
const met = { missed: 0, missedInKill: 0, missedInCut: 0, reread: 0, liveWhileReading: 0, flawed: 0 };

it(
  "every message that was meant for the bot is answered once, in the order of sending, whenever it listened",
  {
    timeout: 300_000,
  },
  async () => {
    const numRuns = 40;
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ steps, flaws, thinkMs }) => {
        const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
        const bench = await openBench({
          path: join(folder, "test.db"),
          catchUp: { lateAfterMs: 24 * 3_600_000 },
        });
        try {
          await run(bench, [...flaws, ...steps], thinkMs);
        } finally {
          await bench.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns },
    );
    for (const [name, count] of Object.entries(met)) expect(count, name).toBeGreaterThan(numRuns / 10);
  },
);

async function run(bench: Bench, steps: readonly Step[], thinkMs: number): Promise<void> {
  const { chat, clock, telnyx } = bench;
  const answered: number[] = [];
  telnyx.model(async function* (request) {
    const number = Number(/Q#(\d+);/.exec(textOf(request))?.[1]);
    await clock.sleep(thinkMs);
    if (!answered.includes(number)) answered.push(number);
    yield* say(`R#${number};`);
  });
  const places = [chat.openPlace(), chat.openPlace(), chat.openPlace({ channel: "D1", channelKind: "dm" })];
  const said: Heard[] = [];
  let isCut = false;
  let isReading = false;
  await clock.advance(6_000); // it listens, and has noted so

  for (const next of steps) {
    await clock.advance(next.after);
    isReading &&= bench
      .now()
      .health.problems()
      .some((problem) => problem.includes("is being read"));
    if (next.kind === "say") {
      const place = places[next.place]!;
      const message = await chat.say(place, `Q#${said.length}; please`, {
        call: { mentionsBot: !next.gossip },
      });
      said.push({ message, place, missed: isCut });
      met.missedInCut += Number(isCut);
      met.liveWhileReading += Number(!isCut && isReading);
    } else if (next.kind === "again") {
      const again = said[next.message % Math.max(1, said.length)];
      if (again && !isCut) await chat.deliver(again.message);
    } else if (next.kind === "cut" && !isCut) {
      isCut = true;
      bench.now().process.cut();
    } else if (next.kind === "restore" && isCut) {
      isCut = false;
      isReading = !next.resumed;
      await bench.now().process.restore({ resumed: next.resumed });
    } else if (next.kind === "crash") {
      const held = next.inReading ? chat.hold("missed", "after") : undefined;
      if (held) {
        await bench.crash();
        await clock.advance(2_000);
        met.reread += Number(held.held > 0);
      }
      await bench.kill();
      held?.open();
      const message = await chat.say(places[0]!, `Q#${said.length}; please`);
      said.push({ message, place: places[0]!, missed: true });
      met.missedInKill += 1;
      await clock.advance(next.away);
      await bench.crash();
      isCut = false;
      isReading = true;
    } else if (next.kind === "flaw") {
      chat.fail("missed", "unavailable", { times: next.times });
      met.flawed += 1;
    }
  }
  if (isCut) await bench.now().process.restore({ resumed: false });
  await bench.settle(90_000);

  met.missed += said.filter(({ missed }) => missed).length;
  const flawless = !steps.some(({ kind }) => kind === "flaw");
  for (const place of places) {
    const wanted = said.flatMap((one, number) => (one.place === place && isAddressedTo(one) ? [number] : []));
    const replies = chat.pages(place).map((text) => Number(/R#(\d+);/.exec(text)?.[1]));
    expect(replies.toSorted((a, b) => a - b)).toEqual(wanted);
    // Where the platform did not tell at first, what came after may have been answered already.
    if (flawless) expect(replies).toEqual(wanted);
  }
  expect(chat.violations).toEqual([]);
}
