import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A document in the manner of models. What each is there for, its folder's README tells. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

const FOLDER = join(import.meta.dirname, "fixtures/markdown");

export function corpus(): Sample[] {
  return readdirSync(FOLDER)
    .filter((file) => file !== "README.md")
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), "utf8");
      return { name: file.replace(/\..*$/, ""), text: file.includes(".escaped.") ? unescaped(text) : text };
    });
}

function unescaped(text: string): string {
  return text
    .replaceAll(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(String.raw`\r`, "\r")
    .replaceAll(String.raw`\n`, "\n");
}

/** Samples and what became of them, one under the other, for a snapshot that a person can read. */
export function album(
  shown: readonly { readonly name: string; readonly pages: readonly string[] }[],
): string {
  const visible = (page: string) =>
    Array.from(page, (character) => (SEEN.test(character) ? character : hex(character))).join("");
  return shown
    .flatMap(({ name, pages }) =>
      pages.map((page, index) => `████ ${name} ${index + 1}/${pages.length} ████\n${visible(page)}\n`),
    )
    .join("\n");
}

const SEEN = /[^\p{Cc}\p{Cf}\p{Cs}\u200A]|\n/u;
const hex = (character: string) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
