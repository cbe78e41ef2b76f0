import { foldedFrom, HAIR_SPACE, LESS_THAN } from "../markdown/fold.ts";

/**
 * `<@U1>`, `<#C1|x>`, `<!here>`, `<!subteam^S1>`, `<!date^…>` (docs.slack.dev, Formatting message text), behind their `<`. Other
 * things that begin alike, as `<!DOCTYPE html>`, `<!--` or `List<@NonNull T>`, are none.
 */
const TOKEN =
  /^(?:@[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}|#[a-z0-9]{1,100}|!(?:here|channel|everyone|group|subteam|date))[>|^]/u;
/** The beginning of one: what comes next decides. */
const UNDECIDED =
  /^(?:@(?:[\p{L}\p{N}][\p{L}\p{N}._-]{0,99})?|#[a-z0-9]{0,100}|!(?:h(?:e(?:re?)?)?|c(?:h(?:a(?:n(?:n(?:el?)?)?)?)?)?|e(?:v(?:e(?:r(?:y(?:o(?:ne?)?)?)?)?)?)?|g(?:r(?:o(?:up?)?)?)?|s(?:u(?:b(?:t(?:e(?:am?)?)?)?)?)?|d(?:a(?:te?)?)?)?)?$/u;
/** More than the longest token: characters, folded. */
const LONGEST = 110;
const OPENING = new RegExp(`[${LESS_THAN}]`, "gu");

const apart = (sign: string) => sign + HAIR_SPACE;

/**
 * Text in which Slack finds no mention, by whatever method it goes there and however it is cut: Slack looks for mentions everywhere, in
 * code and addresses too. An escaped bracket is right in text, but code would show the escape; a thin space is right in both.
 * `mend` makes something else of a mention's first sign.
 */
export function inert(text: string, mend = apart): string {
  return text.replaceAll(OPENING, (sign: string, at: number) =>
    TOKEN.test(foldedFrom(text, at + 1, LONGEST)) ? mend(sign) : sign,
  );
}

/**
 * The beginning of `inert(text)` that stays whatever is still to be written, for methods that only add to what is shown: for any `a` and
 * `b`, `inertSoFar(a)` is a beginning of `inertSoFar(a + b)` and of `inert(a + b)`. What it lacks is the beginning of a mention, which
 * `inert` of the finished text brings in.
 */
export function inertSoFar(text: string): string {
  // The half of a pair may become anything.
  const whole = text.replace(/[\uD800-\uDBFF]$/, "");
  const at = lastOpening(whole);
  // No mention goes on in another line.
  const isOpen = at >= 0 && !whole.includes("\n", at);
  return inert(isOpen && UNDECIDED.test(foldedFrom(whole, at + 1, LONGEST)) ? whole.slice(0, at) : whole);
}

const lastOpening = (text: string) => Math.max(...Array.from(LESS_THAN, (sign) => text.lastIndexOf(sign)));

/** Takes back what `inert` put into a text. */
export function withoutBreaks(text: string): string {
  return text.replaceAll(new RegExp(`(?<=[${LESS_THAN}])${HAIR_SPACE}`, "gu"), "");
}
