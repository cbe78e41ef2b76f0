import { fromMarkdown } from "mdast-util-from-markdown";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exported } from "../../src/admin/export.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../src/admin/export-text.ts";
import { createRedactor } from "../../src/admin/redact.ts";
import { adminWorld, type AdminWorld, inChannel, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
});
afterEach(() => world.bench.close());

const redactor = createRedactor({ key: new Uint8Array(32), patterns: [] });
const written = async (name: ExportFormat["name"], who = ROOT) => {
  const { head, text } = EXPORT_FORMATS.find((format) => format.name === name)!;
  const rows = exported({ ...world.deps, redactor }, who, { query: "", redact: false });
  return head + (await Array.fromAsync(rows)).map(text).join("");
};

describe("an export as text", () => {
  it("is JSON, a conversation with its turns on each line", async () => {
    await world.ask({ channel: "C1", question: "one\ntwo" });
    await world.ask({ channel: "C2", question: "three" });
    const lines = (await written("jsonl")).trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1]!)).toMatchObject({
      conversation: { channelId: "C1" },
      turns: [{ content: { question: "one\ntwo" } }],
    });
  });

  it("is CSV, a turn a row, in which no cell is run by a spreadsheet", async () => {
    await world.ask({ channel: "C1", question: "=HYPERLINK(1)", answer: 'say "yes"' });
    const [head, row] = (await written("csv")).split("\r\n");
    expect(head).toMatch(/^turn,at,status,user,question,answer,tokens,cost,/);
    expect(row).toMatch(/^1,2026-11-22T00:00:01.000Z,done,Grace Hopper,'=HYPERLINK\(1\),"say ""yes""",/);
  });

  it("is Markdown in which what was said stays within its quote, and a name is no Markdown", async () => {
    const forged = "\n\n# Forged\n\n**Answer**\n<b>";
    await world.ask({ channel: "C1", name: "a](x) *b*", question: `Hello${forged}`, answer: forged });
    const tree = fromMarkdown(await written("md"));
    expect(tree.children.map(({ type }) => type)).toEqual([
      "heading",
      "paragraph",
      "paragraph",
      "blockquote",
      "paragraph",
      "blockquote",
    ]);
    expect(tree.children[0]).toMatchObject({ children: [{ type: "text", value: "T1 › a](x) *b*" }] });
  });

  it("says in Markdown what was not to be read", async () => {
    await world.ask({ channel: "C1", kind: "private", question: "secret" });
    const who = viewer({ where: inChannel("C1"), reads: "content", private: false });
    const text = await written("md", who);
    expect(text).not.toContain("secret");
    expect(text).toContain("> *not for whoever exported this*");
  });
});
