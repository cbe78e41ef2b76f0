import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { discordLinks } from "../../src/discord/links.ts";
import { decodePlace, encodePlace } from "../../src/discord/place.ts";
import { discordPlace, snowflake } from "./arbitraries.ts";

const ID = "7" as MessageId;

describe("a link to a message on Discord", () => {
  test("is read back as a message that may be in its place, whatever its place", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(discordPlace, snowflake, (place, message) => {
        kinds.set(place.kind, (kinds.get(place.kind) ?? 0) + 1);
        const link = discordLinks.linkTo({ place: encodePlace(place), id: message as MessageId }) ?? "";
        const read = discordLinks.readLink(link, []);
        expect(read).toMatchObject({ platform: "discord", id: message });
        if (place.kind === "thread") expect(read?.threadId).toBe(place.thread);
        else expect(read?.places).toContain(encodePlace(place));
        for (const one of read?.places ?? []) expect(() => decodePlace(one)).not.toThrow();
      }),
      { numRuns: 500 },
    );
    for (const kind of ["channel", "thread", "dm"]) expect(kinds.get(kind)).toBeGreaterThan(80);
  });

  test("is the one that Discord's client copies", () => {
    const link = (place: Parameters<typeof encodePlace>[0]) =>
      discordLinks.linkTo({ place: encodePlace(place), id: ID });
    expect(link({ kind: "channel", guild: "1", channel: "2" })).toBe("https://discord.com/channels/1/2/7");
    expect(link({ kind: "thread", guild: "1", parent: "2", thread: "3" })).toBe(
      "https://discord.com/channels/1/3/7",
    );
    expect(link({ kind: "dm", channel: "5" })).toBe("https://discord.com/channels/@me/5/7");
  });

  test("to a question leads to the thread that hangs on it as well", () => {
    const read = discordLinks.readLink("https://ptb.discord.com/channels/1/2/7", []);
    expect(read?.places).toEqual(["discord:1:2", "discord:1:2:7"]);
    expect(read?.threadId).toBe("2");
    expect(discordLinks.readLink("http://127.0.0.1:4020/channels/1/2/7", [])).toEqual(read);
  });

  test.each([
    "",
    "https://discord.com/channels/1/2",
    "https://discord.com/channels/@me/2/x",
    "https://discord.example.com/channels/1/2/7",
    "http://127.0.0.1.example.com/channels/1/2/7",
    "javascript://discord.com/channels/1/2/7",
    "https://acme.slack.com/archives/C1/p1700000000000100",
  ])("is not %s", (link) => {
    expect(discordLinks.readLink(link, [])).toBeUndefined();
  });
});
