import type { Heading, Nodes, Strong, Text } from "mdast";
import type { ElementContent } from "hast";
import type { Extension } from "mdast-util-from-markdown";
import { type Handlers, type State, toHast } from "mdast-util-to-hast";
import { DISCORD_TOKENS, type Names, SLACK_TOKENS, type Tokens, withChips } from "./chips.ts";
import { discordLines, discordTree, NOTHING } from "./discord-markdown.ts";
import { element, safeHtml, text } from "../../markdown/html.ts";
import { HANDLERS, parse } from "../../markdown/render.ts";

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
  const tree = parse(source);
  return safeHtml([toHast(tree, { handlers: handlersFor(SLACK_TOKENS, names) })]);
}

/** The content of a Discord message as HTML. Any text is rendered inert. */
export function discordMarkdown(source: string, names: Names): string {
  const ready = discordLines(source.replaceAll(new RegExp(`[${ESCAPED}${NOTHING}]`, "gu"), ""));
  const tree = discordTree(parse(ready, { disabled: NOT_IN_DISCORD, extensions: [markEscapes] }));
  const handlers = { ...handlersFor(DISCORD_TOKENS, names), ...discordHandlers(ready, names) };
  return safeHtml([toHast(tree, { handlers })]).replaceAll(NOTHING, "");
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
    ...HANDLERS,
    text: (_state: State, node: Text) => withChips(node.value, tokens, names),
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
