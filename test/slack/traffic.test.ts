import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import type { SlackConfig } from "../../src/slack/config.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { createTraffic } from "../../src/slack/traffic.ts";
import { final, postKey } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { answer, asker, growing, scene, stage, streamsOn } from "./stream-kit.ts";

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

describe("a reply that is posted in a channel has", () => {
  test("its share of a minute's edits, beside the replies that are edited already and have to end", async () => {
    const { clock, traffic, posted } = open();
    expect(traffic.editsFor("C1")).toBe(50);
    posted(1, "C1");
    traffic.edited(id(0), growing("One two"));
    expect(traffic.editsFor("C2")).toBe((50 - 1 - 1) / 2);
    // An ending is an edit less to come, and one more that was made.
    traffic.edited(id(0), final("One two."));
    expect(traffic.editsFor("C2")).toBe(50 - 2);
    await clock.advance(60_000);
    expect(traffic.editsFor("C2")).toBe(50);
  });

  test("none behind five posts of the last five seconds there, and all elsewhere", async () => {
    const { clock, traffic, posted } = open();
    posted(4, "C1", final("One."));
    expect(traffic.editsFor("C1")).toBe(50);
    posted(1, "C1", final("One."));
    expect([traffic.editsFor("C1"), traffic.editsFor("C2")]).toEqual([0, 50]);
    await clock.advance(5_000);
    expect(traffic.editsFor("C1")).toBe(50);
  });

  test("less beside posts that are not answered yet", () => {
    const { traffic, posted } = open();
    posted(4, "C1", final("One."));
    const answered = traffic.posting(place("C1"));
    expect([traffic.editsFor("C1"), traffic.editsFor("C2")]).toEqual([0, (50 - 1) / 2]);
    answered();
    expect(traffic.editsFor("C1")).toBe(50);
  });

  test("none where a minute's edits are needed for the endings of those that are live", () => {
    const { traffic } = open();
    for (let index = 0; index < 50; index += 1) traffic.posted(place(`C${index}`), id(index), growing("One"));
    expect(traffic.editsFor("C99")).toBe(0);
  });

  test("all again once drafts were left for half an hour", async () => {
    const { clock, traffic } = open();
    for (let index = 0; index < 50; index += 1) traffic.posted(place(`C${index}`), id(index), growing("One"));
    await clock.advance(1_799_999);
    expect(traffic.editsFor("C1")).toBe(0);
    await clock.advance(1);
    expect(traffic.editsFor("C1")).toBe(50);
  });
});

/** Replies that begin at once, and go on, each in a thread of a channel or a direct message of its own. */
async function begin(count: number, where: "channels" | "DMs", config: Partial<SlackConfig> = {}) {
  const { twin, slack, methods } = await stage(config, { limits: "documented" });
  const replies = Array.from({ length: count }, (_, turn) => {
    const user = twin.addUser({ name: `user${turn}` });
    const channel = where === "DMs" ? twin.openDm(user) : twin.addChannel({ name: `c${turn}` });
    const threadTs = twin.say({ channel, user, text: "a question" });
    return { at: encodePlace({ team: twin.team.id, channel, threadTs }), asker: user, turn };
  });
  await Promise.all(
    replies.map(({ at, turn, ...key }) =>
      slack.post(at, growing("One"), { ...postKey(0, { turn }), ...key }),
    ),
  );
  const began = (method: string) => methods().filter((one) => one === `chat.${method}`).length;
  return { streamed: began("startStream"), posted: began("postMessage") };
}

describe("of replies that begin at once", () => {
  test("in channels those are edited that have at least thirteen edits a minute, and the others are streamed", async () => {
    expect(await begin(1, "channels")).toEqual({ posted: 1, streamed: 0 });
    expect(await begin(3, "channels")).toEqual({ posted: 3, streamed: 0 });
    expect(await begin(10, "channels")).toEqual({ posted: 3, streamed: 7 });
  });

  test("in direct messages those are streamed that have at least half as many appends as an edited one would have edits", async () => {
    expect(await begin(4, "DMs")).toEqual({ posted: 0, streamed: 4 });
    expect(await begin(10, "DMs")).toEqual({ posted: 2, streamed: 8 });
  });

  test("all are edited with `edit`, and streamed with `native`", async () => {
    expect(await begin(10, "channels", { streaming: "native" })).toEqual({ posted: 0, streamed: 10 });
    expect(await begin(10, "channels", { streaming: "edit" })).toEqual({ posted: 10, streamed: 0 });
  });
});

test("a direct message is edited once most of the minute's appends are made", async () => {
  const { twin, place: at } = await scene();
  const streams = streamsOn(twin, fakeClock(), { mode: "auto" });
  const key = (turn: number) => ({ ...answer(twin, at), ...postKey(0, { turn }) });
  const message = await streams.start(at, growing("One"), key(0));
  const says = (times: number) => growing(`One${" more".repeat(times)}`);
  for (let times = 1; times <= 75; times += 1) await streams.show(message!, says(times));
  await streams.show(message!, final(`One${" more".repeat(75)}`));
  expect(streams.countsAs(at, growing("One"))).toBe("start");
  const next = await streams.start(at, growing("One"), key(1));
  await streams.show(next!, says(1));
  await streams.show(next!, final("One more"));
  expect(streams.countsAs(at, growing("One"))).toBe("post");
});

test("where a post would have to wait a reply is streamed, even if nothing can be appended to it for now", async () => {
  const { twin, place: at } = await scene({}, true);
  const streams = streamsOn(twin, fakeClock(), { mode: "auto" });
  for (let index = 0; index < 5; index += 1) streams.beside.posted(at, id(index), final("One."));
  const message = await streams.start(at, growing("One"), { ...answer(twin, at), ...postKey(0) });
  for (let times = 1; times <= 100; times += 1)
    await streams.show(message!, growing(`One${" more".repeat(times)}`));
  expect(streams.countsAs(at, growing("One"))).toBe("start");
});

test.each([
  { appends: 90, kind: "start" },
  { appends: 95, kind: "post" },
])(
  "beside five edited replies in channels, and after $appends appends, the next one is a $kind",
  async ({ appends, kind }) => {
    const { twin, place: at } = await scene({}, true);
    const clock = fakeClock();
    const streams = streamsOn(twin, clock, { mode: "auto" });
    for (let index = 0; index < 5; index += 1) streams.beside.posted(at, id(index), growing("One"));
    const message = await streams.start(at, growing("One"), { ...answer(twin, at), ...postKey(0) });
    const says = (times: number) => `One${" more".repeat(times)}`;
    for (let times = 1; times <= appends; times += 1) await streams.show(message!, growing(says(times)));
    await streams.show(message!, final(says(appends)));
    await clock.advance(5_000);
    // Of the edits 45 are left for six, which is seven and a half.
    expect(streams.countsAs(at, growing("One"))).toBe(kind);
  },
);

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
