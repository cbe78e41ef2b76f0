import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pagesOf } from "../../src/reply/pages.ts";
import { newReply } from "../../src/reply/reply.ts";
import { titleOf } from "../../src/slack/agent.ts";
import { cardBlocks, cardWords } from "../../src/slack/cards.ts";
import { createRecords } from "../../src/sandbox/slack/watchful.ts";
import type { Sent } from "../../src/sandbox/slack/web/method.ts";
import { formatPage, LIMITS } from "../../src/slack/format.ts";
import { corpus } from "../corpus.ts";

/** Whom Slack would notify of what is posted with `parse: none` and without `link_names`, by the twin's rules. */
function notified(text: string, blocks: readonly object[]): string[] {
  const records = createRecords();
  const sent = {
    channel: "C1",
    ts: "1.1",
    via: "chat.postMessage",
    text,
    blocks,
    attachments: [],
    parse: "none",
    linkNames: false,
    unfurls: false,
  };
  records.look(sent as unknown as Sent);
  return records.notifications.map(({ mention }) => mention);
}
const notifiedRaw = (text: string) => notified(text, [{ type: "markdown", text }]);
const notifiedBy = (markdown: string) => {
  const { text, blocks } = formatPage(markdown);
  return notified(text, blocks);
};
const shard = fc.constantFrom(
  ..."< > ! @ # | ^ here channel everyone subteam^S1 U1 W1 B1 C1 \\ ` ``` ~~~ ** * _ [ ]( ) ![ <b> </b> <br> <details> &lt; &gt; $ \\( \\)".split(
    " ",
  ),
  "\n",
  "\n\n",
  " ",
  "\n> ",
  "\n- ",
  "\n```\n",
  "\n| a |\n|-|\n| ",
  "\n<!-- ",
  " -->\n",
  "\n<table>\n<tr><td>",
  "</td><td>",
  "</td></tr>\n</table>\n",
  "<sup>",
  "</sup>",
  "<summary>",
  "</summary>",
  "\n1.\n",
  "\n  ",
  "___",
  "[^a]",
  "(#x)",
  "\n\\begin{a}\n",
  "\n\\end{a}\n",
  "א",
  "\u200B",
  "文",
  "。",
);
const token = fc.constantFrom(
  "<!here>",
  "<@U1>",
  "<#C1|x>",
  "<!subteam^S1|@crew>",
  "<!channel>",
  "<@W1|ada>",
  "<\u200D!here>",
  "<<b></b>!here>",
  "<@<i></i>U1>",
  "<!he\u200Bre>",
  "＜！here＞",
  "<\u0338@U1>",
  "≮!channel>",
  "<!\u{E0068}he\\re|x>",
  "[a](<!here>)",
  "[<!here>](https://a.b)",
  "`<!everyone>`",
  "\n```\n<@U1>\n```\n",
  "\n<!-- x -->\n<!here>",
  "\n<table><tr><td><</tbody>!here></td></tr></table>\n",
  "\n<table>\n<tr><td><@U1></td><td>a</td></tr>\n</table>\n",
  "[<!here>](#x)",
  "<<sup></sup>!here>",
  "<!here>[^a]",
  "___<@U1>___",
  "<details><summary><!here></summary>",
  "\n  <!here>",
  "\n| <!here> | b |\n|-|-|\n| <@U1\\|a> | x |\n",
);
const hostile = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: shard }, { weight: 2, arbitrary: token }, fc.string({ maxLength: 3 })),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

test("no page notifies anybody", () => {
  const cases = { hard: 0, full: 0 };
  fc.assert(
    fc.property(hostile, fc.constantFrom("", "", "", "", "<!here>", "<@U1>"), (text, pad) => {
      const page = (text + pad.repeat(LIMITS.pageLength)).slice(0, LIMITS.pageLength - 200);
      cases.hard += Number(notifiedRaw(page).length > 0);
      cases.full += Number(pad !== "");
      expect(notifiedBy(page)).toEqual([]);
    }),
    { numRuns: 600 },
  );
  expect(
    Object.values(cases).every((count) => count > 120),
    JSON.stringify(cases),
  ).toBe(true);
});

test("no draft of any beginning does, however the deltas cut it", () => {
  let hard = 0;
  fc.assert(
    fc.property(hostile, (text) => {
      for (let end = 1; end <= text.length; end += 1)
        for (const page of pagesOf(newReply({ text: text.slice(0, end) }), LIMITS))
          expect(notifiedBy(page.text)).toEqual([]);
      hard += Number(notifiedRaw(text).length > 0);
    }),
    { numRuns: 150 },
  );
  expect(hard).toBeGreaterThan(60);
});

test("neither a thread's title nor a tool's card does, whatever was asked or called", () => {
  const hard = { title: 0, card: 0 };
  fc.assert(
    fc.property(hostile, fc.nat(120), (text, padding) => {
      const asked = " ".repeat(padding) + text;
      hard.title += Number(notifiedRaw(asked.slice(0, 60)).length > 0);
      expect(notified(titleOf(asked), [])).toEqual([]);
      const tools = [{ id: "c1", name: "x".repeat(padding) + text, isDone: padding % 2 === 0 }];
      hard.card += Number(notifiedRaw(tools[0]!.name.slice(0, 100)).length > 0);
      expect(notified(cardWords(tools), cardBlocks(tools))).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect(hard.title).toBeGreaterThan(40);
  expect(hard.card).toBeGreaterThan(40);
});

test("none of the samples does", () => {
  const all = corpus();
  expect(all.filter(({ text }) => notifiedRaw(text).length > 0).length).toBeGreaterThan(1);
  for (const { name, text } of all)
    for (const page of pagesOf(newReply({ text }), LIMITS)) expect(notifiedBy(page.text), name).toEqual([]);
});
