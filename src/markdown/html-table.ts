const OPENING = /^[ \t]*<table(?:\s[^<>]*)?>/gim;
const CLOSING = /<\/table>[ \t]*$/gim;
const ROW = /<tr(?:\s[^<>]*)?>/i;
const CELL = /<t[dh](?:\s[^<>]*)?>/i;
/** What a table consists of beside its words. */
const FRAMES = /<\/?(?:t[drh]|thead|tbody|tfoot|table|caption|colgroup|col)(?:\s[^<>]*)?\/?>/gi;

/** Tables of HTML as tables of Markdown, with their first row as the head. A table within a table stays as it was written. */
export function withTables(prose: string): string {
  if (!/<table/i.test(prose)) return prose;
  let shown = "";
  let from = 0;
  for (const { index } of prose.matchAll(OPENING)) {
    if (index < from) continue;
    const closing = new RegExp(CLOSING);
    closing.lastIndex = index;
    const found = closing.exec(prose);
    if (!found) break;
    const end = found.index + found[0].length;
    shown += prose.slice(from, index);
    const table = tableOf(prose.slice(index, end));
    if (table === undefined) shown += prose.slice(index, end);
    else {
      const isBelowText = shown !== "" && !shown.endsWith("\n\n");
      const isAboveText = /^\n[^\n]/.test(prose.slice(end, end + 2));
      shown += (isBelowText ? "\n" : "") + table + (isAboveText ? "\n" : "");
    }
    from = end;
  }
  return shown + prose.slice(from);
}

function tableOf(html: string): string | undefined {
  if ((html.match(/<table/gi)?.length ?? 0) > 1) return undefined;
  const [above = "", ...others] = html.split(ROW);
  const rows = others.map((row) => row.split(CELL)).filter(([lead = ""]) => wordsOf(lead) === "");
  const cells = rows.map(([, ...row]) => row.map(wordsOf)).filter((row) => row.length > 0);
  const columns = Math.max(0, ...cells.map((row) => row.length));
  if (columns === 0 || rows.length < others.length) return undefined;
  const lines = cells.map((row) => rowOf(Array.from({ length: columns }, (_, at) => row[at] ?? "")));
  const [head = "", ...body] = lines;
  const caption = wordsOf(above);
  const rule = rowOf(Array.from({ length: columns }, () => "---"));
  return [...(caption === "" ? [] : [caption, ""]), head, rule, ...body].join("\n");
}

const rowOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

const wordsOf = (html: string) =>
  html
    .replaceAll(FRAMES, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/(?<!\\)\|/g, String.raw`\|`);
