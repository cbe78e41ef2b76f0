import type { Heading, Image, Link, Nodes, Root, Strong, Table, Text, Code } from "mdast";
import type { ElementContent } from "hast";
import { type Extension, fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { defaultHandlers, type Handlers, type State, toHast } from "mdast-util-to-hast";
import { gfm } from "micromark-extension-gfm";
import { DISCORD_TOKENS, type Names, SLACK_TOKENS, type Tokens, withChips } from "./chips.ts";
import { discordLines, discordTree } from "./discord-markdown.ts";
import { codeBlock, element, link, safeHtml, text } from "./html.ts";

/** Never parsed: HTML stays text, and nothing that was written may vanish, as definitions and footnotes would. */
const NOWHERE = [
  "htmlFlow",
  "htmlText",
  "definition",
  "gfmFootnoteDefinition",
  "gfmFootnoteCall",
  "gfmPotentialFootnoteCall",
];
/** What Discord's Markdown lacks (support.discord.com, Markdown Text 101). */
const NOT_IN_DISCORD = [
  "table",
  "tasklistCheck",
  "setextUnderline",
  "thematicBreak",
  "codeIndented",
  "labelStartImage",
  "characterReference",
  "hardBreakEscape",
  "wwwAutolink",
  "emailAutolink",
];
const DEEPEST_DISCORD_HEADING = 3;

/** A `markdown` block of Slack (docs.slack.dev, Markdown block) as HTML. Any text is rendered inert. */
export function slackMarkdown(source: string, names: Names): string {
  const tree = parse(source, NOWHERE);
  return safeHtml([toHast(tree, { handlers: handlersFor(SLACK_TOKENS, names) })]);
}

/** The content of a Discord message as HTML. Any text is rendered inert. */
export function discordMarkdown(source: string, names: Names): string {
  const ready = discordLines(source.replaceAll(ESCAPED, ""));
  const tree = discordTree(parse(ready, [...NOWHERE, ...NOT_IN_DISCORD], [markEscapes]));
  const handlers = { ...handlersFor(DISCORD_TOKENS, names), ...discordHandlers(ready, names) };
  return safeHtml([toHast(tree, { handlers })]);
}

function parse(source: string, disabled: readonly string[], others: readonly Extension[] = []): Root {
  return fromMarkdown(source, {
    extensions: [gfm({ singleTilde: false }), { disable: { null: [...disabled] } }],
    mdastExtensions: [gfmFromMarkdown(), ...others],
  });
}

/** Before what was escaped: no character by Unicode's rules. Discord's own marks are looked for in the text after it was parsed. */
const ESCAPED = "\uFDD0";
const markEscapes: Extension = {
  exit: {
    characterEscapeValue(token) {
      const text = this.stack.pop();
      if (text?.type === "text") text.value += ESCAPED + this.sliceSerialize(token);
    },
  },
};

function unmarked(node: ElementContent): ElementContent {
  return node.type === "text" ? { ...node, value: node.value.replaceAll(ESCAPED, "") } : node;
}

function handlersFor(tokens: Tokens, names: Names): Handlers {
  return {
    text: (_state: State, node: Text) => withChips(node.value, tokens, names),
    code: (_state: State, node: Code) => codeBlock(node.value, node.lang ?? undefined),
    link: (state: State, node: Link) => link(node.url, state.all(node)),
    // A picture would have to be fetched from somewhere: its link will do.
    image: (_state: State, node: Image) => link(node.url, [text(node.alt || node.url)]),
    table: (state: State, node: Table) =>
      element("div", { className: ["table-scroll"], tabIndex: 0 }, [defaultHandlers.table(state, node)]),
  };
}

function discordHandlers(source: string, names: Names): Handlers {
  const opens = (node: Nodes, mark: string) => source[node.position?.start.offset ?? -1] === mark;
  return {
    text: (_state: State, node: Text) => withChips(node.value, DISCORD_TOKENS, names).map(unmarked),
    // `__x__` is underlined, `**x**` is bold.
    strong: (state: State, node: Strong) => element(opens(node, "_") ? "u" : "strong", {}, state.all(node)),
    heading: (state: State, node: Heading) =>
      node.depth <= DEEPEST_DISCORD_HEADING && node.children.length > 0
        ? element(`h${node.depth}`, {}, state.all(node))
        : element("p", {}, [text(`${"#".repeat(node.depth)} `), ...state.all(node)]),
  };
}
