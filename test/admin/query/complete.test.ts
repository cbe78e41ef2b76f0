import { describe, expect, it } from "vitest";
import { complete } from "../../../src/admin/query/complete.ts";

/** The text with each of the completions in place; `|` is the cursor. */
async function completed(marked: string): Promise<string[]> {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  const there: Readonly<Record<string, readonly string[]>> = {
    channel: ["support", "sup port", "sales", 'say "hi"'],
    model: ["zai-org/GLM-5.3"],
  };
  const values = async (what: string, prefix: string) =>
    (there[what] ?? []).filter((value) => value.startsWith(prefix) || (what === "model" && prefix === "gl"));
  const { from, to, items } = await complete(text, cursor, values);
  return items.map((item) => text.slice(0, from) + item.text + text.slice(to));
}

describe("complete", () => {
  it.each([
    ["ch|", ["channel:"]],
    ["a -ch| b", ["a -channel: b"]],
    ["(US|", ["(user:"]],
    ["gui|", ["workspace:"]],
    ["channel:sup|", ["channel:support", 'channel:"sup port"']],
    ['channel:"sup p|', ['channel:"sup port"']],
    ["channel:a,sal|", ["channel:a,sales"]],
    ["channel:~sal|", ["channel:~sales"]],
    ["channel:say|", [String.raw`channel:"say \"hi\""`]],
    ["model:gl|", ["model:zai-org/GLM-5.3"]],
    ["error:|", []],
    ["status:done,fa|", ["status:done,failed"]],
    ["at:2026..yes|", ["at:2026..yesterday"]],
    ["sort:-comp|", ["sort:-complete"]],
    ["topic@|", ["topic@then:", "topic@now:"]],
    ["status@|", []],
    ['"chan|', []],
    ["nothing:sup|", []],
  ])("%s", async (marked, expected) => expect(await completed(marked)).toEqual(expected));

  it("offers every field where nothing was begun", async () =>
    expect((await completed("a |")).length).toBeGreaterThan(20));
});
