/** A row of CSV with its line end (RFC 4180). */
export function csvRow(cells: readonly (string | number | boolean | undefined)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * A cell that spreadsheets take as text: one that begins like a formula would be run when the file is opened (owasp.org, CSV Injection), so
 * it gets an apostrophe before it. Numbers stay numbers.
 */
function csvCell(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = value.toWellFormed().replaceAll("\0", "\uFFFD");
  const inert = /^[\s\p{Cf}]*[=+\-@\t\r＝＋－＠]/u.test(text) ? `'${text}` : text;
  // Spreadsheets take a semicolon and a tab for the end of a cell, too, unless it is in quotes: what stands behind one would be a cell of its own.
  return /[",;\t\r\n]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert;
}
