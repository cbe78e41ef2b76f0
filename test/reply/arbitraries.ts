import fc from "fast-check";
import type { FailureReason, ReplyEvent } from "../../src/reply/event.ts";

const word = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z]{1,9}$/) },
  fc.constant("snake_case_word"),
);
const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((all) => all.join(" "));

const fenceLine = fc.constantFrom(
  "\n```ts\n",
  "\n```\n",
  "\n~~~~\n",
  "\n~~~python title=a\n",
  "\n````md\n",
  "\n   ```js\n",
  "\n- ```sh\n",
  "\n> ```c++\n> ",
  "\n```" + "😀x".repeat(30) + "\n",
  `\n\`\`\`${"x".repeat(60)}\n`,
  "\n``````````\n",
  "\n```inline``` code\n",
);

const quotedFence = fc.constantFrom(
  `\n> ~~~c++\n${"> let a = 1;\n".repeat(7)}`,
  `\n> > \`\`\`c#\n> > ${"let a = 1; ".repeat(12)}\n> > ${"let_a=1;".repeat(12)}\n`,
);

const hard = fc.constantFrom(
  "\n",
  "\n\n",
  "\r\n",
  "\n> ",
  "\n- ",
  "\n1. ",
  "\n# ",
  "\n| a | b |\n| - | - |\n",
  "| ",
  " ",
  "    ",
  "`",
  "``",
  "````",
  "~~",
  "*",
  "**",
  "_",
  "[",
  "](",
  "](https://e.xx/a_b) ",
  ")",
  "!",
  ". ",
  "\\",
);

const wide = fc.constantFrom(
  "😀".repeat(15),
  "👨‍👩‍👧‍👦".repeat(3),
  "🇩🇪🇫🇷".repeat(4),
  "e\u0301".repeat(20),
  "漢字。".repeat(12),
  "x".repeat(120),
  `🏴${"\u{E0067}".repeat(80)}`,
  "\uD83D",
  "\u200B",
);

/** Text full of what a page break or a half-open mark can break. */
export const wildMarkdown = fc
  .array(
    fc.oneof(fenceLine, quotedFence, hard, wide, words, fc.string({ unit: "grapheme", maxLength: 40 })),
    {
      minLength: 1,
      maxLength: 70,
      size: "max",
    },
  )
  .map((pieces) => pieces.join(""));

const spaced = (nodes: fc.Arbitrary<string>) =>
  fc.array(nodes, { minLength: 1, maxLength: 4 }).map((all) => all.join(" "));

const plain = fc.oneof(
  words,
  words.map((text) => `\`${text}\``),
  words.map((text) => `\`\`a \` ${text}\`\``),
  words.map((text) => `_${text}_`),
  words.map((text) => `[${text}](https://example.com/a_b?c=(d))`),
  words.map((text) => `![${text}](https://example.com/i.png)`),
);

const inline = spaced(
  fc.oneof(
    plain,
    spaced(plain).map((text) => `**${text}**`),
    spaced(plain).map((text) => `~~${text}~~!`),
    words.map((text) => `*${text}*`),
    words.map((text) => `***${text}***`),
    words.map((text) => `[**${text}**](https://example.com "t")`),
  ),
);

const code = fc
  .array(fc.constantFrom("let x = 1;", "", "  * _not_ **marks** [at](all)", "// `tick`", "if (a) {", "#"), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((lines) => fc.constantFrom(lines, ["x", ...lines, "~~~", "x"]))
  .map((lines) => lines.join("\n"));

const cell = inline;
const row = fc.tuple(cell, cell).map((cells) => `| ${cells.join(" | ")} |`);

const block = fc.oneof(
  inline,
  inline.map((text) => `## ${text}`),
  fc
    .array(inline, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((item) => `- ${item}`).join("\n")),
  fc
    .array(inline, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((item, index) => `${index + 1}. ${item}`).join("\n")),
  fc
    .array(row, { minLength: 1, maxLength: 5 })
    .map(([head, ...rows]) => [head, "| --- | :-: |", ...rows].join("\n")),
  fc
    .tuple(fc.constantFrom("```", "````"), fc.constantFrom("", "ts", "c++"), code)
    .map(([mark, language, lines]) => [mark + language, lines, mark].join("\n")),
  code.map((lines) => `> \`\`\`ts\n${lines.replaceAll(/^/gm, "> ")}\n> \`\`\`\n>\n> So it is.`),
  code.map((lines) => lines.replaceAll("~~~", "```")).map((lines) => `~~~js\n${lines}\n~~~`),
);

/** A well-formed document, as models write them. */
export const tidyMarkdown = (maxBlocks: number) =>
  fc
    .array(block, { minLength: 1, maxLength: maxBlocks, size: "max" })
    .map((blocks) => `${blocks.join("\n\n")}\n`);

/** A text cut anywhere into deltas, also inside a code point. */
export function chunked(text: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return text.chain((whole) =>
    fc.array(fc.nat(whole.length), { maxLength: 30 }).map((cuts) => {
      const sorted = [0, ...cuts, whole.length].sort((a, b) => a - b);
      return sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
    }),
  );
}

export const reasons = [
  "rate_limited",
  "unavailable",
  "timeout",
  "cut",
  "account",
  "conversation_gone",
  "model_gone",
  "rejected",
  "model_error",
  "content_filter",
  "empty",
  "internal",
  "aborted",
] as const satisfies readonly FailureReason[];

const call = { id: "c1", name: "look_up", arguments: "{}" };

export const terminal: fc.Arbitrary<ReplyEvent> = fc.oneof(
  fc.constant<ReplyEvent>({ kind: "done" }),
  fc
    .constantFrom("max_output_tokens", "content_filter", "steered")
    .map((incomplete): ReplyEvent => ({ kind: "done", incomplete, usage: { outputTokens: 7 } })),
  fc
    .tuple(fc.constantFrom(...reasons), fc.option(fc.nat(10 ** 8), { nil: undefined }))
    .map(([reason, retryAfterMs]): ReplyEvent => ({
      kind: "failed",
      reason,
      detail: "secret detail",
      reached: "unknown",
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })),
);

/** A stream's events: text in pieces, thinking and tools between, and the end. */
export function streams(text: fc.Arbitrary<string>): fc.Arbitrary<ReplyEvent[]> {
  const between = fc.array(fc.constantFrom<ReplyEvent>({ kind: "thinking" }, { kind: "tool", call }), {
    maxLength: 2,
  });
  return chunked(text).chain((deltas) =>
    fc
      .tuple(between, terminal, fc.nat(deltas.length))
      .map(([others, end, at]) => [
        ...deltas.slice(0, at).map((delta): ReplyEvent => ({ kind: "text", delta })),
        ...others,
        ...deltas.slice(at).map((delta): ReplyEvent => ({ kind: "text", delta })),
        end,
      ]),
  );
}
