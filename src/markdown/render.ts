import type { Code, Image, Link, Root, Table } from "mdast";
import { type Extension, fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { defaultHandlers, type Handlers, type State } from "mdast-util-to-hast";
import { gfm } from "micromark-extension-gfm";
import { codeBlock, element, link, text } from "./html.ts";

/** Never parsed: HTML stays text, and nothing that was written may vanish, as definitions and footnotes would. */
const NOWHERE = [
  "htmlFlow",
  "htmlText",
  "definition",
  "gfmFootnoteDefinition",
  "gfmFootnoteCall",
  "gfmPotentialFootnoteCall",
];

/** What is not Markdown there, by the names of micromark's constructs, and how else it is read. */
export interface Reading {
  readonly disabled?: readonly string[];
  readonly extensions?: readonly Extension[];
}

/** Markdown with tables, task lists and bare links, and without HTML. */
export function parse(source: string, { disabled = [], extensions = [] }: Reading = {}): Root {
  return fromMarkdown(source, {
    extensions: [gfm({ singleTilde: false }), { disable: { null: [...NOWHERE, ...disabled] } }],
    mdastExtensions: [gfmFromMarkdown(), ...extensions],
  });
}

/** How what `parse` finds is shown: nothing is fetched, and links lead only where a link may. */
export const HANDLERS: Handlers = {
  code: (_state: State, node: Code) => codeBlock(node.value, node.lang ?? undefined),
  link: (state: State, node: Link) => link(node.url, state.all(node)),
  // A picture would have to be fetched from somewhere: its link will do.
  image: (_state: State, node: Image) => link(node.url, [text(node.alt || node.url)]),
  table: (state: State, node: Table) =>
    element("div", { className: ["table-scroll"], tabIndex: 0 }, [defaultHandlers.table(state, node)]),
};
