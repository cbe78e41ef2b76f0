import * as fc from "fast-check";
import { expect, test } from "vitest";
import { final, postKey } from "../contracts/platform-bench.ts";
import { answer, growing, stage } from "./stream-kit.ts";

const mention = fc.constantFrom(
  ..."<!here> <!channel|all> <!everyone> <!subteam^S1|@crew> <@U1> <@W1|ada> ＜！here＞ ≮@U1> <!he\\re>".split(
    " ",
  ),
  "<@\u200DU1>",
  "[<!here>](https://a.b)",
  "`<@U1>`",
  "<b><!here></b>",
  "<!<i></i>here>",
  "<sup><!here></sup>",
  "\n<!-- x -->\n<!here>",
  "\n<table><tr><td><</tbody>!here></td></tr></table>\n",
  "[<@U1>](#x)",
);
const around = fc.constantFrom("", "a ", "a < b ", "**a** ", "x\n\n- ", "[a", "<", "日");
const hostile = fc
  .tuple(around, mention, around, mention, around)
  .map((parts) => parts.join(""))
  .filter((text) => text.trim() !== "");

test("nothing that is appended to a real stream notifies, wherever the deltas cut a mention", async () => {
  const { twin, slack, place } = await stage();
  const cases = { cutInside: 0, appended: 0 };
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const key = { ...answer(twin, place), ...postKey(turn), turn, text: `mentions-${turn}` };
      turn += 1;
      const id = await slack.post(place, growing("Hi "), key);
      for (let end = 1; end <= text.length; end += 1) {
        await slack.edit(place, id, growing(`Hi ${text.slice(0, end)}`));
        cases.cutInside += Number(/[<＜≮][@!！][^>＞]*$/u.test(text.slice(0, end)));
      }
      await slack.edit(place, id, final(`Hi ${text}`));
      expect(twin.notifications).toEqual([]);
    }),
    { numRuns: 8 },
  );
  cases.appended = twin.calls.filter(({ method }) => method === "chat.appendStream").length;
  expect(
    Object.values(cases).every((count) => count > 20),
    JSON.stringify(cases),
  ).toBe(true);
});

test("nor when a mention comes in two deltas", async () => {
  const { twin, slack, place } = await stage();
  const text = "Hi <!subteam^S1|x> and <@U012ABC>, bye";
  for (let cut = 3; cut < text.length; cut += 1) {
    const key = { ...answer(twin, place), ...postKey(cut), turn: cut, text: `pair-${cut}` };
    const id = await slack.post(place, growing("Hi"), key);
    await slack.edit(place, id, growing(text.slice(0, cut)));
    await slack.edit(place, id, growing(text));
    await slack.edit(place, id, final(`${text}.`));
  }
  expect(twin.notifications).toEqual([]);
  expect(twin.calls.filter(({ method }) => method === "chat.appendStream").length).toBeGreaterThan(
    text.length,
  );
});
