import * as fc from "fast-check";
import { expect, test } from "vitest";
import { format, PAGE_LENGTH, suits } from "../../src/discord/format.ts";
import { pagesOf } from "../../src/reply/pages.ts";
import { newReply } from "../../src/reply/reply.ts";
import { findMentions, withoutCode } from "../../src/sandbox/discord/mentions.ts";
import type { Channel, World } from "../../src/sandbox/discord/world.ts";
import { corpus } from "../corpus.ts";

const limits = { pageLength: PAGE_LENGTH, unit: "code points", suits } as const;
const ids = ["1", "22", "333", "100000000000000001", "123456789012345678", "223456789012345678"];

/** A server in which everybody and every role of `ids` may be mentioned, by whoever wrote the message. */
const world = {
  bot: { id: "bot" },
  users: new Map(ids.map((id) => [id, { id }])),
  guilds: new Map([["g", { roles: new Map(ids.map((id) => [id, { id, mentionable: true }])) }]]),
} as unknown as World;
const channel = { guildId: "g" } as Channel;

/** Whom Discord would notify for want of `allowed_mentions`, which forbids it once more. */
function notified(content: string): unknown[] {
  const { everyone, roles, users } = findMentions(world, { content, channel, authorId: "someone" });
  return [...(everyone ? ["everyone"] : []), ...roles, ...users];
}

/** The same, where Discord takes signs for what they look like, and drops marks and what cannot be seen; and what would open something. */
function notifiedAtWorst(content: string): unknown[] {
  const folded = content
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\\]/gu, "");
  const opened = withoutCode(folded).match(/<#\d+>|<id:\w+>|<\/[^:>]+:\d+>|^@silent/gi) ?? [];
  return [...notified(folded), ...opened];
}

const shard = fc.constantFrom(
  ..."@ ＠ ﹫ everyone here EVERYONE < > @! @& # 1 22 333 \\ ` `` ``` ~~~ | || * ** _ __ [ ]( ) ![ &lt; &#64; &gt; <b> </b> <br> <details> </details> $ \\( \\)".split(
    " ",
  ),
  "\n",
  "\n\n",
  " ",
  "\n> ",
  "\n- ",
  "\n# ",
  "\n    ",
  "\n```\n",
  "\n| a | b |\n|-|-|\n| ",
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
  "https://a.b/",
);
const token = fc.constantFrom(
  "@everyone",
  "@here",
  "<@1>",
  "<@!22>",
  "<@&333>",
  "<@100000000000000001>",
  "@\u200beveryone",
  "<\u200d@1>",
  "@\u0300here",
  "`@here`",
  "` \n\n`<@1>`",
  "@every\u200bone",
  "＠ｈere",
  "<\u0338@1>",
  "<@\u2060\\!22>",
  "<#333>",
  "<id:customize>",
  "</ban user:1>",
  "@silent",
  "[<@1>](https://a.b/@everyone)",
  "[x](https://a.b/<@1>)",
  "\n<!-- x -->\n@everyone",
  "\n<table><tr><td>@</tbody>here</td></tr></table>\n",
  "\n<table>\n<tr><td><@1></td><td>א @here</td></tr>\n</table>\n",
  "[@here](#x)",
  "@<sup></sup>here",
  "___@here___",
  "@here[^a]",
  "<details><summary>@here</summary>",
  "$@1$@here",
  "\n| @here | <@1> |\n|-|-|\n| x | y |\n",
);
const hostile = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: shard }, { weight: 2, arbitrary: token }, fc.string({ maxLength: 3 })),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

test("no page notifies anybody", () => {
  const cases = { plain: 0, inCode: 0, full: 0 };
  fc.assert(
    fc.property(hostile, fc.constantFrom("", "", "", "@here", "`@here", "<@1>"), (text, pad) => {
      const page = (text + pad.repeat(PAGE_LENGTH)).slice(0, PAGE_LENGTH);
      const content = format(page);
      cases.plain += Number(notified(page).length > 0);
      cases.inCode += Number(/@here|@everyone|<@1>/.test(content));
      cases.full += Number(page.length === PAGE_LENGTH);
      expect(notified(content)).toEqual([]);
      if (!content.includes("`")) expect(notifiedAtWorst(content)).toEqual([]);
    }),
    { numRuns: 900 },
  );
  expect(
    Object.values(cases).every((count) => count > 60),
    JSON.stringify(cases),
  ).toBe(true);
});

test("no draft of any beginning does, however the deltas cut it", () => {
  let split = 0;
  fc.assert(
    fc.property(hostile, (text) => {
      for (let end = 1; end <= text.length; end += 1) {
        const reply = newReply({ text: text.slice(0, end) });
        for (const page of pagesOf(reply, limits)) expect(notified(format(page.text))).toEqual([]);
      }
      split += Number(notified(text).length > 0);
    }),
    { numRuns: 150 },
  );
  expect(split).toBeGreaterThan(60);
});

test("none of the samples does", () => {
  const all = corpus();
  expect(all.filter(({ text }) => notified(text).length > 0).length).toBeGreaterThan(0);
  for (const { name, text } of all)
    for (const page of pagesOf(newReply({ text }), limits))
      expect(notified(format(page.text)), name).toEqual([]);
});
