import { describe, expect, it } from "vitest";
import { operator } from "../../../src/admin/viewer.ts";
import { listConversations, printUsage } from "../../../src/cli/admin/lists.ts";

const EVIL = '=HYPERLINK("x")\u001B]0;owned\u0007\u202E\nnext';

describe("a list", () => {
  it("that is empty says why, and what is near, to people alone and on one line each", async () => {
    const unknown = ["user:alcie", `channel:"${EVIL}"`].map((written) => ({ field: "user", written }));
    const near = { unknown, queries: ["user:alice", `user:"${EVIL}"`] };
    const empty = async () => ({ rows: [], query: "", near });
    const total = { turns: 0, conversations: 0, people: 0, failed: 0, tokens: 0 };
    const admin = {
      conversations: empty,
      plan: () => "",
      usage: async () => ({ query: "", rows: [], total, near }),
    } as never;
    const terminal = { write: () => {}, taken: async () => {}, colour: false, live: false };
    const viewer = operator({ id: "cli:ada", name: "ada", via: "cli" });
    for (const print of [listConversations, printUsage]) {
      let told = "";
      const to = { ...terminal, tell: (text: string) => void (told += text) };
      await print({ admin, viewer, to }, { query: "user:alcie", format: "table", explain: false });
      expect(told).toContain("meets user:alcie or channel:");
      expect(told).toMatch(/by itself\. Near it:\n {2}user:alice\n {2}user:"=HYPERLINK/);
      expect(told).not.toContain("\u001B");
    }
    const piped: string[] = [];
    const to = { ...terminal, tell: (text: string) => void piped.push(text) };
    await listConversations({ admin, viewer, to }, { query: "", format: "jsonl", explain: false });
    expect(piped).toEqual([]);
  });
});
