import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Admin, ListedConversation, ListRequest } from "../../../src/admin/admin.ts";
import { QueryError } from "../../../src/admin/query/error.ts";
import { parseQuery } from "../../../src/admin/query/query.ts";
import { heard } from "./heard.ts";
import { operator } from "../../../src/admin/viewer.ts";
import type { Place } from "../../../src/chat/place.ts";
import { differenceLine, idOf, keyOf } from "../../../src/cli/admin/columns.ts";
import { forgottenLine } from "../../../src/admin/forgotten-line.ts";
import { inert, inertLines } from "../../../src/admin/inert.ts";
import { cut } from "../../../src/cli/admin/width.ts";
import { listConversations, listTurns, printUsage } from "../../../src/cli/admin/lists.ts";
import type { Format, Terminal } from "../../../src/cli/admin/output.ts";
import { pointedAt } from "../../../src/cli/admin/point.ts";
import { widthOf } from "../../../src/discord/width.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const EVIL = '=HYPERLINK("x")\u001B]0;owned\u0007\u202E\nnext';
const row = (index: number, name = `Person ${index}`): ListedConversation => ({
  place: `slack:T1:C${index}` as Place,
  generation: 1,
  platform: "slack",
  workspaceId: "T1",
  channelId: `C${index}`,
  channelName: "東京サポート",
  channelKind: "public",
  startedAt: NOW,
  activeAt: NOW,
  startedById: "U1",
  startedByName: name,
  turns: index,
  open: 0,
  failed: 0,
  tokens: 1_000,
  cost: 123_456,
  formerly: [],
  held: false,
  readable: true,
});

/** The rows, in pages as they are asked for; what else is asked for is a mistake. */
function serving(rows: readonly ListedConversation[]) {
  const requests: ListRequest[] = [];
  const admin = {
    conversations: async (_: unknown, request: ListRequest) => {
      requests.push(request);
      const from = Number(request.after ?? 0);
      const to = Math.min(rows.length, from + (request.limit ?? 50));
      return {
        rows: rows.slice(from, to),
        query: request.query,
        ...(to < rows.length && { next: String(to) }),
      };
    },
    turns: async () => ({ rows: [], query: "" }),
    usage: async () => ({
      query: "",
      by: "channel",
      rows: [{ key: "C1", name: "support", turns: 2, conversations: 1, people: 1, failed: 0, tokens: 9 }],
      total: { turns: 5, conversations: 2, people: 1, failed: 0, tokens: 9 },
    }),
    plan: (_: unknown, { query }: ListRequest) => `plan of ${query}`,
  } as unknown as Admin;
  return { admin, requests };
}

type Given = Partial<Terminal> & { limit?: number; explain?: boolean; query?: string };

async function run(
  rows: readonly ListedConversation[],
  format: Format,
  { limit, explain = false, query = "kind:public", ...terminal }: Given = {},
) {
  const { admin, requests } = serving(rows);
  const said = { out: "", err: "" };
  const to = {
    write: (text: string | Uint8Array) => void (said.out += heard(text)),
    tell: (text: string) => void (said.err += text),
    taken: async () => {},
    colour: false,
    live: false,
    ...terminal,
  };
  const session = { admin, viewer: operator({ id: "cli:ada", name: "ada", via: "cli" }), to };
  const options = { query, format, explain, ...(limit !== undefined && { limit }) };
  await listConversations(session, options);
  return { ...said, requests, session, options };
}

describe("a list", () => {
  it("is a table that fits the terminal by what is shown, wide letters and all", async () => {
    const { out } = await run([row(1, "a very long name of a person ".repeat(5)), row(22)], "table", {
      width: 100,
    });
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
    expect(out).toMatch(/東京/);
    expect(out).toContain("…");
  });

  it("goes on over the pages until there are as many as were asked for", async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => row(index));
    const all = await run(rows, "jsonl");
    expect(
      all.out
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as ListedConversation).turns),
    ).toEqual(rows.map(({ turns }) => turns));
    expect(all.err).toBe("");
    const some = await run(rows, "table", { limit: 1_200, live: true });
    expect(some.requests.map(({ limit }) => limit)).toEqual([1_000, 200]);
    expect(some.out.trimEnd().split("\n")).toHaveLength(1_201);
    expect(some.err).toMatch(/1000 so far/);
    expect(some.err).toMatch(/There are more/);
  });

  it("is JSON, also when it is empty or long", async () => {
    for (const count of [0, 1, 1_001]) {
      const rows = Array.from({ length: count }, (_, index) => row(index));
      expect(JSON.parse((await run(rows, "json")).out)).toHaveLength(count);
    }
    expect((await run([], "table")).err).toBe("Nothing was found.\n");
    expect((await run([], "table")).out).toBe("");
  });

  it("is CSV in which nothing is a formula, quoted right", async () => {
    const { out } = await run([row(1, '=1+1,"x"'), row(2, "-2")], "csv");
    expect(out.split("\r\n")).toHaveLength(4);
    expect(out).toContain(`"'=1+1,""x"""`);
    expect(out).toContain(",'-2,");
    expect(out).toContain(",0.123456,");
  });

  it("obeys nothing that a name says to the terminal", async () => {
    const { out } = await run([row(1, EVIL)], "table");
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });

  it("shows what it becomes and asks nothing, when that is wanted", async () => {
    const { out, requests } = await run([row(1)], "table", { explain: true });
    expect([out, requests]).toEqual(["plan of kind:public\n", []]);
  });

  it("has sums with all of them together, and no rows where there are none", async () => {
    const { session, options } = await run([], "json");
    let text = "";
    const to = { ...session.to, write: (more: string | Uint8Array) => void (text += heard(more)) };
    await printUsage({ ...session, to }, { ...options, format: "table" });
    expect(text.split("\n").map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
      ["KEY", "TURNS"],
      ["support", "2"],
      ["all", "5"],
      [""],
    ]);
    text = "";
    await listTurns({ ...session, to }, options);
    expect(text).toBe("[]\n");
  });

  it("tells of what was forgotten and of what differs, a line each", () => {
    const conversation = { place: "p" as Place, generation: 2 };
    expect(
      forgottenLine({
        conversation,
        name: `sup${EVIL}`,
        turns: 1,
        heard: 0,
        local: "held",
        telnyx: "kept",
        why: "a legal hold",
      }),
    ).toMatch(/^sup.* next \(p#2\): 1 turn, kept, since it is on hold, kept at Telnyx \(a legal hold\)$/);
    const changes = [{ key: "channel_name", there: "old", here: "new" }];
    const found = { telnyxId: "x", done: false, name: "#support" } as const;
    expect(differenceLine({ ...found, kind: "metadata", done: true, conversation, changes })).toBe(
      "x: #support (p#2) is called otherwise: channel_name old → new, put right",
    );
    expect(differenceLine({ ...found, kind: "gone_there", conversation })).toBe(
      "x: #support (p#2) is gone at Telnyx",
    );
    expect(differenceLine({ ...found, kind: "missing_here" })).toBe("x: #support is not known here");
    expect(
      differenceLine({ kind: "missing_here", telnyxId: "x", done: false, why: "it names no place" }),
    ).toBe("x: a conversation is not known here (it names no place)");
  });

  it("cuts nothing of a later row where nothing has to fit", async () => {
    const rows = Array.from({ length: 1_001 }, (_, index) =>
      row(index, index === 1_000 ? "a longer name than all before" : "Ada"),
    );
    expect((await run(rows, "table")).out.includes("a longer name than all before")).toBe(true);
    const fitted = await run(rows, "table", { width: 100 });
    for (const line of fitted.out.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(100);
  });
});

describe("a conversation's name on the command line", () => {
  it("is read as it is written", () => {
    expect(keyOf(idOf({ place: "a#b" as Place, generation: 3 }))).toEqual({ place: "a#b", generation: 3 });
    expect(keyOf("support")).toBeUndefined();
  });
});

describe("text of others", () => {
  it("has no sign that a terminal obeys, and never more columns than there are", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => {
          expect(inert(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
          expect(widthOf(cut(inert(text), width))).toBeLessThanOrEqual(width);
        },
      ),
    );
    expect(inertLines(`${EVIL}\r\nlast`)).toEqual(['=HYPERLINK("x")]0;owned', "next", "last"]);
    expect(cut("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5)).toBe("👩‍👩‍👧👩‍👩‍👧…");
  });
});

describe("a wrong query on a terminal", () => {
  const pointed = (text: string, width?: number) => {
    try {
      parseQuery(text, NOW);
    } catch (error) {
      if (error instanceof QueryError) return pointedAt(error, width).split("\n");
      throw error;
    }
    throw new Error("it is right");
  };

  it("has a mark under each place, by what is shown before it", () => {
    expect(pointed("topic:東京 status:faild").slice(0, 3)).toEqual([
      "  topic:東京 status:faild",
      "                    ^^^^^",
      "status: is one of open, done, failed, stopped, postponed, forgotten. Did you mean failed?",
    ]);
  });

  it("shows the part of a long query that is meant, and obeys nothing in it", () => {
    const [line = "", mark = ""] = pointed(`"${"\u001B[31mword ".repeat(60)}" tokens:x\u001B[2J`, 60);
    expect(widthOf(line)).toBeLessThanOrEqual(60);
    expect(line).not.toContain("\u001B");
    expect(line.slice(mark.indexOf("^"), mark.indexOf("^") + 1)).toBe("x");
  });
});
