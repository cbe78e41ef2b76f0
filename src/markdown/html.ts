import type { Element, ElementContent, Nodes, Properties, Root } from "hast";
import { toHtml } from "hast-util-to-html";

/** The elements that a message may be shown with, and the attributes that each may carry. Everything else is left out. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    "p br strong em del u small code blockquote ul h1 h2 h3 h4 h5 h6 hr table thead tbody tr"
      .split(" ")
      .map((name) => [name, []]),
  ),
  pre: ["dataLanguage", "tabIndex"],
  ol: ["start"],
  li: ["className"],
  th: ["align"],
  td: ["align"],
  a: ["href", "rel", "target"],
  span: ["className", "role", "tabIndex", "ariaLabel"],
  div: ["className", "tabIndex"],
  input: ["type", "checked", "disabled", "ariaLabel"],
};

/** Own classes: none comes from a message. */
const CLASSES = new Set(["chip", "chip-self", "spoiler", "task-list-item", "table-scroll"]);
const LANGUAGE = /^[\w+#.-]{1,30}$/u;
const SAFE_PROTOCOL = /^(?:https?:\/\/|mailto:)/iu;

/** Makes an element. */
export function element(
  tagName: string,
  properties: Properties,
  children: readonly ElementContent[],
): Element {
  return { type: "element", tagName, properties, children: [...children] };
}

export function text(value: string): ElementContent {
  return { type: "text", value };
}

/** Text with a `br` for each line end. */
export function lines(value: string): ElementContent[] {
  return value
    .split("\n")
    .flatMap((line, index) => (index === 0 ? [text(line)] : [element("br", {}, []), text(line)]));
}

export function codeBlock(code: string, language = ""): Element {
  // A block that scrolls sideways has to be reachable by keyboard.
  const properties: Properties = { tabIndex: 0 };
  if (LANGUAGE.test(language)) properties["dataLanguage"] = language;
  return element("pre", properties, [element("code", {}, [text(code)])]);
}

/** A link that tells the other page nothing. One that is neither web nor mail becomes plain text. */
export function link(target: string, children: readonly ElementContent[]): Element {
  if (!SAFE_PROTOCOL.test(target)) return element("span", {}, children);
  const href = target.toWellFormed().replaceAll(/["'<>\\\s]/gu, encodeURIComponent);
  return element("a", { href, rel: ["noopener", "noreferrer", "nofollow"], target: "_blank" }, children);
}

/** HTML in which nothing but `ALLOWED` occurs, whatever the tree holds. */
export function safeHtml(children: readonly Nodes[]): string {
  return toHtml({ type: "root", children: children.flatMap(safe) } satisfies Root);
}

function safe(node: Nodes): ElementContent[] {
  if (node.type === "text") return [node];
  if (node.type === "root") return node.children.flatMap(safe);
  if (node.type !== "element") return "value" in node ? [text(node.value)] : [];
  const { tagName, properties } = node;
  const children = node.children.flatMap(safe);
  const allowed = Object.hasOwn(ALLOWED, tagName) ? ALLOWED[tagName] : undefined;
  if (!allowed || (tagName === "a" && !SAFE_PROTOCOL.test(String(properties["href"])))) return children;
  const kept = Object.entries(properties).filter(([name]) => allowed.includes(name));
  const made = element(tagName, ownClasses(Object.fromEntries(kept)), children);
  if (tagName === "input")
    made.properties["ariaLabel"] = made.properties["checked"] === true ? "done" : "to do";
  return [made];
}

function ownClasses({ className, ...others }: Properties): Properties {
  const classes = [className].flat().filter((name) => CLASSES.has(String(name)));
  return classes.length > 0 ? { ...others, className: classes.map(String) } : others;
}
