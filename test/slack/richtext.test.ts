import { describe, expect, test } from "vitest";
import { richTextToMarkdown } from "../../src/slack/richtext.ts";
import { words } from "./kit.ts";

describe("rich text", () => {
  const block = (...elements: unknown[]) => ({ type: "rich_text", elements });
  const section = (...elements: unknown[]) => ({ type: "rich_text_section", elements });
  const text = (value: string, style?: Record<string, boolean>) => ({
    type: "text",
    text: value,
    ...(style ? { style } : {}),
  });
  const cases: readonly [string, object, string][] = [
    ["plain text keeps its characters", block(section(text("2*3 <b> &amp; _x_"))), "2*3 <b> &amp; _x_"],
    [
      "styles are marked around the words",
      block(section(text("a "), text(" b ", { bold: true }), text("c", { bold: true, italic: true }))),
      "a  **b** **_c_**",
    ],
    [
      "neighbours of one style are one",
      block(
        section(text("a", { bold: true }), {
          type: "link",
          url: "https://x.y",
          text: "l",
          style: { bold: true },
        }),
      ),
      "**a[l](https://x.y)**",
    ],
    ["marks do not cross lines", block(section(text("a\n\nb", { strike: true }))), "~~a~~\n\n~~b~~"],
    ["code", block(section(text("a `b`", { code: true, bold: true }))), "**`` a `b` ``**"],
    [
      "references and emoji",
      block(
        section(
          { type: "user", user_id: "U1" },
          text(" "),
          { type: "channel", channel_id: "C1" },
          text(" "),
          { type: "broadcast", range: "here" },
          text(" "),
          { type: "usergroup", usergroup_id: "S1" },
          text(" "),
          { type: "emoji", name: "smile", unicode: "1f604" },
          { type: "emoji", name: "acme" },
          { type: "emoji", name: "bad", unicode: "zz" },
          { type: "date", timestamp: 0, format: "{date}", fallback: "then" },
          { type: "color", value: "#fff" },
        ),
      ),
      "@Ada #general @here @S1 😄:acme::bad:then#fff",
    ],
    [
      "lists, nested and continued, and what follows them",
      block(
        section(text("see:\n")),
        {
          type: "rich_text_list",
          style: "ordered",
          indent: 0,
          elements: [section(text("a")), section(text("b\nc"))],
        },
        { type: "rich_text_list", style: "bullet", indent: 1, elements: [section(text("d"))] },
        { type: "rich_text_list", style: "ordered", indent: 0, offset: 2, elements: [section(text("e"))] },
        section(text("end")),
      ),
      "see:\n1. a\n2. b\n   c\n    - d\n3. e\n\nend",
    ],
    [
      "quotes and code blocks",
      block(
        { type: "rich_text_quote", elements: [text("a\nb")] },
        {
          type: "rich_text_preformatted",
          elements: [text("x ``` *y*\n"), { type: "link", url: "https://x.y" }],
        },
        section(text("z")),
      ),
      "> a\n> b\n\n````\nx ``` *y*\nhttps://x.y\n````\nz",
    ],
  ];
  test.each(cases)("%s", (_, given, markdown) => {
    expect(richTextToMarkdown(given as Record<string, unknown>, words)).toBe(markdown);
  });
});
