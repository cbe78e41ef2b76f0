import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createPlaces } from "../../../src/sandbox/slack/places.ts";
import { encodeTyped } from "../../../src/sandbox/slack/text.ts";
import { createWorld, type World } from "../../../src/sandbox/slack/world.ts";
import type { Json } from "./helpers.ts";

function workspace(): { world: World; ann: string; dots: string; harbour: string } {
  const team = { id: "T1", name: "Maple" };
  const world = createWorld({ clock: systemClock, team, botName: "patchcord", keep: Infinity });
  const places = createPlaces(world);
  const ann = places.addUser({ name: "ann" });
  const dots = places.addUser({ name: "ann.lee" });
  return { world, ann, dots, harbour: places.addChannel({ name: "harbour" }) };
}

function partsOf(blocks: readonly Json[]): readonly Json[] {
  return (blocks[0]?.["elements"] ?? []) as Json[];
}

/** The elements of the message's first section. */
function elements(blocks: readonly Json[], part = 0): readonly Json[] {
  return (partsOf(blocks)[part]?.["elements"] ?? []) as Json[];
}

/** The plain text that the rich_text block shows: entities as their typed form. */
function read(blocks: readonly Json[]): string {
  const texts = partsOf(blocks).flatMap((part) => part["elements"] as { text?: string }[]);
  return texts.map(({ text = "" }) => text).join("");
}

/** What Slack's own escaping undoes. */
function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

describe("encodeTyped", () => {
  it("escapes three characters and no others", () => {
    const { world } = workspace();
    const { text, blocks } = encodeTyped(world, `a < b && "c" > 'd' &lt;`);
    expect(text).toBe(`a &lt; b &amp;&amp; "c" &gt; 'd' &amp;lt;`);
    expect(elements(blocks)).toEqual([{ type: "text", text: `a < b && "c" > 'd' &lt;` }]);
  });

  it("makes mentions of names and of tokens", () => {
    const { world, ann, dots, harbour } = workspace();
    const typed = `@ann and @ann.lee, see #harbour @here <@${ann}> <!subteam^S1> @nobody x@ann.com`;
    const { text, blocks } = encodeTyped(world, typed);
    expect(text).toBe(
      `<@${ann}> and <@${dots}>, see <#${harbour}|harbour> <!here> <@${ann}> <!subteam^S1> @nobody x@ann.com`,
    );
    expect(elements(blocks).filter((one) => one["type"] !== "text")).toEqual([
      { type: "user", user_id: ann },
      { type: "user", user_id: dots },
      { type: "channel", channel_id: harbour },
      { type: "broadcast", range: "here" },
      { type: "user", user_id: ann },
      { type: "usergroup", usergroup_id: "S1" },
    ]);
  });

  it("makes links of web addresses, without the full stop after them", () => {
    const { world } = workspace();
    const { text, blocks } = encodeTyped(world, "see https://a.b/?c=1&d=2. or <https://a.b|this & that>");
    expect(text).toBe("see <https://a.b/?c=1&amp;d=2>. or <https://a.b|this &amp; that>");
    expect(elements(blocks).filter((one) => one["type"] === "link")).toEqual([
      { type: "link", url: "https://a.b/?c=1&d=2" },
      { type: "link", url: "https://a.b", text: "this & that" },
    ]);
  });

  it("finds no formatting marks inside a web address", () => {
    const { world } = workspace();
    const { text, blocks } = encodeTyped(world, "_see_ https://a.b/_c_/*d* _now_");
    expect(text).toBe("_see_ <https://a.b/_c_/*d*> _now_");
    expect(elements(blocks).map((one) => [one["type"], one["style"]])).toEqual([
      ["text", { italic: true }],
      ["text", undefined],
      ["link", undefined],
      ["text", undefined],
      ["text", { italic: true }],
    ]);
  });

  it("styles what stands between formatting marks, and leaves code alone", () => {
    const { world, ann } = workspace();
    const { text, blocks } = encodeTyped(world, "*bold @ann* _it_ ~no~ `@ann <b>` 2*3*4 a_b_c :owl:");
    expect(text).toBe(`*bold <@${ann}>* _it_ ~no~ \`@ann &lt;b&gt;\` 2*3*4 a_b_c :owl:`);
    expect(elements(blocks).filter((one) => "style" in one)).toEqual([
      { type: "text", text: "bold ", style: { bold: true } },
      { type: "user", user_id: ann, style: { bold: true } },
      { type: "text", text: "it", style: { italic: true } },
      { type: "text", text: "no", style: { strike: true } },
      { type: "text", text: "@ann <b>", style: { code: true } },
    ]);
    expect(elements(blocks).at(-1)).toEqual({ type: "emoji", name: "owl" });
  });

  it("keeps a fenced block as it was typed", () => {
    const { world } = workspace();
    const { text, blocks } = encodeTyped(world, "look:\n```\nif (a < b) @ann\n```\ndone");
    expect(text).toBe("look:\n```\nif (a &lt; b) @ann\n```\ndone");
    expect(blocks[0]?.["elements"]).toMatchObject([
      { type: "rich_text_section" },
      { type: "rich_text_preformatted", elements: [{ type: "text", text: "if (a < b) @ann" }] },
      { type: "rich_text_section" },
    ]);
  });

  it("takes nothing for a mention when it is literal", () => {
    const { world, ann } = workspace();
    const { text } = encodeTyped(world, `<@${ann}> @ann <!here> https://a.b *x*`, true);
    expect(text).toBe(`&lt;@${ann}&gt; @ann &lt;!here&gt; https://a.b *x*`);
  });

  it("says nothing for nothing", () => {
    expect(encodeTyped(workspace().world, "")).toEqual({ text: "", blocks: [] });
  });

  const alphabet = [
    "<",
    ">",
    "&",
    "@ann",
    "#harbour",
    "`",
    "```",
    "*",
    "_",
    "~",
    "\n",
    " ",
    "a",
    "é",
    "😀",
    ":",
    "https://a.b",
    "!here",
    "|",
  ];
  const typed = fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }).map((parts) => parts.join(""));

  it("loses nothing of a literal text, and leaves no bare mark of Slack's in it", () => {
    const { world } = workspace();
    fc.assert(
      fc.property(typed, (text) => {
        const encoded = encodeTyped(world, text, true);
        expect(unescape(encoded.text)).toBe(text);
        expect(encoded.text).not.toMatch(/[<>]/u);
        expect(read(encoded.blocks as Json[])).toBe(text);
      }),
    );
  });

  it("leaves only tokens that Slack knows between angle brackets, whatever is typed", () => {
    const { world } = workspace();
    let tokens = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const encoded = encodeTyped(world, text);
        const bare = encoded.text.replaceAll(/<(?:@\w+|#\w+\|[\w-]*|![a-z]+|https?:[^<>]*)>/gu, () => {
          tokens += 1;
          return "";
        });
        expect(bare).not.toMatch(/[<>]/u);
      }),
      { numRuns: 400 },
    );
    // The generator reaches mentions and links, not only plain characters.
    expect(tokens).toBeGreaterThan(50);
  });
});
