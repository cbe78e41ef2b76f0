/* Of bounded length, which keeps the time in proportion to the text. */

/** Between single signs of dollar: what has a sign of mathematics, or what is no words. Sums of money have a space or a number behind them. */
const BETWEEN_DOLLARS = String.raw`\$(?=[^\s$])([^\n$]{0,250}?[\\^_{][^\n$]{0,250}?)(?<=\S)\$(?!\d)|(?<![\w$])\$(?=\S)((?:(?![A-Za-z]{2})[^\n$]){1,40})(?<=\S)\$(?![\w$])`;
const SOURCE = String.raw`\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]|\$\$([^\n$]{1,500}?)\$\$|${BETWEEN_DOLLARS}`;

/** How many ways there are to write one. */
export const FORMULA_PARTS = 5;
/** A formula in a line, wherever it stands. */
export const FORMULA = new RegExp(String.raw`(?<!\\)(?:${SOURCE})`, "g");
/** The same, at one place. */
export const FORMULA_HERE = new RegExp(SOURCE, "y");

/** The formula that was found, without the signs around it. Undefined where what stands between escaped brackets may as well be words. */
export function formulaIn(whole: string, parts: readonly (string | undefined)[]): string | undefined {
  const formula = parts.find((part) => part !== undefined) ?? "";
  if (whole.startsWith("\\") && !/[\\^_={}]|^\s*\w\s*$/.test(formula)) return undefined;
  return formula.trim();
}
