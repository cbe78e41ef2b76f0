// The inverse of paging: reads what people see back to the text that it shows.

const REOPENING = /^(?:> )*[ ]*(?:`{3,10}|~{3,10})[\w+#.-]*\n/;
const QUOTED = /^(?:> )*/;
const CLOSING = /(?:> )*[ ]*(?:`{3,10}|~{3,10})$/;

/**
 * The text that finished pages show, with the fence lines taken out that were added between them. Pages do not tell whether the newline
 * before such a line was in the text, or a fence at a page's end its own: `source` only decides between such readings, all of which are
 * made of nothing but the pages. Where none of them is `source`, the pages as they are.
 */
export function joinPages(pages: readonly string[], source: string): string {
  let readings = new Set([""]);
  for (const [index, page] of pages.entries()) {
    const longer = [...readings].flatMap((start) => bodies(page, index > 0).map((body) => start + body));
    readings = new Set(longer.filter((reading) => source.startsWith(reading)));
  }
  return readings.has(source) ? source : pages.join("");
}

function bodies(page: string, mayReopen: boolean): string[] {
  const reopened = page.replace(REOPENING, "");
  const heads = mayReopen ? [page, reopened, reopened.replace(QUOTED, "")] : [page];
  return heads.flatMap((body) => {
    const cut = body.replace(CLOSING, "");
    return [body, cut, ...(cut !== body && cut.endsWith("\n") ? [cut.slice(0, -1)] : [])];
  });
}
