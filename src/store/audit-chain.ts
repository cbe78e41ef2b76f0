import { createHash, createHmac } from "node:crypto";
import type { Head } from "./audit.ts";

/** PURE: how an entry of the audit follows from the one before. */

/** What an entry's hash is over. */
export interface Sealed {
  readonly seq: number;
  readonly at: number;
  readonly who: string;
  readonly via: string;
  readonly what: string;
  readonly about: number | null;
  readonly rows: number | null;
  readonly commitment: string;
  readonly previous: string;
}

/** A row as it is stored. Salt and content are erased together. */
export interface Link extends Sealed {
  readonly salt: string | null;
  readonly content: string | null;
  readonly hash: string;
}

/** What the first entry has in place of a hash before it. */
export const FIRST = "0".repeat(64);

/** SHA-256 over the entry as a JSON list: nothing can move from one member into the next. */
export function hashOf({ seq, at, who, via, what, about, rows, commitment, previous }: Sealed): string {
  const members = [seq, at, who, via, what, about, rows, commitment, previous];
  return createHash("sha256").update(JSON.stringify(members)).digest("hex");
}

/** Stands for the content, and tells nothing of it to whoever has no salt: few queries are long enough not to be guessed. */
export function commitmentTo(content: string, salt: string): string {
  return createHmac("sha256", salt).update(content).digest("hex");
}

/** Why this row is not what follows `last`. Undefined: it is. */
export function flawIn(link: Link, last: Head | undefined): string | undefined {
  const seq = (last?.seq ?? 0) + 1;
  if (link.seq !== seq) return `entry ${seq} is missing`;
  if (link.previous !== (last?.hash ?? FIRST)) return "it does not follow the entry before";
  if (link.hash !== hashOf(link)) return "it was changed";
  if (link.content === null && link.salt === null) return undefined;
  const { content, salt } = link;
  if (content === null || salt === null || commitmentTo(content, salt) !== link.commitment)
    return "what it says was asked for was changed";
  return undefined;
}
