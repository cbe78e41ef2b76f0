import { describe, expect, it } from "vitest";
import { checkBlocks } from "../../../../src/sandbox/slack/web/blocks.ts";
import { SlackRefusal } from "../../../../src/sandbox/slack/web/method.ts";

type Block = Record<string, unknown>;
const divider = { type: "divider" };
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const plain = (text: string) => ({ type: "plain_text", text });
const section = (length: number) => ({ type: "section", text: mrkdwn("x".repeat(length)) });
const markdown = (length: number) => ({ type: "markdown", text: "x".repeat(length) });
const button = (fields: Block) => ({ type: "actions", elements: [{ type: "button", ...fields }] });
const table = (rows: number, columns: number, text = "x") => ({
  type: "table",
  rows: Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => ({ type: "raw_text", text })),
  ),
});
const list = <T>(length: number, item: T) => Array.from({ length }, () => item);

function refusalOf(blocks: readonly Block[]): string {
  try {
    checkBlocks(blocks);
    return "ok";
  } catch (error) {
    if (error instanceof SlackRefusal) return error.code;
    throw error;
  }
}

/** A rule, what keeps to it by a hair, what breaks it by one, and how that is refused. */
const RULES: readonly (readonly [string, readonly Block[], readonly Block[], string])[] = [
  ["50 blocks", list(50, divider), list(51, divider), "invalid_blocks"],
  ["3,000 characters in a section", [section(3000)], [section(3001)], "invalid_blocks"],
  ["some text in a section", [section(1)], [section(0)], "invalid_blocks"],
  [
    "10 fields",
    [{ type: "section", fields: list(10, plain("a")) }],
    [{ type: "section", fields: list(11, plain("a")) }],
    "invalid_blocks",
  ],
  [
    "2,000 characters in a field",
    [{ type: "section", fields: [plain("x".repeat(2000))] }],
    [{ type: "section", fields: [plain("x".repeat(2001))] }],
    "invalid_blocks",
  ],
  [
    "150 characters in a header",
    [{ type: "header", text: plain("x".repeat(150)) }],
    [{ type: "header", text: plain("x".repeat(151)) }],
    "invalid_blocks",
  ],
  [
    "plain text in a header",
    [{ type: "header", text: plain("a") }],
    [{ type: "header", text: mrkdwn("a") }],
    "invalid_blocks",
  ],
  [
    "10 elements in a context",
    [{ type: "context", elements: list(10, mrkdwn("a")) }],
    [{ type: "context", elements: list(11, mrkdwn("a")) }],
    "invalid_blocks",
  ],
  [
    "some element in a context",
    [{ type: "context", elements: [mrkdwn("a")] }],
    [{ type: "context", elements: [] }],
    "invalid_blocks",
  ],
  [
    "a list as a context's elements",
    [{ type: "context", elements: [mrkdwn("a")] }],
    [{ type: "context" }],
    "invalid_blocks",
  ],
  [
    "3,000 characters in a section beside fields",
    [{ ...section(3000), fields: [plain("a")] }],
    [{ ...section(3001), fields: [plain("a")] }],
    "invalid_blocks",
  ],
  [
    "25 elements in actions",
    [{ type: "actions", elements: list(25, { type: "button", text: plain("a") }) }],
    [{ type: "actions", elements: list(26, { type: "button", text: plain("a") }) }],
    "invalid_blocks",
  ],
  [
    "75 characters on a button",
    [button({ text: plain("x".repeat(75)) })],
    [button({ text: plain("x".repeat(76)) })],
    "invalid_blocks",
  ],
  [
    "2,000 characters in a button's value",
    [button({ text: plain("a"), value: "x".repeat(2000) })],
    [button({ text: plain("a"), value: "x".repeat(2001) })],
    "invalid_blocks",
  ],
  [
    "one element for an action_id",
    [
      {
        type: "actions",
        elements: ["a", "b"].map((action_id) => ({ type: "button", text: plain("a"), action_id })),
      },
    ],
    [
      {
        type: "actions",
        elements: ["a", "a"].map((action_id) => ({ type: "button", text: plain("a"), action_id })),
      },
    ],
    "invalid_blocks",
  ],
  [
    "elements that can be pressed",
    [{ type: "actions", elements: [{ type: "datepicker" }] }],
    [{ type: "actions", elements: [{ type: "image" }] }],
    "invalid_blocks",
  ],
  [
    "a button's styles",
    [button({ text: plain("a"), style: "danger" })],
    [button({ text: plain("a"), style: "secondary" })],
    "invalid_blocks",
  ],
  [
    "255 characters in an action_id",
    [button({ text: plain("a"), action_id: "x".repeat(255) })],
    [button({ text: plain("a"), action_id: "x".repeat(256) })],
    "invalid_blocks",
  ],
  [
    "255 characters in a block_id",
    [{ ...divider, block_id: "x".repeat(255) }],
    [{ ...divider, block_id: "x".repeat(256) }],
    "invalid_blocks",
  ],
  [
    "each block_id once",
    [
      { ...divider, block_id: "a" },
      { ...divider, block_id: "b" },
    ],
    [
      { ...divider, block_id: "a" },
      { ...divider, block_id: "a" },
    ],
    "invalid_blocks",
  ],
  ["known types", [divider], [{ type: "nonsense" }], "invalid_blocks"],
  [
    "an image's alt_text",
    [{ type: "image", image_url: "https://a.b/c.png", alt_text: "c" }],
    [{ type: "image", image_url: "https://a.b/c.png" }],
    "invalid_blocks",
  ],
  [
    "2,000 characters of alt_text",
    [{ type: "image", image_url: "https://a.b/c.png", alt_text: "x".repeat(2000) }],
    [{ type: "image", image_url: "https://a.b/c.png", alt_text: "x".repeat(2001) }],
    "invalid_blocks",
  ],
  [
    "rich text of known parts",
    [{ type: "rich_text", elements: [{ type: "rich_text_quote", elements: [] }] }],
    [{ type: "rich_text", elements: [{ type: "text", text: "a" }] }],
    "invalid_blocks",
  ],
  ["markdown that says something", [markdown(1)], [markdown(0)], "invalid_blocks"],
  ["100 rows in a table", [table(100, 1)], [table(101, 1)], "invalid_blocks"],
  ["20 columns in a table", [table(1, 20)], [table(1, 21)], "invalid_blocks"],
  ["one table", [table(1, 1)], [table(1, 1), table(1, 1)], "only_one_table_allowed"],
  [
    "12,000 characters in all markdown blocks",
    [markdown(6000), divider, markdown(6000)],
    [markdown(6000), divider, markdown(6001)],
    "msg_blocks_too_long",
  ],
  [
    "some 13,200 characters in all blocks",
    [markdown(10_000), section(3000), section(166)],
    [markdown(10_000), section(3000), section(167)],
    "msg_blocks_too_long",
  ],
];

describe("checkBlocks", () => {
  it.each(RULES)("allows %s and no more", (_rule, fits, exceeds, error) => {
    expect(refusalOf(fits)).toBe("ok");
    expect(refusalOf(exceeds)).toBe(error);
  });

  it("takes any JSON in fields that it does not know", () => {
    expect(refusalOf([{ ...divider, a: null, b: 3, c: [true, null] }])).toBe("ok");
  });

  it("says where the fault is", () => {
    expect(() => checkBlocks([divider, section(3001)])).toThrow(
      expect.objectContaining({
        detail: {
          response_metadata: {
            messages: ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"],
          },
        },
      }),
    );
  });
});
