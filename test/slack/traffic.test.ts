import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { createTraffic } from "../../src/slack/traffic.ts";
import { final, postKey } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { asker, growing, stage } from "./stream-kit.ts";

const place = (channel: string) => encodePlace({ team: "T1", channel, threadTs: "1.000001" });
const id = (index: number) => `${index}.000001` as MessageId;

function open() {
  const clock = fakeClock();
  const traffic = createTraffic(clock);
  const posted = (count: number, channel: string, page = growing("One")) => {
    for (let index = 0; index < count; index += 1)
      traffic.posted(place(channel), id(clock.monotonic() + index), page);
  };
  return { clock, traffic, posted };
}

describe("a reply that is posted in a channel would have to wait", () => {
  test("behind five posts of the last five seconds there, and nowhere else", async () => {
    const { clock, traffic, posted } = open();
    posted(4, "C1", final("One."));
    expect(traffic.isShort("C1")).toBe(false);
    posted(1, "C1", final("One."));
    expect([traffic.isShort("C1"), traffic.isShort("C2")]).toEqual([true, false]);
    await clock.advance(5_000);
    expect(traffic.isShort("C1")).toBe(false);
  });

  test("where a minute's edits are made, or needed for the endings of those that are live", async () => {
    const { clock, traffic } = open();
    for (let index = 0; index < 30; index += 1) traffic.posted(place(`C${index}`), id(index), growing("One"));
    await clock.advance(5_000);
    for (let index = 0; index < 19; index += 1) traffic.edited(id(0), growing("One two"));
    expect(traffic.isShort("C1")).toBe(false);
    traffic.edited(id(0), growing("One two three"));
    expect(traffic.isShort("C1")).toBe(true);
    // An ending is an edit less to come, and one more that was made.
    traffic.edited(id(0), final("One two three."));
    expect(traffic.isShort("C1")).toBe(true);
    await clock.advance(60_000);
    expect(traffic.isShort("C1")).toBe(false);
  });

  test("not for drafts that were left half an hour ago", async () => {
    const { clock, traffic } = open();
    for (let index = 0; index < 50; index += 1) traffic.posted(place(`C${index}`), id(index), growing("One"));
    await clock.advance(1_799_999);
    expect(traffic.isShort("C1")).toBe(true);
    await clock.advance(1);
    expect(traffic.isShort("C1")).toBe(false);
  });
});

describe("in a channel's threads", () => {
  test("replies that would have to wait are streamed, and no others", async () => {
    const { twin, slack, methods } = await stage({}, { limits: "documented" }, true);
    const channel = twin.addChannel({ name: "busy" });
    const kinds: (string | undefined)[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const threadTs = twin.say({ channel, user: asker(twin), text: "a question" });
      const at = encodePlace({ team: twin.team.id, channel, threadTs });
      kinds.push(slack.countsAs!(at, growing("One")));
      const message = await slack.post(at, growing("One"), {
        ...postKey(0, { turn }),
        asker: asker(twin),
      });
      await slack.edit(at, message, final("One two."));
    }
    expect(kinds).toEqual(["post", "post", "post", "post", "post", "start", "start"]);
    expect(methods().slice(-4)).toEqual([
      "chat.startStream",
      "chat.stopStream",
      "chat.startStream",
      "chat.stopStream",
    ]);
    expect(twin.calls.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("whatever is short, `edit` streams nothing", async () => {
    const { twin, slack, methods } = await stage({ streaming: "edit" }, {}, true);
    const channel = twin.addChannel({ name: "busy" });
    for (let turn = 0; turn < 7; turn += 1) {
      const threadTs = twin.say({ channel, user: asker(twin), text: "a question" });
      const at = encodePlace({ team: twin.team.id, channel, threadTs });
      await slack.post(at, growing("One"), { ...postKey(0, { turn }), asker: asker(twin) });
    }
    expect(new Set(methods())).toEqual(new Set(["chat.postMessage"]));
  });
});
