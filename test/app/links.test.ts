import { expect, test } from "vitest";
import { links } from "../../src/app/links.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";

test("each platform's links are made and read by its own, and those of none by nobody", () => {
  const slack = { place: "slack:T1:C1:1700000000.000100" as Place, id: "1700000000.000100" as MessageId };
  const discord = { place: "discord:1:2" as Place, id: "3" as MessageId };
  const toSlack = links.linkTo("slack", { ...slack, workspaceUrl: "https://acme.slack.com/" }) ?? "";
  const toDiscord = links.linkTo("discord", discord) ?? "";
  expect(links.readLink(toSlack, ["T1"])).toMatchObject({ platform: "slack", id: slack.id });
  expect(links.readLink(toDiscord, ["T1"])).toMatchObject({ platform: "discord", id: discord.id });
  expect(links.linkTo("irc", discord)).toBeUndefined();
  expect(links.readLink("https://example.com/archives/1", ["T1"])).toBeUndefined();
});
