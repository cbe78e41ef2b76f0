import { expect, it } from "vitest";
import { csvRow } from "../../src/admin/csv.ts";

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " \n=1", "\u200B=1", "＝1", "－1"])(
  "a cell that begins like a formula, as %j, is text in CSV",
  (text) => {
    expect(csvRow([text]).replace(/^"/, "")).toMatch(/^'/);
  },
);

it.each(["a;=1+1", "a\t=1+1", "a,=1+1", "a\n=1+1", "a\r=1+1"])(
  "what stands behind a sign that ends cells or rows, as in %j, is in the same cell of CSV",
  (text) => {
    expect(csvRow(["b", text])).toBe(`b,"${text}"\r\n`);
  },
);

it("a cell of CSV has the text as it is, a number as a number, and nothing where there is nothing", () => {
  expect(csvRow(["plain = text - so", -5, undefined, true, 'so "to say"'])).toBe(
    'plain = text - so,-5,,true,"so ""to say"""\r\n',
  );
});
