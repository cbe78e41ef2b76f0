import { describe, expect, it } from "vitest";
import { answerTo } from "./answers.ts";
import { check } from "./checker.ts";
import type { Ask, Evidence, Post, TurnRow } from "./evidence.ts";
import { tell } from "./story.ts";

/** A run in which all is well: two questions in one place, the first with an answer of two pages. */
function goodRun(): Evidence {
  const ask = (number: number): Ask => ({
    number,
    platform: "slack",
    where: "here",
    id: `m${number}`,
    at: number,
    answer: answerTo(number, 900),
    heldBack: false,
  });
  const turn = (id: number): TurnRow => ({
    id,
    place: "place",
    platform: "slack",
    messageId: `m${id}`,
    state: "done",
    receivedAt: id + 10,
    takenUpAt: id + 20,
    settledAt: id + 30,
  });
  const post = (position: number, text: string): Post => ({
    platform: "slack",
    where: "here",
    id: `p${position}`,
    at: 40 + position,
    position,
    text,
    buttons: 0,
    versions: [],
  });
  const middle = answerTo(1, 900).indexOf("const value");
  return {
    asks: [ask(1), ask(2)],
    turns: [turn(1), turn(2)],
    posts: [
      post(0, `${answerTo(1, 900).slice(0, middle)}\`\`\``),
      post(1, `\`\`\`js\n${answerTo(1, 900).slice(middle)}`),
      post(2, answerTo(2, 900)),
    ],
    pages: [
      { turn: 1, index: 0, id: "p0" },
      { turn: 1, index: 1, id: "p1" },
      { turn: 2, index: 0, id: "p2" },
    ],
    calls: [
      { ask: 1, at: 25 },
      { ask: 2, at: 26 },
    ],
    stored: [
      { conversation: "c", ask: 1 },
      { conversation: "c", ask: 2 },
    ],
    overdrawn: [],
    troubles: [],
    steps: [{ at: 15, who: "A", step: "mailbox.add after", place: "place", turn: 2 }],
    windowMs: 100,
    sameTimeMs: 0,
  };
}

const faultsIn = (change: Partial<Evidence>) => check({ ...goodRun(), ...change }).map(({ fault }) => fault);
/** The good run with one of a list changed. */
const withOne = <T>(list: readonly T[], index: number, change: Partial<T>) =>
  list.map((one, at) => (at === index ? { ...one, ...change } : one));
const { asks, turns, posts, pages, calls, stored } = goodRun();
const trouble = (kind: string, at: number, until = at) => ({ kind, at, until, detail: "" });

describe("the checker", () => {
  it("finds nothing wrong where all is well", () => {
    expect(check(goodRun())).toEqual([]);
  });

  it("finds a question that was never stored, one that was never answered, and one that is not settled", () => {
    const [, second] = turns;
    expect(
      faultsIn({ turns: [second!], pages: pages.slice(2), posts: withOne(posts.slice(2), 0, {}) }),
    ).toEqual(["lost"]);
    expect(faultsIn({ pages: pages.slice(0, 2), posts: posts.slice(0, 2) })).toEqual(["lost"]);
    const { settledAt: _, ...open } = second!;
    expect(faultsIn({ turns: [turns[0]!, { ...open, state: "streaming" }] })).toEqual(["unsettled"]);
  });

  it("finds a question that became two turns, one whose answer stands there twice, and an answer that nobody asked for", () => {
    expect(faultsIn({ turns: [...turns, { ...turns[1]!, id: 3 }] })).toEqual(["doubled"]);
    const twice = withOne(posts, 2, { text: `${posts[2]!.text}\n${posts[2]!.text}` });
    expect(faultsIn({ posts: twice })).toEqual(["doubled"]);
    expect(faultsIn({ asks: asks.slice(0, 1) })).toEqual(["unasked"]);
  });

  it("finds text that is missing, changed, or in the wrong order", () => {
    const first = posts[0]!.text;
    for (const text of [first.slice(10), first.replace("1.1", "2.1"), posts[1]!.text])
      expect(faultsIn({ posts: withOne(posts, 0, { text }) })).toEqual(["wrong text"]);
    expect(faultsIn({ pages: [{ ...pages[0]!, index: 1 }, { ...pages[1]!, index: 0 }, pages[2]!] })).toEqual([
      "wrong text",
    ]);
  });

  it("finds a draft that was left, by its mark and by its button", () => {
    expect(faultsIn({ posts: withOne(posts, 2, { text: "Answer 2 …" }) })).toEqual(["unfinished"]);
    expect(faultsIn({ posts: withOne(posts, 2, { buttons: 1 }) })).toEqual(["unfinished"]);
  });

  it("finds a failure that nothing excuses", () => {
    const failed = { turns: withOne(turns, 1, { state: "failed", error: "cut" }) };
    expect(faultsIn(failed)).toEqual(["failed for no reason"]);
    expect(faultsIn({ ...failed, troubles: [trouble("slack 429", 20)] })).toEqual(["failed for no reason"]);
    expect(faultsIn({ ...failed, troubles: [trouble("telnyx cut", 50)] })).toEqual(["failed for no reason"]);
    expect(faultsIn({ ...failed, troubles: [trouble("telnyx cut", 5, 15)] })).toEqual([]);
    const killed = Array.from({ length: 5 }, () => trouble("kill", 20));
    expect(faultsIn({ ...failed, troubles: killed.slice(1) })).toEqual(["failed for no reason"]);
    expect(faultsIn({ ...failed, troubles: killed })).toEqual([]);
  });

  it("finds replies in the wrong order, unless the earlier question was kept back until the later one was taken up", () => {
    const apart = withOne(asks, 1, { at: 5 });
    const posted = [2, 3, 1].map((position, index) => ({ ...posts[index]!, position }));
    const swapped = { posts: posted, asks: apart };
    expect(faultsIn(swapped)).toEqual(["out of order"]);
    const held = withOne(apart, 0, { heldBack: true });
    expect(faultsIn({ ...swapped, asks: held })).toEqual(["out of order"]);
    const late = withOne(turns, 0, { receivedAt: 25 });
    expect(faultsIn({ ...swapped, turns: late })).toEqual(["out of order"]);
    expect(faultsIn({ ...swapped, turns: late, asks: held })).toEqual([]);
    expect(faultsIn({ ...swapped, turns: late, troubles: [trouble("slack slow", 5)] })).toEqual([]);
    expect(faultsIn({ ...swapped, turns: late, sameTimeMs: 10 })).toEqual([]);
    expect(faultsIn({ ...swapped, sameTimeMs: 10 })).toEqual(["out of order"]);
    expect(faultsIn({ posts: posted, asks })).toEqual([]); // said within a millisecond
  });

  it("finds replies that overlap", () => {
    expect(faultsIn({ posts: [1, 3, 2].map((position, index) => ({ ...posts[index]!, position })) })).toEqual(
      ["interleaved"],
    );
  });

  it("finds a message without a row, a row without a message, and two rows of one message", () => {
    const stray = { ...posts[2]!, id: "p9", position: 3 };
    expect(faultsIn({ posts: [...posts, stray] })).toEqual(["orphaned"]);
    expect(faultsIn({ pages: [...pages, { turn: 2, index: 1 }] })).toEqual(["page without its post"]);
    expect(faultsIn({ pages: [...pages, { turn: 2, index: 1, id: "p8" }] })).toEqual([
      "page without its post",
    ]);
    expect(faultsIn({ pages: [...pages, { turn: 2, index: 1, id: "p1" }] })).toContain(
      "page without its post",
    );
  });

  it("finds a model that was asked more often than it was interrupted, and an input that is there more often than it was sent", () => {
    const again = { calls: [...calls, { ask: 2, at: 40 }] };
    expect(faultsIn(again)).toEqual(["asked too often"]);
    expect(faultsIn({ ...again, troubles: [trouble("slack cut", 30)] })).toEqual(["asked too often"]);
    expect(faultsIn({ ...again, troubles: [trouble("kill", 41)] })).toEqual(["asked too often"]);
    expect(faultsIn({ ...again, troubles: [trouble("kill", 30)] })).toEqual([]);
    expect(faultsIn({ ...again, troubles: [trouble("kept waiting by the machine", 30)] })).toEqual([]);
    const copied = { stored: [...stored, stored[1]!, stored[1]!] };
    expect(faultsIn(copied)).toEqual(["stored too often"]);
    expect(faultsIn({ stored: [...stored, stored[1]!] })).toEqual([]);
    expect(faultsIn({ ...copied, ...again, troubles: [trouble("kill", 30)] })).toEqual([]);
  });

  it("finds a budget that was overdrawn, unless a process that was killed forgot what it drew", () => {
    const overdrawn = [{ platform: "slack", at: 500, what: "chat.update" }];
    expect(faultsIn({ overdrawn })).toEqual(["overdrawn"]);
    expect(faultsIn({ overdrawn, troubles: [trouble("kill", 399)] })).toEqual(["overdrawn"]);
    expect(faultsIn({ overdrawn, troubles: [trouble("kill", 401)] })).toEqual([]);
  });
});

describe("the fence", () => {
  const line = (who: string, step: string, epoch: number) => ({
    at: 1,
    who,
    step,
    turn: 2,
    place: "place",
    epoch,
  });
  const [own, taken, begins, ends] = [
    line("A", "mailbox.next after", 1),
    line("B", "mailbox.next after", 3),
    line("A", "store.markStreaming before", 1),
    line("A", "store.markStreaming after", 1),
  ];

  it("is broken by a write that begins after another replica was seen to have the place, and by no other", () => {
    expect(faultsIn({ steps: [own, taken, begins, ends] })).toEqual(["not fenced"]);
    expect(faultsIn({ steps: [own, begins, taken, ends] })).toEqual([]);
    const refused = line("A", "store.markStreaming refused: fenced", 1);
    expect(faultsIn({ steps: [own, taken, begins, refused] })).toEqual([]);
    expect(faultsIn({ steps: [own, taken, begins, { ...ends, place: "elsewhere" }] })).toEqual([]);
  });

  it("is not broken by whoever has the place, when another is told late of having had it", () => {
    const again = ["before", "after"].map((half) => line("A", `store.markStreaming ${half}`, 5));
    expect(faultsIn({ steps: [again[0]!, taken, again[1]!] })).toEqual([]);
    expect(faultsIn({ steps: [again[0]!, taken, begins, ends] })).toEqual(["not fenced"]);
  });
});

describe("a story", () => {
  it("tells in order of time what befell the question and its place, and nothing else", () => {
    const evidence = {
      ...goodRun(),
      posts: withOne(posts, 2, {
        text: "Answer 2 …",
        versions: [
          { at: 42, text: "" },
          { at: 60, text: "" },
        ],
      }),
      troubles: [trouble("kill", 33), trouble("kill", 99_999)],
      steps: [
        { at: 15, who: "A", step: "store.pages before", turn: 2 },
        { at: 16, who: "A", step: "store.pages after", turn: 2 },
        { at: 17, who: "A", step: "store.pages after", turn: 1, place: "elsewhere" },
        { at: 33, who: "A", step: "store.markAnswered before", turn: 2, killed: 7 },
      ],
    };
    const [violation] = check(evidence);
    const lines = tell(evidence, violation!)
      .split("\n")
      .map((line) => line.trim().replaceAll(/ +/g, " "));
    expect(lines[0]).toMatch(/^unfinished: .*question 2/);
    expect(lines).toEqual([
      lines[0],
      "0 people ask question 1",
      "1 people ask question 2",
      "15 A store.pages after (turn 2)",
      "25 telnyx is asked for the answer",
      "32 A store.markAnswered before (turn 2), and is killed here (step 7)",
      "32 trouble kill",
      "39 slack shows the message p0",
      "40 slack shows the message p1",
      "41 slack shows the message p2",
      "59 slack shows an edit of p2",
      expect.stringContaining("in the end p0 is"),
      expect.stringContaining("in the end p1 is"),
      'slack in the end p2 is "Answer 2 …"',
    ]);
  });
});
