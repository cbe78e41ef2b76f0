import type { AdminDeps } from "../../src/admin/create.ts";
import { type ExportedText, exportedText } from "../../src/admin/exporting.ts";
import { createRedactor } from "../../src/admin/redact.ts";
import { links } from "../../src/app/links.ts";
import type { Readable } from "../../src/store/aside.ts";

/** Exports that are made right here. */
export function exportingOf(archive: Readable): AdminDeps["exporting"] {
  const redactor = createRedactor({ key: new Uint8Array(32), patterns: [] });
  return (what) => exportedText({ archive, links, redactor }, what);
}

export async function textOf(pieces: AsyncIterable<ExportedText>): Promise<string> {
  const all = await Array.fromAsync(pieces, ({ bytes }) => bytes);
  return Buffer.concat(all).toString();
}

/** What an export as JSON lines says. */
export async function linesOf(pieces: AsyncIterable<ExportedText>): Promise<readonly unknown[]> {
  const text = await textOf(pieces);
  return text.split("\n").flatMap((line): unknown[] => (line === "" ? [] : [JSON.parse(line)]));
}

/** A piece of an export that says this. */
export function pieceOf(text: string, turns = 1): ExportedText {
  return { bytes: new TextEncoder().encode(text), turns, conversations: 1 };
}
