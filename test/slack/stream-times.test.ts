import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onMethod, slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { createPages } from "../../src/slack/pages.ts";
import { withoutBreaks } from "../../src/slack/format.ts";
import { decodePlace } from "../../src/slack/place.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import type { Clock } from "../../src/clock.ts";
import type { SlackWeb } from "../../src/slack/web.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { final } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { answer, asker, growing, over, scene, streamsOn, webOn } from "./stream-kit.ts";

/** Posts and edits of an adapter without its connections. */
function pagesOn(twin: SlackTwin, clock: Clock, web: SlackWeb = webOn(twin)) {
  const { userId: botUserId, botId } = twin.bot;
  const self = { botUserId, botId, botName: "patchcord", team: twin.team.id };
  return createPages({ web, self, clock, streams: streamsOn(twin, clock, { web }) });
}

describe("a stream that nothing is appended to", () => {
  test("is ended after 240 s, before Slack ends it, and its message goes on by edits", async () => {
    const { twin, place, methods, shown } = await scene();
    const clock = fakeClock();
    const pages = pagesOn(twin, clock);
    const id = await pages.post(place, growing("One"), answer(twin, place));
    await clock.advance(239_999);
    expect(methods()).toEqual(["chat.startStream"]);
    await clock.advance(1);
    await until("it was ended", () => shown().every(({ isStreaming }) => !isStreaming));
    expect(shown()).toEqual(over("One"));
    await pages.edit(place, id, growing("One two"));
    await pages.edit(place, id, final("One two."));
    expect(shown()).toEqual(over("One two."));
    expect(methods()).toEqual(["chat.startStream", "chat.stopStream", "chat.update", "chat.update"]);
  });

  test("is ended by no timer once it ended otherwise", async () => {
    const { twin, place, methods } = await scene();
    const clock = fakeClock();
    const pages = pagesOn(twin, clock);
    const id = await pages.post(place, growing("One"), answer(twin, place));
    await pages.edit(place, id, final("One."));
    expect(clock.sleeping()).toBe(0);
    await clock.advance(600_000);
    expect(methods()).toEqual(["chat.startStream", "chat.stopStream"]);
  });
});

type Deed =
  | { readonly kind: "paint"; readonly length: number }
  | { readonly kind: "other" | "expire" | "stop" }
  | { readonly kind: "fault"; readonly method: string; readonly effect: number };

const EFFECTS = [
  { kind: "swallow" },
  { kind: "cut" },
  tooManyRequests(1),
  slackError("msg_too_long"),
  slackError("message_not_in_streaming_state"),
] as const;

const TEXT = "One **two** `three <@U012ABC>` four\n\n- five\n- six <!channel>\n\nseven, and the end.";

const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("paint" as const), length: fc.nat(TEXT.length) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { kind: "other" as const },
        { kind: "expire" as const },
        { kind: "stop" as const },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("fault" as const),
        method: fc.constantFrom("chat.appendStream", "chat.stopStream", "chat.update"),
        effect: fc.nat(EFFECTS.length - 1),
      }),
    },
  ),
  { minLength: 3, maxLength: 12 },
);

describe("whatever happens at once, in whatever order Slack answers", () => {
  test("paints are appended one after the other, and the stream goes on", async () => {
    const { twin, place, methods, shown } = await scene();
    const pages = pagesOn(twin, fakeClock());
    const id = await pages.post(place, growing("One"), answer(twin, place));
    const paints = ["One two", "One two three", "One two three four"].map(growing);
    await Promise.all([...paints, final("One two three four.")].map((page) => pages.edit(place, id, page)));
    expect(shown()).toEqual(over("One two three four."));
    const appended = paints.map(() => "chat.appendStream");
    expect(methods()).toEqual(["chat.startStream", ...appended, "chat.stopStream"]);
  });

  test("the message shows its final page, whole and once, and is streamed no more", async () => {
    const seen = { append: 0, edit: 0, refused: 0, stopped: 0, atOnce: 0 };
    await fc.assert(
      fc.asyncProperty(deeds, fc.scheduler(), async (plan, scheduler) => {
        const { twin, place, shown } = await scene();
        const clock = fakeClock();
        const pages = pagesOn(twin, clock, scheduled(webOn(twin), scheduler, seen));
        const id = await scheduler.waitFor(pages.post(place, growing("One"), answer(twin, place)));
        const heed = (painting: Promise<unknown>) => painting.then(() => true, refusedIn(seen));
        const done = plan.map(async (deed, index) => {
          if (deed.kind === "paint") return heed(pages.edit(place, id, growing(TEXT.slice(0, deed.length))));
          if (deed.kind === "other")
            return heed(
              pages.post(place, growing("Another"), { ...answer(twin, place), text: `other-${index}` }),
            );
          if (deed.kind === "expire") return clock.advance(240_000);
          if (deed.kind === "fault")
            return twin.inject({ matches: onMethod(deed.method), times: 1, effect: EFFECTS[deed.effect]! });
          const { channel, threadTs } = decodePlace(place);
          seen.stopped += 1;
          return twin.stopSession(channel, threadTs!, asker(twin));
        });
        await scheduler.waitFor(Promise.all(done));
        // What is refused is tried again until it is done, as the view does with an ending: a fault strikes once.
        for (let tries = 0; tries <= plan.length; tries += 1)
          if (await scheduler.waitFor(heed(pages.edit(place, id, final(TEXT))))) break;
        const [first, ...others] = shown();
        expect(withoutBreaks(first!.text)).toBe(TEXT);
        expect(first!.isStreaming).toBe(false);
        expect(others).toHaveLength(plan.filter(({ kind }) => kind === "other").length);
        expect(twin.notifications).toEqual([]);
        const called = (name: string) => twin.calls.filter(({ method }) => method === name).length;
        seen.append += called("chat.appendStream");
        seen.edit += called("chat.update");
      }),
      { numRuns: 60 },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(10);
  });
});

/** Slack, which answers in the order that the scheduler likes. */
function scheduled(web: SlackWeb, scheduler: fc.Scheduler, seen: { atOnce: number }): SlackWeb {
  let running = 0;
  return {
    call: async (method, args) => {
      if (running > 0) seen.atOnce += 1;
      running += 1;
      try {
        await scheduler.schedule(Promise.resolve(), method);
        return await web.call(method, args);
      } finally {
        running -= 1;
      }
    },
  };
}

const refusedIn = (seen: { refused: number }) => (error: unknown) => {
  if (!(error instanceof PlatformRefusal)) throw error;
  seen.refused += 1;
  return false;
};
