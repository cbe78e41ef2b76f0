import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pageKey } from "../../src/bridge/keys.ts";
import { aside, LEFT_OVER } from "../../src/reply/notice.ts";
import { pagesOf } from "../../src/reply/pages.ts";
import { advance, newReply, type Reply } from "../../src/reply/reply.ts";
import { answerOf, isAddressed, PAGE_LENGTH, play, type Played, type Said } from "./play.ts";
import { scenarios } from "./scenario.ts";

const withText = (text: string): Reply => advance(newReply(), { kind: "text", delta: text });
const shownOf = (reply: Reply) => pagesOf(reply, { pageLength: PAGE_LENGTH }).map(({ text }) => text);

/** Every way in which a question may come out, given its script: whole, cut short by the model, or failed where it says so. */
function outcomesOf({ number, script }: Said): { readonly whole: string[][]; readonly failed: string[][] } {
  const answer = answerOf(number, script);
  const all = withText(answer.join(""));
  const { incomplete } = script;
  const ends = [
    advance(all, { kind: "done" }),
    ...(incomplete === undefined ? [] : [advance(all, { kind: "done", incomplete })]),
  ];
  const failures = script.failures.map(({ after, reason, reached }) =>
    advance(after === 0 ? newReply() : withText(answer.slice(0, after).join("")), {
      kind: "failed",
      detail: "",
      reason,
      reached,
    }),
  );
  return { whole: ends.map(shownOf), failed: failures.map(shownOf) };
}

/** The pages in a place that answer one message, and their numbers. */
function repliesIn({ bench }: Played, { place, message }: Said) {
  const stem = pageKey({ id: 0, message }, 0, false).text.slice(0, -1);
  return bench.chat.stored(place).flatMap(({ key, message, final }, at) =>
    key?.startsWith(stem)
      ? [
          {
            page: Number.parseInt(key.slice(stem.length), 36),
            at,
            final,
            id: message.id,
            text: message.text,
          },
        ]
      : [],
  );
}

function checkReplies(played: Played): void {
  for (const said of played.said) {
    const pages = repliesIn(played, said);
    if (!isAddressed(said)) {
      expect(pages).toEqual([]);
      continue;
    }
    expect(pages.map(({ page }) => page)).toEqual(pages.map((_, index) => index));
    expect(pages.every(({ final }) => final)).toBe(true);
    const texts = pages.map(({ text }) => text);
    while (texts.at(-1) === aside(LEFT_OVER)) texts.pop();
    const { whole, failed } = outcomesOf(said);
    expect([...whole, ...failed]).toContainEqual(texts);
  }
}

/** Each place's replies come in the order of its messages, and no page of one stands between two of another. */
function checkOrder(played: Played): void {
  for (const place of played.places) {
    const spans = played.said
      .filter((said) => said.place === place && isAddressed(said))
      .map((said) => repliesIn(played, said).map(({ at }) => at));
    for (const [index, span] of spans.slice(1).entries())
      expect(Math.min(...span)).toBeGreaterThan(Math.max(...(spans[index] ?? [])));
  }
  expect(played.seen.overlaps).toBe(0);
}

function checkConversations({ bench, places, said, seen }: Played): void {
  const { telnyx, chat } = bench;
  for (const { id, metadata } of telnyx.created) {
    const messages = telnyx.messagesOf(id);
    const place = places.find(
      (candidate) => chat.stored(candidate)[0]?.message.where.threadId === metadata["thread_id"],
    );
    const mine = new Set(said.filter((one) => one.place === place).map(({ number }) => number));
    for (const [, number] of messages.flatMap(({ text }) => [...text.matchAll(/[QR]#(\d+);/g)]))
      expect(mine).toContain(Number(number));
    const answers = new Set(said.map(({ number, script }) => answerOf(number, script).join("")));
    const answered = messages.some(({ role, text }) => role === "assistant" && answers.has(text));
    const instructed = messages.filter(({ role }) => role === "system").length;
    expect(instructed).toBeLessThanOrEqual(1);
    if (answered) expect(instructed).toBe(1);

    const last = said.findLast((one) => one.place === place && isAddressed(one));
    for (const one of said.filter((other) => other.place === place && !isAddressed(other))) {
      const copies = messages.filter(
        ({ role, text }) => role === "user" && text.includes(`Q#${one.number};`),
      ).length;
      expect(copies).toBeLessThanOrEqual(1);
      if (last && one.number < last.number && !seen.historyFailed) expect(copies).toBe(1);
    }
  }
  expect(telnyx.created.length).toBeLessThanOrEqual(places.length);
}

/** Only a reply that had failed when it was begun anew after a kill, or that failed then, may change a page that was final. */
function checkViolations(played: Played): void {
  const { bench, said, seen } = played;
  const mayChange = said.filter(({ script }) => seen.kills > 0 && script.failures.length > 0);
  const ids = new Set<string>(mayChange.flatMap((one) => repliesIn(played, one).map(({ id }) => id)));
  const changed = (violation: string) => /^(\S+) is changed after it was final$/.exec(violation)?.[1] ?? "";
  expect(bench.chat.violations.filter((violation) => !ids.has(changed(violation)))).toEqual([]);
}

const hasFailed = (played: Played, said: Said) =>
  repliesIn(played, said).some(({ text }) => /(?:could not answer|answer stops here): /.test(text));

describe("the responder, end to end", () => {
  it("gives each addressed message one whole reply or an honest end, in order, whatever fails and whenever it is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "patchcord-property-"));
    let runs = 0;
    const reached = { kills: 0, killsInStream: 0, queued: 0, paged: 0, repeated: 0, failed: 0 };
    try {
      await fc.assert(
        fc.asyncProperty(scenarios, async (scenario) => {
          runs += 1;
          const path = join(folder, `${runs}.db`);
          const played = await play(scenario, path);
          const { bench, seen } = played;
          checkReplies(played);
          checkOrder(played);
          checkConversations(played);
          checkViolations(played);
          expect(bench.chat.indicating.size).toBe(0);
          await bench.close();
          expect(bench.clock.sleeping()).toBe(0);

          reached.kills += seen.kills;
          reached.killsInStream += seen.killsInStream;
          reached.queued += seen.queued;
          reached.repeated += Number(bench.chat.calls.some(({ key }) => key?.repeated));
          for (const said of played.said.filter(isAddressed)) {
            const texts = repliesIn(played, said).map(({ text }) => text);
            reached.paged += Number(texts.length > 3);
            reached.failed += Number(hasFailed(played, said));
          }
        }),
        // Shrinking a scenario would take minutes, and its seed brings it back.
        { numRuns: 50, endOnFailure: true },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    // The scenarios do reach what they are for.
    expect(reached.kills).toBeGreaterThan(20);
    expect(reached.killsInStream).toBeGreaterThan(2);
    expect(reached.queued).toBeGreaterThan(3);
    expect(reached.paged).toBeGreaterThan(25);
    expect(reached.repeated).toBeGreaterThan(1);
    expect(reached.failed).toBeGreaterThan(12);
  }, 300_000);
});
