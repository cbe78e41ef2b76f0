// The inverse of paging: reads what people see back to the text that it shows.

const REOPENING = /^(?:> )*[ ]*(?:`{3,10}|~{3,10})[\w+#.-]*\n/;
const QUOTED = /^(?:> )+/;
const TABLE_HEAD = /^[ \t]*\|.*\n[ \t]*\|?[ \t:|-]+\n/;
const CLOSING = /(?:> )*[ ]*(?:`{3,10}|~{3,10})$/;

/** A page that begins inside a list is moved to the left, so indents do not tell. */
const unindented = (text: string) => text.replaceAll(/^[ \t]+/gm, "");
/** `unindented(start + text)`, where the start is unindented already: all of it is not looked through again for each page. */
function goingOn(start: string, text: string): string {
  const beginsLine = "\n\r\u2028\u2029".includes(start.at(-1) ?? "\n");
  return start + (beginsLine ? unindented(text) : text.replaceAll(/(?<=[\n\r\u2028\u2029])[ \t]+/g, ""));
}

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
      bodies(page, index > 0).map((body) => goingOn(start, body)),
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
  const all = heads.flatMap((body) => {
    const cut = body.replace(CLOSING, "");
    return [body, cut, ...(cut !== body && cut.endsWith("\n") ? [cut.slice(0, -1)] : [])];
  });
  return [...new Set(all)];
}

const END_OF_CODE = /^(?:> )*[ ]*(?:`{3,10}|~{3,10})[ \t]*(?:\n|$)/;
const NOTE = /\n\n_All of this code is in the file below: [^_]*_$/;
/** Without what stands before code because its fence is in a quotation or a list. */
const bare = (text: string) => text.replaceAll(/^(?:> ?)*[ \t]*/gm, "");

/**
 * As `joinPages`, where some pages are files: each has all of the code whose first lines stand on the pages before it. So what a file adds is
 * all of its lines from any of them on, whichever goes on with the text.
 */
export function joinWithFiles(
  pages: readonly { readonly text: string; readonly file?: { readonly text: string } }[],
  source: string,
): string {
  const wanted = bare(source);
  let readings = new Set([""]);
  for (const [index, { text, file }] of pages.entries()) {
    const longer = [...readings].flatMap((start) => {
      if (file) return endsOf(bare(file.text)).flatMap((end) => closed(start + end, wanted));
      return bodies(text.replace(NOTE, ""), index > 0).map((body) => start + bare(body));
    });
    readings = new Set(longer.filter((reading) => wanted.startsWith(reading)));
  }
  return readings.has(wanted) ? source : pages.map(({ text }) => text).join("");
}

/** Every end of a text that begins with a line of it. */
function endsOf(text: string): string[] {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
  return [0, ...starts, text.length].map((start) => text.slice(start));
}

/** The line that closes the code is in no file, and blank lines behind it begin no page. */
function closed(reading: string, wanted: string): string[] {
  const [line = ""] = END_OF_CODE.exec(wanted.slice(reading.length)) ?? [];
  return [reading, reading + line].flatMap((end) => {
    const [blank = ""] = /^\n+/.exec(wanted.slice(end.length)) ?? [];
    return blank === "" ? [end] : [end, end + blank];
  });
}
