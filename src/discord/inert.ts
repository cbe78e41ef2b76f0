import { AT, foldedFrom, HAIR_SPACE, LESS_THAN } from "../markdown/fold.ts";
import { outsideCode } from "./prose.ts";

/**
 * Behind an `@`, wherever it stands (discord-api-docs#1241). `@silent` is a word of Discord's own client; here it is one for nobody to wonder at.
 */
const EVERYBODY = /^(?:everyone|here|silent)/;
/**
 * Behind a `<`: people `@1` `@!1`, roles `@&1`, channels `#1`, and what opens something when it is pressed: commands `/name:1`, the
 * server's pages `id:customize` (docs.discord.com, Message Formatting).
 */
const REFERENCE = /^(?:@[!&]?\d+|#\d+|\/[^/:>]{1,100}:\d+|id:[a-z-]{1,30})>/;
/** At least as long as the longest of either. */
const LONGEST = { word: 8, reference: 140 };
const SIGN = new RegExp(`[${AT}${LESS_THAN}]`, "gu");
const ADDRESS_OR_SIGN = new RegExp(String.raw`https?:\/\/[^\s<>]+|${SIGN.source}`, "giu");

const isAt = (sign: string) => AT.includes(sign);
const isMention = (text: string, sign: string, at: number) =>
  isAt(sign)
    ? EVERYBODY.test(foldedFrom(text, at + 1, LONGEST.word))
    : REFERENCE.test(foldedFrom(text, at + 1, LONGEST.reference));

/**
 * Content in which Discord finds no mention. In code it reads none, and people copy it; unless there is a backtick around of which it may
 * be in doubt what it opens.
 */
export function inert(content: string): string {
  return content.includes("\\`") ? mended(content, apart) : outsideCode(content, inProse);
}

/** As `inert`, in code too, and no longer than the content was: the first sign of each mention is another. */
export function inertInPlace(content: string): string {
  return mended(content, (sign) => (isAt(sign) ? "ⓐ" : "‹"));
}

function inProse(prose: string): string {
  return prose.replaceAll(ADDRESS_OR_SIGN, (found: string, at: number) => {
    if (/^http/i.test(found)) return mended(found, (sign) => (isAt(sign) ? "%40" : sign));
    return isMention(prose, found, at) ? apart(found) : found;
  });
}

function mended(text: string, mend: (sign: string) => string): string {
  return text.replaceAll(SIGN, (sign: string, at: number) => (isMention(text, sign, at) ? mend(sign) : sign));
}

/** Of a character without width it is said that Discord drops it and notifies all the same (discord-bot-best-practices#3). */
const apart = (sign: string) => sign + HAIR_SPACE;
