import type { Page, PageFile } from "../chat/platform.ts";
import { codeIn, endBy, type Fence } from "./fences.ts";
import { aside, codeIsInFile, codeSoFar } from "./notice.ts";

/** A code block that takes more pages than it may: its first lines are shown, and all of it will be a file. */
export interface LongCode {
  readonly fence: Fence;
  /** The fence as the last page that shows some of it has it. */
  readonly shown: Fence;
  /** Where its first line begins in the text. */
  readonly at: number;
  /** So far the text is known not to end it: behind a line. */
  readonly end: number;
  /** How many lines it has until there. */
  readonly lines: number;
  /** So far there is no other line end. */
  readonly seen: number;
}

/** A block that has ended. */
export interface EndedCode extends LongCode {
  /** Where the text goes on behind it. */
  readonly next: number;
  /** It is longer than a file may be: another goes on with it. */
  readonly goesOn: boolean;
}

/** What is added to the last page that shows a part of it takes no more than this, in whatever a platform counts: it is all ASCII. */
export const CODE_NOTE_LENGTH = 110;

/** The block of whose lines a page shows `text`, and those before it: up to where it begins at `at`. */
export function longCode(fences: Pick<LongCode, "fence" | "shown">, at: number, text: string): LongCode {
  const end = at + text.lastIndexOf("\n") + 1;
  return { ...fences, at, end, lines: text.split("\n").length - 1, seen: at + text.length };
}

/** Reads on in the text; `ahead` is what is there from `code.end` on. `isWhole`: no more will come. */
export function readOn(
  code: LongCode,
  ahead: string,
  { isWhole, maxLength }: { readonly isWhole: boolean; readonly maxLength: number },
): LongCode | EndedCode {
  let { end, lines } = code;
  const ended = (next: number, goesOn = false) => ({ ...code, end, lines, next, goesOn });
  const offset = code.end;
  const text = isWhole && !/(?:^|\n)$/.test(ahead) ? `${ahead}\n` : ahead;
  let newline = text.indexOf("\n", code.seen - offset);
  while (newline >= 0) {
    const next = offset + Math.min(newline + 1, ahead.length);
    const how = endBy(code.shown, text.slice(end - offset, newline));
    if (how !== undefined) return ended(how === "closed" ? next : end);
    if (next - code.at > maxLength && end > code.at) return ended(end, true);
    end = next;
    lines += 1;
    newline = text.indexOf("\n", newline + 1);
  }
  if (isWhole) return ended(end);
  return { ...code, end, lines, seen: offset + ahead.length };
}

export const hasEnded = (code: LongCode | EndedCode): code is EndedCode => "next" in code;

/** What the last page that shows some of the block's lines says below them. */
export function noteOn(code: LongCode, file: PageFile | undefined): string {
  return `\n\n${aside(file ? codeIsInFile(file.name, code.lines) : codeSoFar(code.lines))}`;
}

/** The file as a page of its own. `number` counts the reply's files from 1. */
export function filePage(code: EndedCode, text: string, number: number): Page & { readonly file: PageFile } {
  const whole = text
    .split("\n")
    .map((line) => codeIn(code.fence, line))
    .join("\n");
  const name = fileName(code.fence.language, number);
  return { text: `\`${name}\``, final: true, file: { name, text: whole } };
}

/**
 * The ending that programs know a language's files by. What Windows would run when somebody opens it gets another ending behind
 * its own; a language that is not here is text, since its word could be any ending.
 */
const ENDINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "bat.txt": "bat batch cmd dos",
    "ps1.txt": "powershell ps1 pwsh",
    "vbs.txt": "vbs vbscript",
    c: "c",
    clj: "clojure clj",
    cpp: "cpp c++ cc cxx hpp",
    cs: "cs csharp c#",
    css: "css",
    csv: "csv",
    dart: "dart",
    diff: "diff patch",
    ex: "elixir ex exs",
    erl: "erlang erl",
    fs: "fsharp fs f#",
    go: "go golang",
    graphql: "graphql gql",
    h: "h",
    hs: "haskell hs",
    html: "html",
    ini: "ini cfg conf",
    java: "java",
    jl: "julia jl",
    js: "js javascript node mjs cjs",
    json: "json json5 jsonc jsonl",
    jsx: "jsx",
    kt: "kotlin kt kts",
    lua: "lua",
    md: "md markdown",
    ml: "ocaml ml",
    php: "php",
    pl: "perl pl",
    proto: "proto protobuf",
    py: "py python python3 pycon",
    r: "r",
    rb: "rb ruby",
    rs: "rs rust",
    scala: "scala",
    scss: "scss sass",
    sh: "sh bash shell zsh console",
    sol: "solidity sol",
    sql: "sql mysql postgresql plsql sqlite",
    svelte: "svelte",
    swift: "swift",
    tex: "tex latex",
    tf: "terraform tf hcl",
    toml: "toml",
    ts: "ts typescript mts cts",
    tsx: "tsx",
    vue: "vue",
    xml: "xml svg xsl",
    yaml: "yaml yml",
    zig: "zig",
  }).flatMap(([ending, languages]) => languages.split(" ").map((language) => [language, ending] as const)),
);

/** Says what is in it, and is nothing but a name: no path, no mention, nothing that is run. Pure. */
export function fileName(language: string, number: number): string {
  const ending = ENDINGS.get(language.toLowerCase()) ?? "txt";
  return `code${number > 1 ? `-${number}` : ""}.${ending}`;
}
