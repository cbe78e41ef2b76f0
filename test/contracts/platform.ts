import { listener } from "../fakes/listener.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId } from "../../src/chat/place.ts";
import {
  growing,
  final,
  postKey,
  refusal,
  type PlatformBench,
  type PlatformHarness,
} from "./platform-bench.ts";
import { until } from "../eventually.ts";
import { describeFiles } from "./platform-files.ts";
import { describeKeys, describePosts, describeRefusals } from "./platform-posts.ts";

/** The duties of `src/chat/platform.ts`, for every adapter and for the fake. */
export function describePlatform(name: string, open: () => Promise<PlatformHarness>): void {
  describe(`platform contract: ${name}`, () => {
    const bench = {} as PlatformBench;

    beforeEach(async () => {
      bench.harness = await open();
      bench.received = [];
      bench.started = [];
      bench.platform = await bench.connect(async (message) => void bench.received.push(message));
      bench.place = await bench.harness.openPlace();
    });
    afterEach(async () => {
      await Promise.all(bench.started.map((platform) => platform.stop()));
      await bench.harness.close();
    });
    bench.connect = async (receive) => {
      const platform = bench.harness.create();
      bench.started.push(platform);
      await platform.start(listener(receive));
      return platform;
    };

    describePosts(bench);
    describeKeys(bench);
    describeRefusals(bench);
    describeFiles(bench);
    describeHistory(bench);
    describeDelivery(bench);
  });
}

function describeHistory(bench: PlatformBench): void {
  test("history is what was said before, oldest first, within its bounds", async ({ skip }) => {
    const { harness, platform, place } = bench;
    skip(!platform.history, "has no history");
    const first = await harness.say(place, "alpha");
    const page = await platform.post(place, final("bravo"), postKey(0));
    const third = await harness.say(place, "charlie");
    const last = await harness.say(place, "delta");
    const ids = async (query: { after?: MessageId; limit: number }) =>
      (await platform.history!(place, { before: last, ...query })).map((message) => message.id);

    expect((await ids({ limit: 50 })).slice(-3)).toEqual([first, page, third]);
    expect(await ids({ limit: 2 })).toEqual([page, third]);
    expect(await ids({ limit: 50, after: first })).toEqual([page, third]);
    expect(await ids({ limit: 1, after: first })).toEqual([third]);
    expect(await ids({ limit: 50, after: third })).toEqual([]);
    const told = await platform.history!(place, { before: last, after: first, limit: 50 });
    expect(told.map((message) => message.author.kind)).toEqual(["self", "person"]);
    expect(told.map((message) => message.text)).toEqual(["bravo", "charlie"]);
    expect(told.every((message) => message.place === place)).toBe(true);
  });

  test("history tells a refusal", async ({ skip }) => {
    skip(!bench.platform.history, "has no history");
    const before = await bench.harness.say(bench.place, "anything");
    bench.harness.fail("history", "rate_limited");
    const told = await refusal(bench.platform.history!(bench.place, { before, limit: 5 }));
    expect([told.kind, told.retryAfterMs]).toEqual(["rate_limited", 2_000]);
  });
}

function describeDelivery(bench: PlatformBench): void {
  const texts = (messages: readonly Message[]) => messages.map((message) => message.text);

  test("hands over what a person says, as history and posts name it", async () => {
    const id = await bench.harness.say(bench.place, "hello there");
    await until("it was received", () => texts(bench.received).includes("hello there"));
    const message = bench.received.find((entry) => entry.text === "hello there")!;
    expect(message).toMatchObject({ id, place: bench.place, platform: bench.platform.name });
    expect(message.author.kind).toBe("person");
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });

  test("never hands over the bot's own posts and edits as a person's", async () => {
    const id = await bench.platform.post(bench.place, growing(bench, "I said this"), postKey(0));
    await bench.platform.edit(bench.place, id, final("I said that"));
    await bench.harness.say(bench.place, "over to you");
    await until("the person was heard", () => texts(bench.received).includes("over to you"));
    const echoes = bench.received.filter((message) => message.text.startsWith("I said"));
    expect(echoes.filter((message) => message.author.kind !== "self")).toEqual([]);
  });

  test("what could not be stored comes again, under the same key", async ({ skip }) => {
    skip(!bench.harness.redeliver, "the platform waits for no acknowledgement");
    await bench.platform.stop();
    const tries: Message[] = [];
    await bench.connect(async (message) => {
      tries.push(message);
      if (tries.length === 1) throw new Error("the disk is full");
    });
    await bench.harness.say(bench.place, "keep this");
    await until("it was tried", () => tries.length > 0);
    await bench.harness.redeliver!();
    await until("it came again", () => tries.length > 1);
    expect(new Set(tries.map((message) => message.key)).size).toBe(1);
    expect(new Set(texts(tries))).toEqual(new Set(["keep this"]));
  });

  test("is quiet once stopped, and may be stopped twice", async () => {
    await bench.platform.stop();
    await bench.platform.stop();
    const before = bench.received.length;
    await bench.harness.say(bench.place, "anybody there?");
    const next = await bench.connect(async () => {});
    await next.post(bench.place, growing(bench, "somebody else is"), postKey(0));
    expect(bench.received).toHaveLength(before);
  });
}
