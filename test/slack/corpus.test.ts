import { expect, test } from "vitest";
import { cutPages, paginate } from "../../src/reply/paginate.ts";
import { formatPage, LIMITS } from "../../src/slack/format.ts";
import { album, corpus } from "../corpus.ts";

const samples = corpus();
const blockOf = (page: string) => formatPage(page).blocks[0].text;

test("the samples as Slack is given them", async () => {
  const shown = samples.map(({ name, text }) => ({ name, pages: paginate(text, LIMITS).map(blockOf) }));
  await expect(album(shown)).toMatchFileSnapshot("corpus.snap");
});

test("what notifications say of them", async () => {
  const shown = samples.map(({ name, text }) => `${name}: ${formatPage(text).text}`);
  await expect(album([{ name: "notifications", pages: [shown.join("\n")] }])).toMatchFileSnapshot(
    "notifications.snap",
  );
});

test("every page of them fits and joins to the sample", () => {
  for (const { name, text } of samples) {
    expect(
      cutPages(text, LIMITS)
        .map(({ body }) => body)
        .join(""),
    ).toBe(text);
    for (const page of paginate(text, LIMITS))
      expect(Buffer.byteLength(blockOf(page)), name).toBeLessThanOrEqual(10_500);
  }
});
