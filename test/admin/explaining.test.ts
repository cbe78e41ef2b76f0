import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../src/admin/audit.ts";
import { explain, type ExplainingDeps } from "../../src/admin/explaining.ts";
import type { Viewer } from "../../src/admin/viewer.ts";
import type { Message } from "../../src/chat/message.ts";
import type { MessageId, Place } from "../../src/chat/place.ts";
import type { Looked } from "../../src/chat/platform.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { messageIn } from "../contracts/store-bench.ts";
import { adminWorld, type AdminWorld, inChannel, placeOf, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
const linkOf = (ts: string, channel = "C1") =>
  `https://acme.slack.com/archives/${channel}/p${ts.replace(".", "")}?thread_ts=1700000000.000100&cid=${channel}`;
const ASKED = "1700000000.000101";
const MENTIONED = ["It mentions the bot: the bot answers."];
const IGNORED = "1700000000.000999";

function messageAt(id: string, mentionsBot: boolean): Message {
  const message = messageIn(placeOf("C1"), id);
  const call = { ...message.call, mentionsBot, startsPlace: false };
  return { ...message, id: id as MessageId, platform: "slack", call };
}

/** The bot, and what its platform finds. */
function depsOf(found: Looked | Error | undefined): ExplainingDeps {
  const { store, audit } = world.bench;
  const find = async () => {
    if (found instanceof Error) throw found;
    return found;
  };
  const rules = { dm: true, channels: "mentions", overrides: new Map() } as const;
  return {
    ...world.deps,
    store,
    recorder: createRecorder({ audit, clock: world.clock }),
    rules: () => rules,
    find,
  };
}
const told = (found: Looked | Error | undefined, link: string, as: Viewer = ROOT) =>
  explain(depsOf(found), as, link);
const decides = ({ rules }: { rules: readonly { says: string; outcome: string }[] }) =>
  rules.filter(({ outcome }) => outcome === "decides").map(({ says }) => says);

beforeEach(async () => {
  world = adminWorld();
  await world.ask({ channel: "C1", name: "support", question: "Where is order 17?", answer: "On its way." });
  await world.ask({ channel: "C1", name: "support", question: "And order 18?" });
});
afterEach(() => world.bench.close());

describe("an explanation", () => {
  it("is of a turn by its number, also where no link to it is known", async () => {
    const found = await told({ message: messageAt(ASKED, true) }, "turn:1");
    expect(found).toMatchObject({ answered: true, turn: { id: 1 }, link: "turn:1" });
    expect(decides(found)).toEqual(MENTIONED);
    const unlinked = { ...depsOf(undefined), links: { ...world.deps.links, linkTo: () => undefined } };
    const asItCame = await explain(unlinked, ROOT, " TURN:1 ");
    expect(asItCame.rules.length).toBeGreaterThan(0);
    expect(asItCame.gaps.join()).toContain("no link to it is known. It is taken as it came");
    const board = viewer({ where: inChannel("C2"), reads: "content", private: true });
    for (const [link, as] of [
      ["turn:1", board],
      ["turn:99", ROOT],
    ] as const)
      await expect(told(undefined, link, as)).rejects.toThrow(
        /^There is no turn \d+, or it is not yours to see\.$/,
      );
  });

  it("of an answered message says by which rule, in which conversation, and what the model was given", async () => {
    const found = await told({ message: messageAt(ASKED, true) }, linkOf(ASKED));
    expect(decides(found)).toEqual(["It mentions the bot: the bot answers."]);
    expect(found).toMatchObject({ answered: true, given: { input: "in", heard: 0, earlierTurns: 0 } });
    expect(found.turn?.content).toMatchObject({ question: "Where is order 17?", answer: "On its way." });
    expect(found.conversation).toMatchObject({ channelName: "support", turns: 2 });
    const { rows } = await world.bench.audit.list({ limit: 9 });
    expect(rows).toMatchObject([{ what: "explain", content: linkOf(ASKED), rows: 1 }]);
  });

  it("of an answered message says whose messages it was given that were no questions to it, with links", async () => {
    const heard = [
      { id: "U7", name: "Ida" },
      { id: "U8", name: "Ada" },
    ];
    await world.ask({ channel: "C1", name: "support", id: "1700000000.000900", question: "Well?", heard });
    await world.bench.query(
      "UPDATE heard SET author = NULL, author_name = NULL, message_id = NULL WHERE author = 'U8'",
    );
    const { given } = await told({ missing: "gone" }, linkOf("1700000000.000900"));
    expect(given).toMatchObject({ heard: 2 });
    expect(given?.messages).toEqual([
      { userId: "U7", userName: "Ida", sentAt: expect.any(Number), link: linkOf("1700000000.000900") },
      { sentAt: expect.any(Number) },
    ]);
  });

  it("of an ignored message says why", async () => {
    const found = await told({ message: messageAt(IGNORED, false) }, linkOf(IGNORED));
    expect(found).toMatchObject({ answered: false, settings: {} });
    expect(found).not.toHaveProperty("turn");
    expect(decides(found)).toEqual([expect.stringMatching(/the bot does not answer/)]);
  });

  it("of a message that never came says that it would be answered", async () => {
    const found = await told({ message: messageAt(IGNORED, true) }, linkOf(IGNORED));
    expect(found.answered).toBe(false);
    expect(found.gaps).toEqual([expect.stringMatching(/it would be answered. The bot was not there/)]);
  });

  it("of a late, a failed, an open and a forgotten message says what is not known", async () => {
    const state = (set: string) => world.bench.query(`UPDATE turn SET ${set}, indexed = false WHERE id = 1`);
    const gone = { missing: "it was deleted" };
    await state("state = 'postponed'");
    const late = await told(gone, linkOf(ASKED));
    expect([late.answered, late.gaps]).toEqual([
      false,
      [
        "the message as it is now: it was deleted. It is taken as it came",
        expect.stringMatching(/whether the rules were the same/),
        expect.stringMatching(/it came so late/),
      ],
    ]);
    await state("state = 'failed', error = 'timeout: 60 s'");
    expect(await told(gone, linkOf(ASKED))).toMatchObject({ answered: false, turn: { error: "timeout" } });
    await state("state = 'calling', settled_at = NULL");
    expect((await told(gone, linkOf(ASKED))).gaps).toContainEqual(
      expect.stringMatching(/it waits, or is being answered/),
    );
    await state("state = 'done', settled_at = 1");
    const wish = await world.bench.erasure.wish({ conversation: { place: placeOf("C1"), generation: 1 } });
    if (wish !== "held") await world.bench.erasure.erase(wish);
    const forgotten = await told(gone, linkOf(ASKED));
    expect(forgotten.gaps).toContainEqual(expect.stringMatching(/it was forgotten/));
    expect(forgotten.given).not.toHaveProperty("input");
    expect(forgotten.rules).toEqual([]);
  });

  it("is given also where the platform cannot be asked, and beside the bot", async () => {
    const down = new PlatformRefusal("unavailable", "http_503", "down");
    const found = await told(down, linkOf(ASKED));
    expect([found.answered, decides(found), found.gaps[0]]).toEqual([
      true,
      MENTIONED,
      expect.stringMatching(/could not be asked.* It is taken as it came/),
    ]);
    const { find: _, ...beside } = depsOf(undefined);
    const here = await explain(beside, ROOT, linkOf(ASKED));
    expect([here.answered, decides(here), here.gaps]).toEqual([
      true,
      MENTIONED,
      [
        expect.stringMatching(/the running bot alone asks the platforms.* It is taken as it came/),
        expect.stringMatching(/as the configuration here has them/),
      ],
    ]);
    await expect(explain(beside, ROOT, linkOf(IGNORED))).rejects.toMatchObject({ code: "not_found" });
    await expect(told(undefined, "https://example.com/")).rejects.toMatchObject({ code: "link_invalid" });
  });

  it("is of the message that may be seen, where the link could be another's as well", async () => {
    const thread = "1700000000.000100";
    const link = `https://acme.slack.com/archives/C1/p${thread.replace(".", "")}`;
    await world.bench.query(
      `UPDATE turn SET message = json_set(message, '$.id', '${thread}'), indexed = false WHERE id = 1`,
    );
    const channel = "slack:T1:C1" as Place;
    await world.ask({ channel: "C1", place: channel, question: "In the channel", id: thread });
    const grant = {
      where: { kind: "word", field: "place", values: [channel] },
      reads: "content",
      private: true,
    } as const;
    const found = await told({ missing: "it was deleted" }, link, viewer(grant));
    expect(found.turn?.content?.question).toBe("In the channel");
    expect((await told({ missing: "it was deleted" }, link)).turn?.content?.question).toBe(
      "Where is order 17?",
    );
  });

  it("tells nobody of what lies outside their grant, nor what was said where they may not read it", async () => {
    // They see something of the workspace, so that its links are read for them.
    await world.ask({ channel: "C9", question: "Else?" });
    const elsewhere = viewer({ where: inChannel("C9"), reads: "content", private: true });
    for (const [message, link] of [
      [messageAt(ASKED, true), linkOf(ASKED)],
      [messageAt(IGNORED, false), linkOf(IGNORED)],
    ] as const)
      await expect(told({ message }, link, elsewhere)).rejects.toMatchObject({ code: "not_found" });
    const metadata = viewer({ where: inChannel("C1"), reads: "metadata", private: false });
    const found = await told({ message: messageAt(ASKED, true) }, linkOf(ASKED), metadata);
    expect(found.given).toEqual({ heard: 0, messages: [], earlierTurns: 0 });
    expect(found.turn).not.toHaveProperty("content");
    expect(JSON.stringify(found)).not.toContain("order 17");
  });
});
