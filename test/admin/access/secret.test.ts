import { expect, it } from "vitest";
import { isSameSecret } from "../../../src/admin/access/secret.ts";

it("two secrets are the same when every character is, whatever their lengths", () => {
  expect(isSameSecret("ein Geheimnis 🗝", "ein Geheimnis 🗝")).toBe(true);
  for (const other of ["", "ein Geheimnis", "ein Geheimnis 🗝 ", "Ein Geheimnis 🗝"])
    expect(isSameSecret("ein Geheimnis 🗝", other)).toBe(false);
});
