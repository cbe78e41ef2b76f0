import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { slackLinks } from "../../src/slack/links.ts";
import { encodePlace, type SlackPlace } from "../../src/slack/place.ts";

const id = fc.stringMatching(/^[TCDG][A-Z0-9]{1,10}$/);
const ts = fc
  .tuple(fc.integer({ min: 1, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([seconds, micros]) => `${seconds}.${String(micros).padStart(6, "0")}`);
/** A message, in a thread of its own, in another's, or in a direct message that is one place. */
const posted = fc
  .tuple(fc.record({ team: id, channel: id }), ts, fc.constantFrom("root", "reply", "top"), ts)
  .map(([at, own, kind, other]) => ({
    kind,
    id: own as MessageId,
    place: { ...at, ...(kind === "top" ? {} : { threadTs: kind === "root" ? own : other }) } as SlackPlace,
  }));
const workspaceUrl = "https://acme.slack.com/";
const TS = "1700000000.000100" as MessageId;

describe("a link to a message in Slack", () => {
  test("is read back as a message that may be in its place, whatever its place", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(posted, id, ({ place, id: message, kind }, other) => {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const link = slackLinks.linkTo({ place: encodePlace(place), id: message, workspaceUrl }) ?? "";
        const read = slackLinks.readLink(link, [other, place.team]);
        expect(read).toMatchObject({ platform: "slack", id: message });
        expect(read?.places).toContain(encodePlace(place));
        expect(new Set(read?.places.map((one) => one.split(":")[2]))).toEqual(new Set([place.channel]));
      }),
      { numRuns: 500 },
    );
    for (const kind of ["root", "reply", "top"]) expect(kinds.get(kind)).toBeGreaterThan(80);
  });

  test("is Slack's own permalink", () => {
    const at = { team: "T1", channel: "C1" };
    const link = (place: SlackPlace) =>
      slackLinks.linkTo({ place: encodePlace(place), id: TS, workspaceUrl });
    expect(link({ ...at, threadTs: TS })).toBe("https://acme.slack.com/archives/C1/p1700000000000100");
    expect(link({ ...at, threadTs: "1690000000.000200" })).toBe(
      "https://acme.slack.com/archives/C1/p1700000000000100?thread_ts=1690000000.000200&cid=C1",
    );
  });

  test("cannot be made where the workspace's address is not known, or none for a browser", () => {
    const place = encodePlace({ team: "T1", channel: "C1", threadTs: TS });
    expect(slackLinks.linkTo({ place, id: TS })).toBeUndefined();
    expect(slackLinks.linkTo({ place, id: TS, workspaceUrl: "javascript:alert(1)" })).toBeUndefined();
    expect(slackLinks.linkTo({ place, id: "x" as MessageId, workspaceUrl })).toBeUndefined();
  });

  test.each([
    "",
    "not a link",
    "https://acme.slack.com/archives/C1",
    "https://acme.slack.com/archives/C1/p17",
    "https://acme.slack.com/archives/c1/p1700000000000100",
    "https://acme.slack.com/files/C1/p1700000000000100",
    "ftp://acme.slack.com/archives/C1/p1700000000000100",
    "https://discord.com/channels/1/2/3",
  ])("is not %s", (link) => {
    expect(slackLinks.readLink(link, ["T1"])).toBeUndefined();
  });

  test("with a thread that is none leads to the message alone", () => {
    const link = "https://acme.slack.com/archives/C1/p1700000000000100?thread_ts=x:y&cid=C1";
    expect(slackLinks.readLink(link, ["T1", "a:b"])?.places).toEqual([
      "slack:T1:C1:1700000000.000100",
      "slack:T1:C1",
    ]);
  });
});
