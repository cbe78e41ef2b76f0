import { expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import type { Json } from "../../src/slack/json.ts";
import { findPost, markOf } from "../../src/slack/find.ts";
import { compareTs, tsAt } from "../../src/slack/place.ts";
import { draft, postKey } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeWeb, self } from "./kit.ts";

const clock = fakeClock();
const HOUR_MS = 60 * 60_000;
const ago = (hours: number) => tsAt(clock.now() - hours * HOUR_MS);

/** A thread or channel with those messages, in pages as Slack gives them. */
function slackWith(messages: readonly Json[], order: "oldest first" | "newest first") {
  const answer = ({ oldest, latest, cursor, limit }: Json): Json => {
    const within = messages.filter(
      ({ ts }) =>
        (oldest === undefined || compareTs(ts as string, oldest as string) > 0) &&
        (latest === undefined || compareTs(ts as string, latest as string) < 0),
    );
    const sorted = order === "oldest first" ? within : within.toReversed();
    const start = Number(cursor ?? 0);
    const end = start + (limit as number);
    const next = end < sorted.length ? { next_cursor: String(end) } : {};
    return { messages: sorted.slice(start, end), response_metadata: next };
  };
  return fakeWeb({ "conversations.replies": answer, "conversations.history": answer });
}
const chat = (count: number, from: number, to: number): Json[] =>
  Array.from({ length: count }, (_, index) => ({
    ts: ago(from - ((from - to) * index) / count),
    user: "U1",
  }));
const post = (hours: number): Json => ({
  ts: ago(hours),
  user: self.botUserId,
  metadata: markOf(postKey(1)),
});
const thread = (hours: number) => ({ team: "T1", channel: "C1", threadTs: ago(hours) });
const find = (
  web: ReturnType<typeof fakeWeb>,
  place: { team: string; channel: string; threadTs?: string },
  { repeated = true, replyTo }: { repeated?: boolean; replyTo?: string } = {},
) => {
  const answers = replyTo === undefined ? {} : { replyTo: replyTo as MessageId };
  return findPost({ web, self, clock }, place, {
    key: postKey(1, { repeated }),
    page: { ...draft("x"), ...answers },
  });
};

test("the second page of an answer in a long thread is found without reading the thread", async () => {
  const web = slackWith([...chat(8_000, 900, 2), post(0.2), ...chat(20, 0.1, 0)], "oldest first");
  expect(await find(web, thread(900))).toBe(ago(0.2));
  expect(web.calls).toHaveLength(1);
});

test.each([
  [5, 2],
  [200, 3],
  [800, 4],
])("a post of %i hours ago is found in the window number %i", async (hours, calls) => {
  const web = slackWith([...chat(100, 900, hours), post(hours), ...chat(10, hours - 0.5, 0)], "oldest first");
  expect(await find(web, thread(900))).toBe(ago(hours));
  expect(web.calls).toHaveLength(calls);
});

test("a post at the very edge of a window is in one of the two", async () => {
  for (const hours of [1, 24, 30 * 24]) {
    const edge = clock.now() - hours * HOUR_MS;
    for (const ts of [tsAt(edge), tsAt(edge - 1).replace(/000$/u, "999"), tsAt(edge + 1)]) {
      const web = slackWith([{ ...post(0), ts }], "oldest first");
      expect(await find(web, thread(900))).toBe(ts);
    }
  }
});

test("what was never posted costs one call in a young thread, and where this process tried it itself", async () => {
  const young = slackWith(chat(30, 0.5, 0), "oldest first");
  expect(await find(young, thread(0.5))).toBeUndefined();
  const tried = slackWith(chat(30, 900, 0), "oldest first");
  expect(await find(tried, thread(900), { repeated: false })).toBeUndefined();
  expect([young.calls.length, tried.calls.length]).toEqual([1, 1]);
});

test("the search is bounded, and where the question is known begins there", async () => {
  const web = slackWith([...chat(9_000, 900, 0.5), post(0.4)], "newest first");
  expect(await find(web, { team: "T1", channel: "D1" }, { replyTo: ago(899) })).toBe(ago(0.4));
  expect(web.calls).toHaveLength(1);
  const busy = slackWith([post(0.9), ...chat(9_000, 0.8, 0)], "newest first");
  expect(await find(busy, { team: "T1", channel: "D1" })).toBeUndefined();
  expect(busy.calls).toHaveLength(10);
  const asked = slackWith([post(3), ...chat(10, 2, 0)], "oldest first");
  expect(await find(asked, thread(900), { replyTo: ago(2.5) })).toBeUndefined();
  expect(asked.calls.map(({ args }) => args["oldest"])).toEqual([ago(2.5)]);
});
