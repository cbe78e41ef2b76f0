import { describe, expect, it } from "vitest";
import { called, calledInFull, excerptOf, sumCalled } from "../../src/admin/called.ts";
import type { Sum } from "../../src/store/sums.ts";

const PLACE = { workspaceId: "T1", workspaceName: "Acme", channelId: "C1", channelKind: "public" } as const;
const SUPPORT = { ...PLACE, channelName: "support" };
const DM = { ...PLACE, channelId: "D1", channelKind: "dm" } as const;

describe("a conversation", () => {
  it("is called by its channel and its thread, and a thread without a name by how it begins", () => {
    expect(called(SUPPORT)).toBe("#support");
    expect(called({ ...SUPPORT, threadId: "1", threadName: "Order 17", excerpt: "Where is it?" })).toBe(
      "#support › Order 17",
    );
    expect(called({ ...SUPPORT, threadId: "1", excerpt: "Where is it?" })).toBe("#support › Where is it?");
    expect(called({ ...SUPPORT, excerpt: "Where is it?" })).toBe("#support");
    expect(called({ ...SUPPORT, threadId: "1" })).toBe("#support");
    expect(called({ ...PLACE, channelName: "\u200B" })).toBe("#C1");
  });

  it("in private is called by who is there, as far as that is known", () => {
    expect(called({ ...DM, startedByName: "Alice" })).toBe("DM with Alice");
    expect(called({ ...DM, userName: "Alice", threadId: "1", excerpt: "Hi" })).toBe("DM with Alice › Hi");
    expect(called(DM)).toBe("Direct message");
    expect(called({ ...DM, startedByName: "forgotten" })).toBe("Direct message");
    const group = { ...DM, channelKind: "group_dm" } as const;
    expect(called({ ...group, channelName: "Ada, Bob" })).toBe("Group DM with Ada, Bob");
    expect(called({ ...group, startedByName: "Ada" })).toBe("Group DM with Ada and others");
    expect(called(group)).toBe("Group DM");
  });

  it("has its workspace before it where those of several stand together, and stays on one line", () => {
    expect(calledInFull(SUPPORT)).toBe("Acme › #support");
    const { workspaceName: _, ...nameless } = SUPPORT;
    expect(calledInFull(nameless)).toBe("T1 › #support");
    const hostile = { ...SUPPORT, channelName: `a\nb\u202E${"c".repeat(3_000)}`, startedByName: "x" };
    expect(calledInFull(hostile)).toBe(`Acme › #a b${"c".repeat(76)}…`);
  });
});

describe("a row of sums", () => {
  const sum: Sum = { turns: 1, conversations: 1, people: 1, failed: 0, tokens: 0 };
  it("is called by what it is of", () => {
    expect(sumCalled({ ...sum, key: "C1", name: "support", kind: "public" }, "channel")).toBe("#support");
    expect(sumCalled({ ...sum, key: "D1", name: "Alice", kind: "dm" }, "channel")).toBe("DM with Alice");
    expect(sumCalled({ ...sum, key: "D1", kind: "dm" }, "channel")).toBe("Direct message");
    expect(sumCalled({ ...sum, key: "U1", name: "Alice" }, "user")).toBe("Alice");
    expect(sumCalled({ ...sum, key: "2026-11-28" }, "day")).toBe("2026-11-28");
    expect(sumCalled(sum, "model")).toBe("not known");
    expect(sumCalled(sum, undefined)).toBe("all");
  });
});

describe("an excerpt", () => {
  it("is a few words of the question without its Markdown, and keeps what only looks like it", () => {
    expect(excerptOf("**Hello**, see [the docs](https://x.example/a) and `npm ci`")).toBe(
      "Hello, see the docs and npm ci",
    );
    expect(excerptOf("# Title\n> quoted\n- one\n```ts\nconst x = 2 ** 3;\n```")).toBe(
      "Title quoted one const x = 2 ** 3;",
    );
    expect(excerptOf("__init__ of *this* #1 > 2 [x]")).toBe("__init__ of *this* #1 > 2 [x]");
  });

  it("is no longer than a line, and takes as long for a long question as for a short one", () => {
    expect(excerptOf("word ".repeat(2_000_000))).toHaveLength(100);
    expect(excerptOf(`${"[".repeat(50_000)}x`)?.endsWith("…")).toBe(true);
    expect(excerptOf("*".repeat(100_000))).toHaveLength(100);
  });

  it("is absent where nothing is to be seen", () => {
    for (const empty of ["", " \n", "\u200B\u3164", "```\n```"]) expect(excerptOf(empty)).toBeUndefined();
  });
});
