import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";
import type { Condition, MissedQuery, Platform } from "../../src/chat/platform.ts";
import { draft, final, own, postKey, type PlatformHarness } from "./platform-bench.ts";
import { until } from "../eventually.ts";

/** An adapter that was started, and what it has told since. */
interface Process {
  readonly platform: Platform;
  readonly received: Message[];
  readonly conditions: Condition[];
}

interface ListeningBench {
  harness: PlatformHarness;
  place: Place;
  started: Process[];
  connect(): Promise<Process>;
  /** Somebody says it, and the process hears it. */
  heard(process: Process, place: Place, text: string): Promise<Message>;
  /** Everything that was missed since then, on all parts. */
  missed(process: Process, query: Pick<MissedQuery, "since" | "places">): Promise<Message[]>;
  /** A time after which everything is posted that is said from now on, and before which all that was said. */
  moment(): Promise<number>;
}

/** What the parts of a connection have come to, by name. */
const latest = ({ conditions }: Process) =>
  new Map(conditions.map((condition) => [condition.part, condition]));
const listens = (process: Process) =>
  latest(process).size > 0 && [...latest(process).values()].every(({ kind }) => kind === "listening");
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
const never = new AbortController().signal;

/** The duties of `changed` and `missed`, for every adapter that tells whether it listens, and for the fake. */
export function describeListening(name: string, open: () => Promise<PlatformHarness>): void {
  describe(`listening contract: ${name}`, () => {
    const bench = { started: [] as Process[] } as ListeningBench;

    beforeEach(async () => {
      bench.harness = await open();
      bench.place = await bench.harness.openPlace();
    });
    afterEach(async () => {
      await Promise.all(bench.started.splice(0).map(({ platform }) => platform.stop()));
      await bench.harness.close();
    });
    bench.connect = async () => {
      const process: Process = { platform: bench.harness.create(), received: [], conditions: [] };
      bench.started.push(process);
      await process.platform.start({
        receive: async (message) => void process.received.push(message),
        press: async () => undefined,
        command: async () => "",
        changed: (condition) => void process.conditions.push(condition),
      });
      await until("it listens", () => listens(process));
      return process;
    };
    bench.heard = async ({ received }, place, text) => {
      const id = await bench.harness.say(place, text);
      await until(`"${text}" was received`, () => received.some((message) => message.id === id));
      return received.find((message) => message.id === id)!;
    };
    bench.missed = async (process, query) => {
      const messages: Message[] = [];
      for (const part of latest(process).keys())
        for await (const message of process.platform.missed!({ ...query, part, signal: never }))
          messages.push(message);
      return messages;
    };
    bench.moment = async () => {
      const now = () => bench.harness.now?.() ?? Date.now();
      const start = now();
      if (bench.harness.pass) await bench.harness.pass(20);
      else await until("the platform's clock goes on", () => now() >= start + 20);
      return start + 10;
    };

    describeConditions(bench);
    describeMissed(bench);
  });
}

function describeConditions(bench: ListeningBench): void {
  test("tells at the start that each part listens, and that nothing was resumed", async () => {
    const process = await bench.connect();
    const parts = process.conditions.filter(({ kind }) => kind === "listening");
    expect(parts.length).toBeGreaterThan(0);
    expect(new Set(parts.map(({ part }) => part)).size).toBe(parts.length);
    expect(parts).toEqual(parts.map(({ part }) => ({ part, kind: "listening", resumed: false })));
  });

  test("tells a new process of the same parts", async () => {
    const first = await bench.connect();
    await first.platform.stop();
    const second = await bench.connect();
    expect([...latest(second).keys()].sort()).toEqual([...latest(first).keys()].sort());
  });

  test("tells nothing any more once stopped", async () => {
    const process = await bench.connect();
    await process.platform.stop();
    const told = process.conditions.length;
    const next = await bench.connect();
    await bench.heard(next, bench.place, "somebody else listens");
    expect(process.conditions).toHaveLength(told);
  });

  test("tells that it is deaf, and that it listens again; what was said meanwhile is resumed or can be read", async ({
    skip,
  }) => {
    skip(!bench.harness.interrupt, "its connection cannot be cut here");
    const process = await bench.connect();
    await bench.heard(process, bench.place, "before");
    const since = await bench.moment();
    const told = process.conditions.length;
    const restore = await bench.harness.interrupt!();
    await until("it tells that it is deaf", () => !listens(process));
    const deaf = process.conditions.slice(told).find(({ kind }) => kind !== "listening")!;
    expect(deaf.kind === "connecting" && deaf.why).toMatch(/\w/);
    await bench.harness.say(bench.place, "meanwhile");
    await restore();
    await until("it listens again", () => listens(process));
    const resumed = [...latest(process).values()].every((part) => part.kind === "listening" && part.resumed);
    const heard = () => texts(process.received).includes("meanwhile");
    if (resumed) return until("what was said meanwhile was received", heard);
    expect(texts(await bench.missed(process, { since, places: [bench.place] }))).toContain("meanwhile");
    await bench.heard(process, bench.place, "afterwards");
  });
}

function describeMissed(bench: ListeningBench): void {
  test("what people posted while nobody listened is read, oldest first in each place", async () => {
    const { harness, place } = bench;
    const first = await bench.connect();
    const other = await harness.openPlace();
    await bench.heard(first, other, "elsewhere, before");
    await bench.heard(first, place, "before");
    await first.platform.stop();
    const since = await bench.moment();
    for (const text of ["one", "two", "three"]) {
      await harness.say(place, text);
      await harness.say(other, `elsewhere, ${text}`);
    }
    const second = await bench.connect();
    const missed = await bench.missed(second, { since, places: [other, place] });
    const at = (where: Place) => texts(missed.filter((message) => message.place === where));
    expect(at(place)).toEqual(["one", "two", "three"]);
    expect(at(other)).toEqual(["elsewhere, one", "elsewhere, two", "elsewhere, three"]);
    expect(missed.every(({ author }) => author.kind === "person")).toBe(true);
    expect(missed.every(({ platform }) => platform === second.platform.name)).toBe(true);
    expect(JSON.parse(JSON.stringify(missed))).toEqual(missed);
  });

  test("a message is the same one, whether it was heard or read later", async () => {
    const first = await bench.connect();
    const since = await bench.moment();
    const heard = await bench.heard(first, bench.place, "is it the same?");
    await first.platform.stop();
    const second = await bench.connect();
    const missed = await bench.missed(second, { since, places: [bench.place] });
    // Names may be found at one time and not at another; all else is the same.
    expect(missed.filter(({ id }) => id === heard.id)).toEqual([{ ...heard, where: expect.anything() }]);
    expect(missed[0]!.where.channelId).toBe(heard.where.channelId);
  });

  test("what was posted before, and what the bot says itself, was not missed", async () => {
    const { harness, place } = bench;
    const first = await bench.connect();
    await bench.heard(first, place, "long ago");
    const since = await bench.moment();
    const id = await first.platform.post(place, draft("I said this"), postKey(0));
    await first.platform.edit(place, id, final("I said that"));
    await first.platform.stop();
    await harness.say(place, "lately");
    const second = await bench.connect();
    const missed = await bench.missed(second, { since, places: [place] });
    expect(texts(missed)).toEqual(["lately"]);
    expect(own(bench)).toHaveLength(1);
  });

  test("reading what was missed ends when it is no longer wanted", async () => {
    const { harness, place } = bench;
    const first = await bench.connect();
    await bench.heard(first, place, "before");
    await first.platform.stop();
    const since = await bench.moment();
    for (const text of ["one", "two", "three"]) await harness.say(place, text);
    const { platform, conditions } = await bench.connect();
    const over = new AbortController();
    const read: Message[] = [];
    const reading = (async () => {
      const { part } = conditions[0]!;
      for await (const message of platform.missed!({ part, since, places: [place], signal: over.signal })) {
        read.push(message);
        over.abort(new Error("enough"));
      }
    })();
    await reading.catch(() => undefined);
    // What came with one answer of the platform's may still be handed over, but nothing more is asked for.
    expect(read.length).toBeLessThanOrEqual(3);
    over.abort();
    const none = platform.missed!({ part: conditions[0]!.part, since, places: [place], signal: over.signal });
    await expect(
      none[Symbol.asyncIterator]()
        .next()
        .then(
          ({ done }) => done === true,
          () => true,
        ),
    ).resolves.toBe(true);
  });
}
