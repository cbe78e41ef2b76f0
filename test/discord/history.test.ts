import { describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { encodePlace, messageId } from "../../src/discord/place.ts";
import { draft, postKey, refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { answer, type Bench, READS, sent, startBench, strike } from "./kit.ts";

const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });
const sayIn = ({ twin, person }: Bench, channel: string, content: string, type?: number) =>
  twin.say({ channel, user: person, content, ...(type === undefined ? {} : { type }) });

describe("history", () => {
  test("of a channel goes back as far as it is asked to, over several requests", async () => {
    await using bench = await startBench();
    const said = Array.from({ length: 230 }, (_, index) => `message ${index}`);
    const ids = said.map((text) => sayIn(bench, bench.channel, text));
    const before = messageId(ids.at(-1)!);
    const read = (limit: number, after?: string) =>
      bench.platform.history!(placeOf(bench), { before, limit, ...(after && { after: messageId(after) }) });

    expect(texts(await read(205))).toEqual(said.slice(24, 229));
    expect(sent(bench.twin, READS)).toHaveLength(3);
    expect(texts(await read(500, ids[120]))).toEqual(said.slice(121, 229));
    expect(texts(await read(500))).toEqual(said.slice(0, 229));
    expect(await read(0)).toEqual([]);
  });

  test("passes over what nobody said, but not for ever", async () => {
    await using bench = await startBench();
    sayIn(bench, bench.channel, "out of reach");
    for (let index = 0; index < 400; index += 1) sayIn(bench, bench.channel, "", 7);
    sayIn(bench, bench.channel, "within reach");
    for (let index = 0; index < 60; index += 1) sayIn(bench, bench.channel, "", 7);
    const before = messageId(sayIn(bench, bench.channel, "now"));
    const read = (limit: number) => bench.platform.history!(placeOf(bench), { before, limit });
    expect(texts(await read(10))).toEqual(["within reach"]);
    expect(sent(bench.twin, READS)).toHaveLength(5);
  });

  test("of a thread begins with the message that it hangs on", async () => {
    await using bench = await startBench();
    const { twin, channel, platform } = bench;
    const starter = sayIn(bench, channel, "the question");
    sayIn(bench, channel, "beside it");
    const thread = twin.addThread({ channel, name: "Thread", message: starter });
    const first = sayIn(bench, thread, "first");
    const { place, id } = await bench.heard(sayIn(bench, thread, "now"));

    const all = await platform.history!(place, { before: id, limit: 10 });
    expect(texts(all)).toEqual(["the question", "first"]);
    expect(all.map((message) => [message.id, message.key, message.place])).toEqual([
      [starter, `discord:${channel}:${starter}`, place],
      [first, `discord:${thread}:${first}`, place],
    ]);
    expect(texts(await platform.history!(place, { before: id, limit: 1 }))).toEqual(["first"]);
    expect(
      texts(await platform.history!(place, { before: id, limit: 10, after: messageId(starter) })),
    ).toEqual(["first"]);
    expect(await platform.history!(place, { before: messageId(starter), limit: 10 })).toEqual([]);

    twin.delete(channel, starter);
    const later = (await bench.heard(sayIn(bench, thread, "later"))).id;
    expect(texts(await platform.history!(place, { before: later, limit: 10 }))).toEqual(["first", "now"]);
  });

  test("asks for nothing but the thread's messages, whether it hangs on one or not", async () => {
    await using bench = await startBench();
    const { twin, channel, platform } = bench;
    const starter = sayIn(bench, channel, "the question");
    const threads = [
      twin.addThread({ channel, name: "Hangs", message: starter }),
      twin.addThread({ channel, name: "Loose" }),
    ];
    for (const thread of threads) {
      const { place, id } = await bench.heard(sayIn(bench, thread, "now"));
      await platform.history!(place, { before: id, limit: 10 });
    }
    expect(sent(twin, /^GET .*\/messages/)).toHaveLength(2);
  });

  test("of a forum's post begins with the post, once", async () => {
    await using bench = await startBench();
    const { twin, person, platform } = bench;
    const forum = twin.addChannel({ name: "questions", kind: "forum" });
    const post = twin.postInForum({ forum, user: person, title: "Cords", content: "Which one?" });
    const { place, id } = await bench.heard(sayIn(bench, post, "Anyone?"));
    expect(texts(await platform.history!(place, { before: id, limit: 10 }))).toEqual(["Which one?"]);
  });

  test("of a thread that hangs on nothing has no beginning but its own", async () => {
    await using bench = await startBench();
    const thread = bench.twin.addThread({ channel: bench.channel, name: "Loose" });
    sayIn(bench, thread, "first");
    const { place, id } = await bench.heard(sayIn(bench, thread, "now"));
    expect(texts(await bench.platform.history!(place, { before: id, limit: 10 }))).toEqual(["first"]);
  });

  test("of a thread that is to be opened is empty, and asks for nothing", async () => {
    await using bench = await startBench({ config: { reply: "thread" } });
    const { place, id } = await bench.heard(sayIn(bench, bench.channel, "question"));
    expect(await bench.platform.history!(place, { before: id, limit: 10 })).toEqual([]);
    expect(sent(bench.twin, READS)).toEqual([]);
  });

  test("of a direct message has both sides", async () => {
    await using bench = await startBench();
    const dm = bench.twin.openDm(bench.person);
    const { place } = await bench.heard(sayIn(bench, dm, "hello"));
    await bench.platform.post(place, draft("hi"), postKey(0));
    const { id } = await bench.heard(sayIn(bench, dm, "more"));
    const told = await bench.platform.history!(place, { before: id, limit: 10 });
    expect(told.map(({ text, author }) => [text, author.kind])).toEqual([
      ["hello", "person"],
      ["hi", "self"],
    ]);
  });

  test("of a channel that the bot cannot see any more is refused", async () => {
    await using bench = await startBench();
    const before = messageId(sayIn(bench, bench.channel, "now"));
    bench.twin.deleteChannel(bench.channel);
    const told = await refusal(bench.platform.history!(placeOf(bench), { before, limit: 5 }));
    expect(told.kind).toBe("unreachable");
  });

  test("goes on after a token was refused once", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    sayIn(bench, bench.channel, "first");
    const before = messageId(sayIn(bench, bench.channel, "now"));
    strike(bench.twin, READS, answer(401, { message: "401: Unauthorized", code: 0 }));
    const read = () => bench.platform.history!(placeOf(bench), { before, limit: 5 });
    expect((await refusal(read())).kind).toBe("unauthorized");
    await clock.advance(1_000);
    await until("the token is taken again", () => bench.conditions.at(-1)?.kind === "listening");
    expect(texts(await read())).toEqual(["first"]);
  });
});
