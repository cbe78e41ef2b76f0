/** The few pieces of Markdown that incoming messages are put together from. */

/** Without control characters, but for line ends and tabs, and without Unicode's noncharacters, which stand for things in here. */
export function clean(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\uFDD0-\uFDEF]/gu, "");
}

/** A fence longer than any run of backticks within. */
export function codeBlock(code: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

export function codeSpan(code: string): string {
  const ticks = "`".repeat(longestRun(code) + 1);
  const pad = code.startsWith("`") || code.endsWith("`") ? " " : "";
  return `${ticks}${pad}${code}${pad}${ticks}`;
}

/** An address alone where the label says nothing else. */
export function link(url: string, label?: string): string {
  const shown = url.replace(/^mailto:/iu, "");
  if (label === undefined || label === url || label === shown) return shown;
  const target = /[\s()<>]/u.test(url) ? `<${url.replaceAll(/[<>\n]/gu, encodeURIComponent)}>` : url;
  return `[${label.replaceAll(/[[\]]/gu, String.raw`\$&`)}](${target})`;
}

/** Marks around the words, not around the white space beside them, and on each line anew: Markdown knows no other. */
export function styled(text: string, before: string, after = before): string {
  return text
    .split("\n")
    .map((line) => {
      const words = line.trim();
      const start = line.length - line.trimStart().length;
      return words === ""
        ? line
        : `${line.slice(0, start)}${before}${words}${after}${line.slice(start + words.length)}`;
    })
    .join("\n");
}

function longestRun(code: string): number {
  return Math.max(0, ...[...code.matchAll(/`+/gu)].map(([run]) => run.length));
}
