const BLANK = /^[\s\p{Cf}]*$/u;

/** Nothing in it can be seen: white space and format characters alone. Platforms refuse to post such a text. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}
