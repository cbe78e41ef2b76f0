import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodePlace } from "../../src/discord/place.ts";
import { PERMISSION, USUAL_PERMISSIONS } from "../../src/sandbox/discord/permissions.ts";
import { draft, final, postKey } from "../contracts/platform-bench.ts";
import { EDITS, own, POSTS, sent, startBench } from "./kit.ts";

/** What a model may write to reach everybody in a channel. */
const hostileOf = (person: string) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "@everyone",
          "@here",
          `<@${person}>`,
          `<@!${person}>`,
          "<@&1>",
          "@\u200Beveryone",
          "＠here",
          `[<@${person}>](https://a.b/@everyone)`,
          "` @here ",
          "\\`@everyone\\`",
          "&#64;everyone",
          "@<b>here</b>",
        ),
        fc.constantFrom("`", "```\n", "\n", " ", "> ", "| a |\n|-|\n", "**", "[", "](https://a.b)"),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => `a${parts.join("")}`);

test("nothing that a bot with every right to mention posts, or edits, notifies anybody", async () => {
  expect(USUAL_PERMISSIONS & PERMISSION.MENTION_EVERYONE).not.toBe(0n);
  await using bench = await startBench();
  const { twin, platform, channel, person } = bench;
  const place = encodePlace({ kind: "channel", guild: twin.guild.id, channel });
  const cases = { everybody: 0, person: 0 };
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(hostileOf(person), hostileOf(person), async (first, then) => {
      turn += 1;
      const key = { ...postKey(0), turn, text: `mentions-${turn}` };
      const id = await platform.post(place, draft(first), key);
      await platform.edit(place, id, final(then));
      cases.everybody += Number(/@everyone|@here/.test(first) && /@everyone|@here/.test(then));
      cases.person += Number([first, then].some((text) => text.includes(`<@${person}>`)));
      expect(twin.notifications).toEqual([]);
    }),
    // discord.js sends 50 requests a second at the most (docs.discord.com, Rate Limits), and there are two for each.
    { numRuns: 20 },
  );
  expect(
    Object.values(cases).every((count) => count > 4),
    JSON.stringify(cases),
  ).toBe(true);
  expect(own(bench, channel).length).toBe(turn);
  for (const { body } of [...sent(twin, POSTS), ...sent(twin, EDITS)])
    expect(body["allowed_mentions"]).toEqual({ parse: [], replied_user: false });
});
