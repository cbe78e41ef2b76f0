import { describe, expect, it } from "vitest";
import { discordMarkdown, slackMarkdown } from "../../../src/sandbox/playground/markdown.ts";
import { plainText, slackMrkdwn } from "../../../src/sandbox/playground/mrkdwn.ts";

const NAMES = {
  person: (id: string) => ({ "1": "Ada", U1: "Ada" })[id],
  channel: (id: string) => ({ "2": "general", C2: "general" })[id],
};
const discord = (source: string) => discordMarkdown(source, NAMES);
const slack = (source: string) => slackMarkdown(source, NAMES);
const mrkdwn = (source: string) => slackMrkdwn(source, NAMES);
const TABLE = "| a | b |\n| --- | --: |\n| 1 | 2 |";

describe("a Discord message", () => {
  it("underlines with two underscores, and is bold with two stars", () => {
    expect(discord("__u__ **b** *i* ~~s~~ ~no~")).toBe(
      "<p><u>u</u> <strong>b</strong> <em>i</em> <del>s</del> ~no~</p>",
    );
  });

  it("has three sizes of headings and small lines", () => {
    expect(discord("### c\n#### d")).toBe("<h3>c</h3>\n<p>#### d</p>");
    expect(discord("-# small *print*\nusual\nlines")).toBe(
      "<p><small>small <em>print</em></small></p>\n<p>usual<br>\nlines</p>",
    );
  });

  it("shows a table as the text it is", () => {
    expect(discord(TABLE)).not.toContain("<table");
    expect(discord(TABLE)).toContain("| a | b |<br>");
  });

  it("hides spoilers, also around other marks, and leaves a single mark alone", () => {
    expect(discord("a ||b **c** d|| e")).toMatch(
      /^<p>a <span [^>]*class="spoiler"[^>]*>b <strong>c<\/strong> d<\/span> e<\/p>$/u,
    );
    expect(discord("a || b")).toBe("<p>a || b</p>");
  });

  it("ends quotes and lists at the next line that is none", () => {
    expect(discord("> quoted\nnot")).toBe("<blockquote>\n<p>quoted</p>\n</blockquote>\n<p>not</p>");
    expect(discord("- one\n- two\nnot")).toBe("<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>not</p>");
    expect(discord(">>> all\nof it")).toBe("<blockquote>\n<p>all<br>\nof it</p>\n</blockquote>");
  });

  it("is bold between two stars, whatever stands beside them", () => {
    expect(discord("使う**「まだ」**場合")).toBe("<p>使う<strong>「まだ」</strong>場合</p>");
    expect(discord("**注意：**请 x**`a`**y")).toBe(
      "<p><strong>注意：</strong>请 x<strong><code>a</code></strong>y</p>",
    );
    expect(discord("a`b**(c)**d`e")).toBe("<p>a<code>b**(c)**d</code>e</p>");
    expect(discord("```\na**(c)**d\n```")).toContain("a**(c)**d");
  });

  it("shows the marks of a quotation within another", () => {
    expect(discord("> > a\n> b")).toBe("<blockquote>\n<p>> a<br>\nb</p>\n</blockquote>");
  });

  it("shows an indent outside of lists", () => {
    expect(discord("a\n  b\n    c")).toBe("<p>a<br>\n\u00A0\u00A0b<br>\n\u00A0\u00A0\u00A0\u00A0c</p>");
    expect(discord("1. a\n   - b\n     c")).toBe("<ol>\n<li>a\n<ul>\n<li>b<br>\nc</li>\n</ul>\n</li>\n</ol>");
  });

  it("keeps what looks like quotes and lists inside of code", () => {
    expect(discord("```md\n> a\nb\n- c\nd\n```")).toContain("> a\nb\n- c\nd");
  });

  it("shows whom it mentions, where that is known", () => {
    expect(discord("<@1> <@!1> <#2> <@9> @here")).toBe(
      '<p><span class="chip">@Ada</span> <span class="chip">@Ada</span> <span class="chip">#general</span> &#x3C;@9> <span class="chip">@here</span></p>',
    );
    expect(discord("`<@1>`")).toBe("<p><code>&#x3C;@1></code></p>");
  });

  it("links addresses and masked links, but no pictures", () => {
    expect(discord("[x](https://a.example) ![y](https://b.example)")).toMatch(
      /^<p><a href="https:\/\/a\.example" rel="noopener noreferrer nofollow" target="_blank">x<\/a> !<a [^>]+>y<\/a><\/p>$/u,
    );
    expect(discord("[x](javascript:alert)")).toBe("<p><span>x</span></p>");
  });
});

describe("a markdown block of Slack", () => {
  it("has tables, task lists, headings and rules", () => {
    expect(slack(TABLE)).toMatch(
      /<div [^>]*class="table-scroll"[^>]*><table>[\s\S]*<td align="right">2<\/td>/u,
    );
    expect(slack("- [x] done")).toContain('<input type="checkbox" checked disabled aria-label="done"> done');
    expect(slack("## b\n\n---")).toBe("<h2>b</h2>\n<hr>");
  });

  it("names a code block's language, and loses no line", () => {
    expect(slack("```ts\nlet a;\n\nlet b;\n```")).toBe(
      '<pre tabindex="0" data-language="ts"><code>let a;\n\nlet b;</code></pre>',
    );
  });

  it("shows HTML, definitions and footnotes as the text they are", () => {
    expect(slack("<b>x</b>")).toBe("<p>&#x3C;b>x&#x3C;/b></p>");
    expect(slack("[a]: https://a.example")).toContain("[a]: ");
    expect(slack("[^1]: note")).toContain("[^1]: note");
  });
});

describe("mrkdwn of Slack", () => {
  it("has its own marks", () => {
    expect(mrkdwn("*b* _i_ ~s~ `c`\nnext a*b*c")).toBe(
      "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c</code><br>next a*b*c</p>",
    );
    expect(mrkdwn("&gt; q\nafter")).toBe("<blockquote>q</blockquote><p>after</p>");
    expect(mrkdwn("```\na &lt; b\n```")).toBe('<pre tabindex="0"><code>a &#x3C; b</code></pre>');
  });

  it("shows mentions and links, and what Slack escaped", () => {
    expect(mrkdwn("<@U1> in <#C2|general> &amp; <!here>")).toBe(
      '<p><span class="chip">@Ada</span> in <span class="chip">#general</span> &#x26; <span class="chip">@here</span></p>',
    );
    expect(mrkdwn("<https://a.example|there>")).toContain('href="https://a.example"');
    expect(mrkdwn("<javascript:x|there>")).toBe("<p><span>there</span></p>");
  });
});

describe("plain text", () => {
  it("means nothing but itself", () => {
    expect(plainText("*a*\n<b>")).toBe("<p>*a*<br>&#x3C;b></p>");
  });
});

it("what is escaped is no mark of Discord's", () => {
  expect(discord(String.raw`a \|\|b\|\| c`)).toBe("<p>a ||b|| c</p>");
  expect(discord(String.raw`\-# not small`)).toBe("<p>-# not small</p>");
  expect(discord("a ||b|| c")).toContain("spoiler");
});
