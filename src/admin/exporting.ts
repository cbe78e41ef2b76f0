import { type ExportDeps, exported, type ExportedPart, type Exporting } from "./export.ts";
import { formatOf } from "./written.ts";

/** A piece of an export, as it is written: pieces follow each other and cut nothing but conversations in two. */
export interface ExportedText {
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly turns: number;
  /** How many end in it. */
  readonly conversations: number;
}

/** So many characters make a piece, or a few more: a hundred conversations, for whose sake a connection is written to once. */
const PIECE = 128 * 1024;

/** An export as text. What stands before all conversations is there also if nothing was found. */
export async function* exportedText(deps: ExportDeps, what: Exporting): AsyncGenerator<ExportedText> {
  const { head, write } = formatOf(what.format);
  const encoder = new TextEncoder();
  let [texts, length, turns, conversations] = [[head], head.length, 0, 0];
  const piece = () => {
    const made = { bytes: encoder.encode(texts.join("")), turns, conversations };
    [texts, length, turns, conversations] = [[], 0, 0, 0];
    return made;
  };
  const add = (part: ExportedPart) => {
    const text = write(part);
    texts.push(text);
    length += text.length;
    turns += part.turns.length;
    if (part.ends) conversations += 1;
  };
  for await (const part of exported(deps, what)) {
    add(part);
    if (length >= PIECE) yield piece();
  }
  if (length > 0) yield piece();
}
