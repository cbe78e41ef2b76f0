import { withReferences } from "./notes.ts";
import { withoutTags } from "./tags.ts";

const TARGET = String.raw`\(\s*(<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))+)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)`;
const BADGE = new RegExp(String.raw`(?<!\\)\[!\[([^[\]\n]*)\]${TARGET}\](?=\()`, "g");
const IMAGE = new RegExp(String.raw`(?<!\\)!\[([^[\]\n]*)\]${TARGET}`, "g");
const LINK = new RegExp(String.raw`(?<![\\!])\[((?:[^[\]\\\n]|\\.)+)\]${TARGET}`, "g");
const REFERENCE = /(?<!\\)\[([^[\]\n]+)\]\[([^[\]\n]*)\]/g;
/** `__init__.py`, `__main__()`: a name, though CommonMark would make it bold. */
const DUNDER = /(?<![\w\\])__([a-z]+(?:_[a-z]+)*)__(?=\.\w|\()/g;
/** `5*6*7`: no emphasis. */
const TIMES = /(?<=\d)\*(?=\d)/g;
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
      const target = definitions.get((label || words).toLowerCase());
      return target === undefined ? whole : `[${words}](${target})`;
    })
    .replaceAll(BADGE, (_, words: string) => `[${words || "image"}]`)
    .replaceAll(IMAGE, (_, words: string, target: string) => `[${words || "image"}](${target})`)
    .replaceAll(LINK, honest)
    .replaceAll(DUNDER, String.raw`\_\_$1\_\_`)
    .replaceAll(TIMES, String.raw`\*`)
    .replaceAll(SHARE, String.raw`\\\\`);
}

/** No link says that it leads elsewhere than it does, and none leads to what only the writer has. */
function honest(whole: string, words: string, target: string): string {
  const address = target.replaceAll(/^<|>$/g, "");
  if (/^mailto:/i.test(address)) return whole;
  if (!/^https?:/i.test(address)) return `${words} (${address})`;
  const said = /https?:\/\/([^\s/]+)/i.exec(words)?.[1];
  return said === undefined || said.toLowerCase() === hostOf(address) ? whole : `${words} (${address})`;
}

const hostOf = (address: string) => /^https?:\/\/([^/?#]+)/i.exec(address)?.[1]?.toLowerCase();
