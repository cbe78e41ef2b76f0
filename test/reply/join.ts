// The inverse of paging: reads what people see back to the text that it shows.

const REOPENING = /^(?:> )*[ ]*(?:`{3,10}|~{3,10})[\w+#.-]*\n/;
const QUOTED = /^(?:> )+/;
const TABLE_HEAD = /^[ \t]*\|.*\n[ \t]*\|?[ \t:|-]+\n/;
const CLOSING = /(?:> )*[ ]*(?:`{3,10}|~{3,10})$/;

/** A page that begins inside a list is moved to the left, so indents do not tell. */
const unindented = (text: string) => text.replaceAll(/^[ \t]+/gm, "");

/**
 * The text that finished pages show, without the lines that were added between them. Pages do not tell whether the newline before such a
 * line was in the text, or a fence at a page's end its own: `source` only decides between such readings, all of which are made of
 * nothing but the pages. Where none of them is `source`, but for indents, the pages as they are.
 */
export function joinPages(pages: readonly string[], source: string): string {
  const wanted = unindented(source);
  let readings = new Set([""]);
  for (const [index, page] of pages.entries()) {
    const longer = [...readings].flatMap((start) =>
      bodies(page, index > 0).map((body) => unindented(start + body)),
    );
    readings = new Set(longer.filter((reading) => wanted.startsWith(reading)));
  }
  return readings.has(wanted) ? source : pages.join("");
}

function bodies(page: string, mayGoOn: boolean): string[] {
  const reopened = page.replace(REOPENING, "");
  const heads = mayGoOn
    ? [page, reopened, reopened.replace(QUOTED, ""), page.replace(QUOTED, ""), page.replace(TABLE_HEAD, "")]
    : [page];
  return heads.flatMap((body) => {
    const cut = body.replace(CLOSING, "");
    return [body, cut, ...(cut !== body && cut.endsWith("\n") ? [cut.slice(0, -1)] : [])];
  });
}
