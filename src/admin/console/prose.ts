import { raw } from "hono/html";
import type { Heading } from "mdast";
import { type Handlers, type State, toHast } from "mdast-util-to-hast";
import { element, safeHtml } from "../../markdown/html.ts";
import { HANDLERS, parse } from "../../markdown/render.ts";
import { tidy } from "../../markdown/tidy.ts";
import type { Html } from "./words.ts";

/** The page has a heading, and each turn one below it. */
const ABOVE = 2;
const DEEPEST = 6;

const handlers: Handlers = {
  ...HANDLERS,
  heading: (state: State, node: Heading) =>
    element(`h${Math.min(DEEPEST, node.depth + ABOVE)}`, {}, state.all(node)),
};

/** What was said, as the chat showed it. Any text is rendered inert: no HTML of its own, nothing that is fetched. */
export function prose(markdown: string): Html {
  return raw(safeHtml([toHast(parse(tidy(markdown.toWellFormed())), { handlers })]));
}
