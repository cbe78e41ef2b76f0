import type { ElementContent } from "hast";
import { chip, type Names, SLACK_TOKENS } from "./chips.ts";
import { codeBlock, element, lines, link, safeHtml, text } from "../../markdown/html.ts";

/** Slack's mrkdwn (docs.slack.dev, Formatting message text) as HTML. Any text is rendered inert. */
export function slackMrkdwn(source: string, names: Names): string {
  const parts = source.split(/```(?<code>[\s\S]+?)```/u);
  return safeHtml(
    parts.flatMap((part, index) =>
      index % 2 === 1 ? [codeBlock(unescaped(part.replaceAll(/^\n|\n$/gu, "")))] : paragraphs(part, names),
    ),
  );
}

/** Text that means nothing but itself. */
export function plainText(source: string): string {
  return safeHtml([element("p", {}, lines(source))]);
}

const QUOTE = /^(?:&gt;|>) ?/u;

function paragraphs(source: string, names: Names): ElementContent[] {
  if (source.trim() === "") return [];
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of source.replaceAll(/^\n+|\n+$/gu, "").split("\n")) {
    const quoted = QUOTE.test(line);
    const content = quoted ? line.replace(QUOTE, "") : line;
    const group = groups.at(-1);
    if (group?.quoted === quoted) group.lines.push(content);
    else groups.push({ quoted, lines: [content] });
  }
  return groups.map((group) =>
    element(group.quoted ? "blockquote" : "p", {}, inline(group.lines.join("\n"), names)),
  );
}

const INLINE =
  /<(?<token>[^<>\n]+)>|(?<![\w`])`(?<code>[^`\n]+)`|(?<![\w*])\*(?<bold>\S(?:[^\n]*?\S)?)\*(?![\w*])|(?<![\w])_(?<italic>\S(?:[^\n]*?\S)?)_(?![\w])|(?<![\w~])~(?<strike>\S(?:[^\n]*?\S)?)~(?![\w~])/gu;

function inline(source: string, names: Names): ElementContent[] {
  const shown: ElementContent[] = [];
  let done = 0;
  for (const match of source.matchAll(INLINE)) {
    shown.push(...lines(unescaped(source.slice(done, match.index))), ...inlineElement(match, names));
    done = match.index + match[0].length;
  }
  return [...shown, ...lines(unescaped(source.slice(done)))];
}

function inlineElement({ 0: whole, groups = {} }: RegExpExecArray, names: Names): ElementContent[] {
  const { token, code, bold, italic, strike } = groups;
  if (code !== undefined) return [element("code", {}, [text(unescaped(code))])];
  if (bold !== undefined) return [element("strong", {}, inline(bold, names))];
  if (italic !== undefined) return [element("em", {}, inline(italic, names))];
  if (strike !== undefined) return [element("del", {}, inline(strike, names))];
  const known = [...whole.matchAll(SLACK_TOKENS.pattern)][0];
  const label = known && SLACK_TOKENS.label(known, names);
  if (label !== undefined) return [chip(label)];
  const [target = "", name] = (token ?? "").split("|");
  return [link(unescaped(target), [text(unescaped(name ?? target))])];
}

/** Slack escapes these three and nothing else (docs.slack.dev, Formatting message text). */
function unescaped(source: string): string {
  return source.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
