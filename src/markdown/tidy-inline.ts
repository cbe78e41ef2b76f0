import { withReferences } from "./notes.ts";
import { withoutTags } from "./tags.ts";

const TARGET = String.raw`\(\s*(<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))+)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)`;
const BADGE = new RegExp(String.raw`(?<!\\)\[!\[([^[\]\n]*)\]${TARGET}\](?=\()`, "g");
const IMAGE = new RegExp(String.raw`(?<!\\)!\[([^[\]\n]*)\]${TARGET}`, "g");
/** Words with brackets around some of them. */
const BRACKETED = String.raw`(?:[^[\]\\\n]|\\.|\[[^[\]\n]*\])+`;
const LINK = new RegExp(String.raw`(?<![\\!])\[(${BRACKETED})\]${TARGET}`, "g");
export const REFERENCE = new RegExp(String.raw`(?<!\\)\[(${BRACKETED})\]\[([^[\]\n]*)\]`, "g");
/** `__init__.py`, `__main__()`, or well known: a name, though CommonMark would make it bold (docs.python.org, Data model). */
const DUNDER =
  /(?<![\w\\])__([a-z]+(?:_[a-z]+)*(?=__(?:\.\w|\())|(?:init|main|name|str|repr|dict|eq|iter|slots|proto|typename|[gs]etattr|[gs]etitem)(?=__(?!\w)))__/g;
/** `5*6*7`: no emphasis. */
const TIMES = /(?<=\d)\*(?=\d)/g;
/** Lines to fill in, and what is none: addresses, bold italic words. */
const BLANK = /https?:\/\/\S+|___(?=["'“(]?[\p{L}\p{N}])[^_\n]*[^\s_]___(?![\w_])|(?<![\\_])_{3,}/gu;
/** `\\server\share`, which Markdown would take a backslash from. */
const SHARE = /(?<=^|\s)\\\\(?=[\w.-]+\\\w)/gm;
/** What the rest of a page says about what stands in its lines. */
export interface Elsewhere {
  /** What the labels of references stand for, in small letters. */
  readonly definitions: ReadonlyMap<string, string>;
  /** The names of its footnotes. */
  readonly notes: ReadonlySet<string>;
}

/** What stands in a line, outside of code. */
export function tidyInline(prose: string, { definitions, notes }: Elsewhere): string {
  return withReferences(withoutTags(prose), notes)
    .replaceAll(REFERENCE, (whole: string, words: string, label: string) => {
      const target = definitions.get(labelOf(definitions, words, label) ?? "");
      return target === undefined ? whole : `[${words}](${target})`;
    })
    .replaceAll(BADGE, (_, words: string) => `[${words || "image"}]`)
    .replaceAll(IMAGE, (_, words: string, target: string) => `[${words || "image"}](${target})`)
    .replaceAll(LINK, honest)
    .replaceAll(DUNDER, String.raw`\_\_$1\_\_`)
    .replaceAll(TIMES, String.raw`\*`)
    .replaceAll(BLANK, blank)
    .replaceAll(SHARE, String.raw`\\\\`);
}

/** What a reference refers to. `[1][2]` are two sources side by side, if both are there, and no link from the one to the other. */
export function labelOf(definitions: Elsewhere["definitions"], words = "", label = ""): string | undefined {
  const isSource = /^\d+$/.test(words) && /^\d+$/.test(label) && definitions.has(words);
  return isSource ? undefined : (label || words).toLowerCase();
}

/** Beside a blank, its signs would be taken for marks, and a line of nothing else for a rule, which four and more of them are not meant to be. */
function blank(found: string, at: number, prose: string): string {
  if (!/^_+$/.test(found)) return found;
  const [before, after] = [prose.charAt(at - 1), prose.charAt(at + found.length)];
  const isWord = /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
  const isAlone = /^\s?$/.test(before) && /^\s?$/.test(after);
  const line = lineAt(prose, at);
  if (isWord || INDENTED_CODE.test(line)) return found;
  if (isAlone && (found.length === 3 || line.trim() !== found)) return found;
  return found.replaceAll("_", String.raw`\_`);
}

const INDENTED_CODE = /^(?: {4}|\t)[ \t]*(?![-*+][ \t]|\d+[.)])/;

function lineAt(prose: string, at: number): string {
  const start = at === 0 ? 0 : prose.lastIndexOf("\n", at - 1) + 1;
  const end = prose.indexOf("\n", at);
  return prose.slice(start, end < 0 ? prose.length : end);
}

/** What would begin a block, once no bracket stands before it. */
const BEGINS_BLOCK = /^(\d{0,9})([-+*#>.)])(?=[\s#>]|$)/;

/** No link says that it leads elsewhere than it does, and none leads to what only the writer has. */
function honest(whole: string, words: string, target: string): string {
  const address = target.replaceAll(/^<|>$/g, "");
  // Headings of a message cannot be linked to.
  if (address.startsWith("#")) return words.replace(BEGINS_BLOCK, String.raw`$1\$2`);
  if (/^mailto:/i.test(address)) return whole;
  if (!/^https?:/i.test(address)) return `${words} (${address})`;
  const said = /https?:\/\/([^\s/]+)/i.exec(words)?.[1];
  return said === undefined || said.toLowerCase() === hostOf(address) ? whole : `${words} (${address})`;
}

const hostOf = (address: string) => /^https?:\/\/([^/?#]+)/i.exec(address)?.[1]?.toLowerCase();
