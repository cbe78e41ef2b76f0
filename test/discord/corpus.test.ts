import { expect, test } from "vitest";
import { format, PAGE_LENGTH, suits } from "../../src/discord/format.ts";
import { cutPages, paginate } from "../../src/reply/paginate.ts";
import { album, corpus } from "../corpus.ts";

const limits = { pageLength: PAGE_LENGTH, unit: "code points", suits } as const;
const samples = corpus();

test("there are a hundred samples, of one page and of several", () => {
  expect(samples.length).toBeGreaterThanOrEqual(100);
  expect(samples.filter(({ text }) => paginate(text, limits).length > 1).length).toBeGreaterThan(3);
});

test("the samples as Discord is given them", async () => {
  const shown = samples.map(({ name, text }) => ({ name, pages: paginate(text, limits).map(format) }));
  await expect(album(shown)).toMatchFileSnapshot("corpus.snap");
});

test("every page fits, and nothing had to be given up for it", () => {
  for (const { name, text } of samples) {
    expect(
      cutPages(text, limits)
        .map(({ body }) => body)
        .join(""),
    ).toBe(text);
    for (const page of paginate(text, limits)) {
      expect(suits(page), name).toBe(true);
      expect(Array.from(format(page)).length, name).toBeLessThanOrEqual(2_000);
    }
  }
});
