import * as fc from "fast-check";
import type { DiscordPlace } from "../../src/discord/place.ts";

/** Snowflakes as Discord makes them, from its first days to far ahead, and a few that are close to one another. */
export const snowflake = fc.oneof(
  fc.bigInt({ min: 10n ** 16n, max: 10n ** 20n }).map(String),
  fc.integer({ min: 1, max: 4 }).map((n) => `10000000000000000${n}`),
);

export const discordPlace: fc.Arbitrary<DiscordPlace> = fc.oneof(
  fc.record({ kind: fc.constant("channel" as const), guild: snowflake, channel: snowflake }),
  fc.record({ kind: fc.constant("thread" as const), guild: snowflake, parent: snowflake, thread: snowflake }),
  fc.record({ kind: fc.constant("dm" as const), channel: snowflake }),
);

/** Text in which what the adapter treats specially is common: mentions, code, headings, emoji, escapes, addresses. */
export const richText = (maxLength = 40) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom("@everyone", "@here", "@", "everyone", "<@1>", "<@!22>", "<@&333>", "<#4>", "<", ">"),
        fc.constantFrom("<@100000000000000001>", "<:smile:55>", "<t:1618953630:R>", "</ask:9>", "<t:9e9>"),
        fc.constantFrom("`", "``", "```", "````", "\\", "\\`", "\n", " ", "#### ", "###### ", "### ", "**"),
        fc.constantFrom("https://example.com/@here", "a", "word", "😀", "é", "\u200b", ","),
        fc.string({ unit: "grapheme", maxLength: 4 }),
      ),
      { maxLength },
    )
    .map((parts) => parts.join(""));
