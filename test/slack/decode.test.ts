import { describe, expect, test } from "vitest";
import { decodePost } from "../../src/slack/decode.ts";
import type { Json } from "../../src/slack/json.ts";
import { words } from "./kit.ts";

describe("blocks", () => {
  const decode = (blocks: readonly Json[], text = "") =>
    decodePost({ team: "T1", channel: "C1", ts: "1.1", text, blocks, attachments: [], files: [] }, words);

  test("of apps are read in their order, each in its notation", () => {
    const markdown = decode([
      { type: "header", text: { type: "plain_text", text: "*Build*" } },
      { type: "divider" },
      {
        type: "section",
        text: { type: "mrkdwn", text: "*failed* for <@U1>" },
        fields: [{ type: "plain_text", text: "a_b" }],
      },
      {
        type: "context",
        elements: [
          { type: "mrkdwn", text: "_now_" },
          { type: "image", alt_text: "x" },
        ],
      },
      { type: "markdown", text: "**bold**" },
    ]);
    expect(markdown).toBe("# *Build*\n\n**failed** for @Ada\na_b\n\n_now_\n\n**bold**");
  });

  test("with a table are a table", () => {
    const rich = {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "c|d" }] }],
    };
    const rows = [
      [
        { type: "raw_text", text: "a" },
        { type: "raw_text", text: "b" },
      ],
      [rich, { type: "raw_text", text: "e" }],
    ];
    expect(decode([{ type: "table", rows }])).toBe("| a | b |\n| --- | --- |\n| c\\|d | e |");
  });

  test("that show nothing leave it to the text, and that to the attachments", () => {
    expect(decode([{ type: "video" }], "see *this*")).toBe("see **this**");
    const post = { team: "T1", channel: "C1", ts: "1.1", text: "", blocks: [], files: [] };
    const attachments = [{ fallback: "one" }, { text: "*two*", fallback: "2" }, {}];
    expect(decodePost({ ...post, attachments }, words)).toBe("one\n**two**");
  });
});
