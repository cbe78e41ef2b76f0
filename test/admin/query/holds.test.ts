import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/chat/place.ts";
import { holds, type Subject } from "../../../src/admin/query/holds.ts";
import { parseQuery } from "../../../src/admin/query/query.ts";
import { print } from "../../../src/admin/query/print.ts";
import type { Condition } from "../../../src/store/archive.ts";
import { tree } from "./trees.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const place = {
  place: "p" as Place,
  generation: 1,
  platform: "slack",
  workspaceId: "T1",
  channelId: "C1",
  channelKind: "public",
} as const;
const subject: Required<Subject> = {
  conversation: {
    ...place,
    channelName: "help-desk",
    startedAt: NOW - 10,
    activeAt: NOW - 5,
    startedById: "U1",
    startedByName: "Ada",
    turns: 1,
    open: 0,
    failed: 0,
    tokens: 30,
    formerly: [{ field: "channel", name: "support", until: NOW }],
    held: false,
  },
  turn: {
    ...place,
    channelName: "support",
    id: 17,
    messageId: "m",
    userId: "U2",
    userName: "Bob",
    userNames: ["Robert", "Bob"],
    status: "done",
    state: "done",
    model: "zai-org/GLM-5",
    usage: { inputTokens: 10, outputTokens: 20 },
    receivedAt: NOW - 5,
    settledAt: NOW,
    tries: 1,
    pages: [],
  },
  heard: ["U7", "U8"],
  content: { turn: 17, question: "Where is my refund?", answer: "It is on its way." },
};
const { turn: _, content: __, ...turnless } = subject;
const asked = (text: string, of: Subject = subject) => holds(parseQuery(text, NOW).where, of);

describe("holds", () => {
  it.each([
    "channel:support",
    "channel:HELP-desk",
    "channel:C1",
    "channel@then:support",
    "channel@now:help*",
    "user:bob",
    "user@now:robert",
    "user@then:bob",
    "user:U2",
    "model:glm",
    "status:done",
    "tokens:30",
    "output:20",
    "turn:17",
    "refund",
    '"my refund"',
    '"is on"',
    "refu*",
    '"where is m"*',
    "-cost:>0",
    "at:today",
    "kind:public -kind:dm",
    "heard:U8",
    "-heard:U2",
  ])("finds the turn by %s", (text) => expect(asked(text)).toBe(true));

  it.each([
    "channel@then:help-desk",
    "channel@now:support",
    "user:ada",
    "user@now:bob",
    "tokens:>30",
    "cost:0..9",
    '"refund my"',
    "refu",
    '"refund it"',
    "error:timeout",
    "-status:done",
    "started:<2026",
    "heard:U2",
  ])("does not find it by %s", (text) => expect(asked(text)).toBe(false));

  it("reads no text before the turn is settled, nor where it may not be read", () => {
    const { settledAt: _settled, ...open } = subject.turn;
    expect(asked("refund", { ...subject, turn: open })).toBe(false);
    expect(asked("refund", { conversation: subject.conversation, turn: subject.turn })).toBe(false);
  });

  it("says of a conversation without turns what is said of conversations, and nothing of turns", () => {
    expect(asked("channel:support", turnless)).toBe(true);
    expect(asked("-channel:random", turnless)).toBe(true);
    expect(asked("status:done", turnless)).toBe(false);
    expect(asked("-status:done", turnless)).toBe(false);
    expect(asked("-channel@then:x", turnless)).toBe(false);
    expect(asked("status:done OR channel:support", turnless)).toBe(true);
    expect(asked("-(status:done channel:random)", turnless)).toBe(true);
  });

  it("goes by the laws of logic, with turns and without", () => {
    const condition = tree
      .filter((node) => print(node).length < 3_000)
      .map((node) => parseQuery(print(node), NOW).where);
    let held = 0;
    const not = (of: Condition): Condition => ({ kind: "not", of });
    fc.assert(
      fc.property(condition, condition, fc.constantFrom<Subject>(subject, turnless), (a, b, of) => {
        const is = (one: Condition) => holds(one, of);
        const [all, any] = [{ kind: "all", of: [a, b] } as const, { kind: "any", of: [a, b] } as const];
        if (is(a)) held += 1;
        expect(is(all)).toBe(is(a) && is(b));
        expect(is(any)).toBe(is(a) || is(b));
        expect(is(not(not(a)))).toBe(is(a));
        expect(is(not(all))).toBe(is({ kind: "any", of: [not(a), not(b)] }));
        expect(is(not(any))).toBe(is({ kind: "all", of: [not(a), not(b)] }));
        expect(is(a) && is(not(a))).toBe(false);
        if (of === subject) expect(is(a) || is(not(a))).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(held).toBeGreaterThan(30);
    expect(held).toBeLessThan(270);
  });
});
