import { codeSpans, outsideCode } from "./prose.ts";

/**
 * The longest `content` of a message (docs.discord.com, Message Resource, Create Message). Discord counts code points
 * (discord-api-docs#1315, answered by staff), which are never more than the UTF-16 units that JavaScript counts.
 */
export const CONTENT_LIMIT = 2_000;

const ZERO_WIDTH_SPACE = "\u200b";

/** Addresses stay as they are: Discord renders them whole, and a character more would break the link. */
const MENTION_OR_ADDRESS = /(https?:\/\/[^\s<>]+)|@(?=everyone|here)|<(?=(?:@[!&]?|#)\d+>)/g;

/**
 * Markdown → what Discord is given. Any text of at most `CONTENT_LIMIT` UTF-16 units stays within it. Mentions become
 * plain text: `allowed_mentions` keeps them from notifying anyone, and this keeps them from looking as if they did.
 */
export function format(markdown: string): string {
  const text = boldDeepHeadings(markdown);
  const inert = makeInert(text, (sign) => sign + ZERO_WIDTH_SPACE);
  // Look-alikes of the same length, for a page so full of mentions that it would grow too long.
  return inert.length <= CONTENT_LIMIT ? inert : makeInert(text, (sign) => (sign === "@" ? "＠" : "‹"));
}

function makeInert(text: string, defuse: (sign: string) => string): string {
  return outsideCode(text, (prose) =>
    prose.replace(MENTION_OR_ADDRESS, (sign: string, address: string | undefined) => address ?? defuse(sign)),
  );
}

/** Discord knows three levels of headings, and shows the signs of deeper ones as they are. */
function boldDeepHeadings(text: string): string {
  const code = codeSpans(text);
  return text.replace(/^#{4,6} +(\S.*?)(?: +#+)?$/gm, (line: string, title: string, offset: number) => {
    if (code.some(([start, end]) => start < offset && offset < end)) return line;
    return title.includes("**") ? title : `**${title}**`;
  });
}
