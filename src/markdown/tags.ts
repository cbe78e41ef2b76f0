/* HTML that models write between Markdown, as far as it says what every chat can show. Other tags stay: the text may be about them. */

/** A pair of tags with words between, and the marks that say the same. */
const MARKS: Readonly<Record<string, string>> = {
  b: "**",
  strong: "**",
  mark: "**",
  i: "*",
  em: "*",
  var: "*",
  cite: "*",
  dfn: "*",
  s: "~~",
  del: "~~",
  strike: "~~",
  span: "",
  font: "",
  small: "",
  big: "",
  center: "",
  div: "",
  p: "",
};
/** Tags that say something once they are closed, these and others. */
export const CLOSED_TAGS: ReadonlySet<string> = new Set([
  ...Object.keys(MARKS),
  ..."q tt samp kbd code u ins summary sub sup abbr a blockquote h1 h2 h3 h4 h5 h6".split(" "),
]);
const PAIR = new RegExp(
  String.raw`<(${Object.keys(MARKS).join("|")}|q)(?:\s[^<>\n]*)?>([^<>\n]*)</\1>`,
  "gi",
);
const ABBREVIATION = /<abbr\s[^<>\n]*?title="([^"<>\n]*)"[^<>\n]*>([^<>\n]+)<\/abbr>/gi;
const ANCHOR = /<a\s[^<>\n]*?href="((?:https?|mailto):[^"<>\s]+)"[^<>\n]*>([^<>\n]+)<\/a>/gi;
const PICTURE = /<img\s[^<>\n]*?>/gi;
const CODE = /<(tt|samp)>([^<>`\n]+)<\/\1>/gi;
const SHIFTED = /<(sub|sup)>([^<>\n]{1,200})<\/\1>/gi;

/** Pairs within pairs are looked into so deep. */
const MAX_DEPTH = 4;

/** What stands in a line. */
export function withoutTags(prose: string): string {
  if (!/<\w/.test(prose)) return prose;
  let shown = prose.replaceAll(PICTURE, pictured);
  for (let depth = 0, before = ""; depth < MAX_DEPTH && before !== shown; depth += 1) {
    before = shown;
    shown = shown
      .replaceAll(SHIFTED, shifted)
      .replaceAll(CODE, "`$2`")
      .replaceAll(ABBREVIATION, "$2 ($1)")
      .replaceAll(ANCHOR, (_, target: string, words: string) =>
        target === `mailto:${words}` ? words : `[${words}](${target})`,
      )
      .replaceAll(PAIR, paired);
  }
  return shown;
}

/** A picture would have to be fetched: its words and its address will do. */
function pictured(tag: string): string {
  const source = /\ssrc="(https?:[^"<>\s]+)"/i.exec(tag)?.[1];
  const words = /\salt="([^"<>]*)"/i.exec(tag)?.[1];
  return source === undefined ? tag : `[${words || "image"}](${source})`;
}

function paired(_: string, tag: string, words: string): string {
  if (words.trim() === "") return words;
  if (tag.toLowerCase() === "q") return `“${words}”`;
  const mark = MARKS[tag.toLowerCase()] ?? "";
  const [before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(words)?.slice(1) ?? [];
  return before + mark + inner + mark + after;
}

/** Signs that Unicode has above and below the line, in the order of those that they are for. */
const ABOVE: Signs = ["0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"];
const BELOW: Signs = ["0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"];
type Signs = readonly [plain: string, shifted: string];

const MOST_SHIFTED = 12;

/** Words for which there are no such signs get one before them, as one types them. */
function shifted(_: string, tag: string, words: string): string {
  const isAbove = tag.toLowerCase() === "sup";
  const [plain, signs] = isAbove ? ABOVE : BELOW;
  const content = words.trim().replaceAll("−", "-");
  // So much is said in small letters, not above or below anything; what has brackets around it needs no sign more.
  if (/^[[(].*[\])]$/.test(content) || (content.length > MOST_SHIFTED && content.includes(" "))) return words;
  const found = Array.from(content, (sign) => Array.from(signs)[plain.indexOf(sign)]);
  if (!found.includes(undefined)) return found.join("");
  return (isAbove ? "^" : String.raw`\_`) + (content.length > 1 ? `(${content})` : content);
}

const HEADING = /^[ \t]*<h([1-6])(?:\s[^<>\n]*)?>(.+)<\/h\1>[ \t]*$/i;
const ITEM = /^([ \t]*)<li(?:\s[^<>\n]*)?>(.*?)(?:<\/li>)?[ \t]*$/i;
const QUOTATION = /^[ \t]*<blockquote>(.+)<\/blockquote>[ \t]*$/i;
/** Says nothing but where something begins or ends. */
const FRAME = /^[ \t]*<\/?(?:ul|ol|details|div|center|p|li)(?:\s[^<>\n]*)?>[ \t]*$/i;
/** The same, beside what can be seen. */
const DETAILS = /^([ \t]*)<details(?:\s[^<>\n]*)?>[ \t]*(?=<summary)|[ \t]*<\/details>[ \t]*$/i;
const SUMMARY = /^([ \t]*)<summary(?:\s[^<>\n]*)?>(.+)<\/summary>[ \t]*$/i;
/** What is bold as a whole says so once. */
const BOLD = /<\/?(?:b|strong|h[1-6])>|\*\*/gi;
const RULE = /^(.*?)[ \t]*<hr\s*\/?>[ \t]*$/i;

/** A list in a cell, which has one line. */
const withoutLists = (row: string) =>
  /<li>/i.test(row) && row.includes("|")
    ? row
        .replaceAll(/<\/?[uo]l>/gi, "")
        .replaceAll(/<li>\s*/gi, "• ")
        .replaceAll(/<\/li>/gi, " ")
    : row;

/** Lines that are a block by their tags. */
export function withoutBlockTags(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    if (!/<[/\w]/.test(line)) return line;
    if (FRAME.test(line)) return [];
    const before = RULE.exec(line)?.[1];
    if (before !== undefined) return before === "" ? ["", "---"] : [before, "", "---"];
    return withoutLists(line)
      .replace(DETAILS, "$1")
      .replace(
        SUMMARY,
        (_, indent: string, words: string) => `${indent}**${words.replaceAll(BOLD, "").trim()}**`,
      )
      .replace(HEADING, (_, level: string, words: string) => `${"#".repeat(Number(level))} ${words}`)
      .replace(ITEM, "$1- $2")
      .replace(QUOTATION, "> $1");
  });
}
