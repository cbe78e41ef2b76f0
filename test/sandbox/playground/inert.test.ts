import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALLOWED } from "../../../src/markdown/html.ts";
import { discordMarkdown, slackMarkdown } from "../../../src/sandbox/playground/markdown.ts";
import { plainText, slackMrkdwn } from "../../../src/sandbox/playground/mrkdwn.ts";

const NAMES = { person: (id: string) => `<i>${id}`, channel: (id: string) => `"${id}` };
const RENDERERS = {
  slackMarkdown: (source: string) => slackMarkdown(source, NAMES),
  slackMrkdwn: (source: string) => slackMrkdwn(source, NAMES),
  discordMarkdown: (source: string) => discordMarkdown(source, NAMES),
  plainText,
};

/** What people and models write, and what somebody would write who wants to get through. */
const piece = fc.constantFrom(
  "word ",
  "\n",
  "\n\n",
  " ",
  "**",
  "*",
  "_",
  "__",
  "~~",
  "||",
  "`",
  "```",
  "```js\n",
  '```" onclick=x\n',
  "> ",
  ">>> ",
  "- ",
  "1. ",
  "# ",
  "#### ",
  "-# ",
  "| a | b |\n|--|--|\n",
  "| c | d |\n",
  "- [x] ",
  "[",
  "]",
  "](",
  ")",
  "![",
  "](javascript:alert(1))",
  "](data:text/html,x)",
  '](https://a.example/"onmouseover="x)',
  "](https://a.example 'title\" x=\"')",
  "<https://b.example>",
  "<javascript:x>",
  "<javascript:x|y>",
  "<https://c.example|<b>>",
  "https://d.example/<b>",
  "www.e.example",
  "f@g.example",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<b onclick='x'>",
  "</p>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?x?>",
  "&lt;b&gt;",
  "&amp;",
  "&#60;",
  "\\",
  "\\<",
  "<@1>",
  "<@U1>",
  "<#C1|x>",
  "<#2>",
  "<!here>",
  "@everyone",
  "\u0000",
  "||hidden||",
  "||hi **dd** en||",
  "\n-# small\n",
  "\n\n- item\n",
  "`code`",
  "\n```ts\ncode\n```\n",
  "> quoted\n",
  "https://h.example ",
  "\ud800",
  '"',
  "'",
  "[^1]",
  "[^1]: note\n",
  "[a]: javascript:x\n",
  "[a]",
  "    code\n",
  "---\n",
  "===\n",
);
const message = fc.oneof(
  { weight: 5, arbitrary: fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
);

const TAG = /<(?<close>\/)?(?<name>[a-z][a-z0-9]*)(?<attributes>(?: [a-z-]+(?:="[^"<]*")?)*)>/gu;
const ATTRIBUTE = / (?<name>[a-z-]+)(?:="(?<value>[^"]*)")?/gu;
const PROPERTY: Readonly<Record<string, string>> = {
  class: "className",
  "aria-label": "ariaLabel",
  tabindex: "tabIndex",
  "data-language": "dataLanguage",
};

/** What is wrong with the HTML, or nothing. A `<` that begins no allowed tag has got through. */
function offences(html: string): string[] {
  const found: string[] = [];
  const rest = html.replaceAll(TAG, (whole, ...args) => {
    const { name = "", attributes = "" } = args.at(-1) as Record<string, string | undefined>;
    if (!Object.hasOwn(ALLOWED, name)) found.push(whole);
    for (const match of attributes.matchAll(ATTRIBUTE)) {
      const { name: attribute = "", value = "" } = match.groups ?? {};
      if (!ALLOWED[name]?.includes(PROPERTY[attribute] ?? attribute)) found.push(whole);
      if (attribute === "href" && !/^(?:https?:\/\/|mailto:)/iu.test(value)) found.push(whole);
      if (attribute === "class" && !/^(?:chip|spoiler|task-list-item|table-scroll)$/u.test(value))
        found.push(whole);
    }
    return "";
  });
  if (rest.includes("<")) found.push(rest);
  return found;
}

describe("any message", () => {
  it.each(Object.entries(RENDERERS))("is rendered inert by %s", (_name, render) => {
    fc.assert(
      fc.property(message, (source) => {
        expect(offences(render(source))).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it("of the generator is often one that becomes links, code, chips and lists", () => {
    const samples = fc.sample(message, { numRuns: 1_000, seed: 7 }).map(RENDERERS.discordMarkdown);
    for (const part of [
      "<a href",
      "<pre",
      "<code>",
      'class="chip"',
      "<li>",
      "<blockquote>",
      "spoiler",
      "<small>",
    ])
      expect(samples.filter((html) => html.includes(part)).length, part).toBeGreaterThan(15);
  });
});

describe("the check itself", () => {
  it.each([
    "<script>x</script>",
    '<p onclick="x">',
    '<a href="javascript:x">',
    '<span class="send">',
    "<p>a < b</p>",
  ])("objects to %s", (html) => {
    expect(offences(html)).not.toEqual([]);
  });
});
