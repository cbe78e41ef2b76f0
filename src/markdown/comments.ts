const OPENING = /^ {0,3}<!--/gm;

/**
 * Without the comments of HTML that stand on lines of their own: they are written not to be seen. One within a line stays, since the line may be
 * about it, and so does one that never ends.
 */
export function withoutComments(prose: string): string {
  let shown = "";
  let from = 0;
  for (const { index } of prose.matchAll(OPENING)) {
    if (index < from) continue;
    const close = prose.indexOf("-->", index);
    if (close < 0) break;
    const rest = /^-->[ \t]*(?:\n|$)/.exec(
      prose.slice(close, prose.indexOf("\n", close) + 1 || undefined),
    )?.[0];
    if (rest === undefined) continue;
    shown += prose.slice(from, index);
    from = close + rest.length;
  }
  return shown + prose.slice(from);
}
