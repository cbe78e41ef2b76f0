import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { encodePlace, messageId } from "../../src/discord/place.ts";
import { draft, final, postKey, refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import {
  adapterOn,
  answer,
  AT_REST,
  type Bench,
  EDITS,
  own,
  POSTS,
  READS,
  sent,
  startBench,
  strike,
} from "./kit.ts";

const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });
const ask = (bench: Bench, content = "question?") =>
  bench.twin.say({ channel: bench.channel, user: bench.person, content });

describe("a post", () => {
  test("carries its key as nonce, mentions nobody, shows no embeds and answers the question", async () => {
    await using bench = await startBench();
    const question = ask(bench);
    await bench.platform.post(placeOf(bench), { ...draft("hi"), replyTo: messageId(question) }, postKey(0));
    expect(sent(bench.twin, POSTS).map(({ body }) => body)).toEqual([
      {
        content: "hi",
        nonce: "contract-1-0",
        enforce_nonce: true,
        allowed_mentions: { parse: [], replied_user: false },
        flags: 4,
        message_reference: { message_id: question, fail_if_not_exists: false },
      },
    ]);
    expect(own(bench, bench.channel)).toMatchObject([{ content: "hi", replyTo: question, flags: 4 }]);
  });

  test("that calls somebody notifies them alone, and links to the answer", async () => {
    await using bench = await startBench();
    const link = "https://discord.com/channels/1/2/3";
    const nudge = { person: bench.person, link };
    await bench.platform.post(placeOf(bench), { ...final("Done."), nudge }, postKey(-1));
    expect(own(bench, bench.channel)).toMatchObject([{ content: `<@${bench.person}> [Done.](${link})` }]);
    const self = bench.twin.bot.id;
    expect(bench.twin.notifications.filter(({ authorId }) => authorId === self)).toMatchObject([
      { users: [bench.person], roles: [], everyone: false },
    ]);
    expect(bench.twin.unfurlings.filter(({ authorId }) => authorId === self)).toEqual([]);
  });

  test("is made though the question is gone", async () => {
    await using bench = await startBench();
    const question = ask(bench);
    bench.twin.delete(bench.channel, question);
    await bench.platform.post(placeOf(bench), { ...draft("hi"), replyTo: messageId(question) }, postKey(0));
    expect(own(bench, bench.channel)).toMatchObject([{ content: "hi" }]);
  });

  test("is made without the reply where the bot may not read the history", async () => {
    await using bench = await startBench({ twin: { permissions: (1n << 10n) | (1n << 11n) } });
    const question = ask(bench);
    await bench.platform.post(placeOf(bench), { ...draft("hi"), replyTo: messageId(question) }, postKey(0));
    const [shown, ...more] = own(bench, bench.channel);
    expect(more).toEqual([]);
    expect(shown).toMatchObject({ content: "hi" });
    expect(shown).not.toHaveProperty("replyTo");
  });

  test("whose answer was lost is known from the gateway, however long ago that was", async () => {
    await using bench = await startBench({ twin: { nonceMs: 0 } });
    strike(bench.twin, POSTS, { kind: "swallow" });
    await refusal(bench.platform.post(placeOf(bench), draft("lost"), postKey(1)));
    // What a person says next is heard after the bot's own message.
    await bench.heard(ask(bench, "and?"));
    const id = await bench.platform.post(placeOf(bench), draft("lost"), postKey(1));
    expect(own(bench, bench.channel).map((message) => message.id)).toEqual([id]);
  });

  test("of a process that died long ago is known by the question that it answers", async () => {
    await using bench = await startBench({ twin: { nonceMs: 0 } });
    const first = messageId(ask(bench, "first?"));
    const second = messageId(ask(bench, "second?"));
    const post = (text: string, replyTo: MessageId, turn: number) =>
      bench.platform.post(placeOf(bench), { ...draft(text), replyTo }, postKey(0, { turn }));
    const id = await post("two", second, 2);
    const other = await post("one", first, 1);
    const again = (replyTo: MessageId, turn: number) =>
      bench.platform.post(
        placeOf(bench),
        { ...draft("again"), replyTo },
        postKey(0, { turn, repeated: true }),
      );
    expect(await again(second, 2)).toBe(id);
    expect(await again(first, 1)).toBe(other);
    expect(own(bench, bench.channel)).toHaveLength(2);
  });

  test("that was made by an earlier attempt shows what the page says now", async () => {
    await using bench = await startBench();
    const question = messageId(ask(bench));
    const page = (text: string) => ({ ...draft(text), replyTo: question });
    const shown = () => own(bench, bench.channel).map(({ id, content }) => [id, content]);
    strike(bench.twin, POSTS, { kind: "swallow" });
    await refusal(bench.platform.post(placeOf(bench), page("It is"), postKey(0)));
    const id = await bench.platform.post(placeOf(bench), page("It is a cable."), postKey(0));
    expect(shown()).toEqual([[id, "It is a cable."]]);

    const key = postKey(0, { repeated: true });
    strike(bench.twin, EDITS, answer(500, { message: "500", code: 0 }));
    await refusal(bench.platform.post(placeOf(bench), page("It is a short cable.\n"), key));
    await bench.platform.post(placeOf(bench), page("It is a short cable.\n"), key);
    await bench.platform.post(placeOf(bench), page("It is a short cable.\n"), key);
    expect(shown()).toEqual([[id, "It is a short cable."]]);
    expect(sent(bench.twin, EDITS)).toHaveLength(3);

    await bench.platform.post(placeOf(bench), draft("Without a question."), postKey(1));
    await bench.platform.post(placeOf(bench), draft("By the nonce."), postKey(1, { repeated: true }));
    expect(shown().map(([, content]) => content)).toEqual(["It is a short cable.", "By the nonce."]);
  });

  test("that may have been made before is made when it was not", async () => {
    await using bench = await startBench();
    const question = messageId(ask(bench));
    bench.twin.say({ channel: bench.channel, user: bench.person, content: "meanwhile", replyTo: question });
    const key = postKey(0, { repeated: true });
    const id = await bench.platform.post(placeOf(bench), { ...draft("hi"), replyTo: question }, key);
    expect(own(bench, bench.channel).map((message) => message.id)).toEqual([id]);
  });

  test("goes on after a token was refused once", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    strike(bench.twin, POSTS, answer(401, { message: "401: Unauthorized", code: 0 }));
    const post = () => bench.platform.post(placeOf(bench), draft("hi"), postKey(0));
    expect((await refusal(post())).kind).toBe("unauthorized");
    await clock.advance(1_000);
    await until("the token is taken again", () => bench.conditions.at(-1)?.kind === "listening");
    const id = await post();
    expect(own(bench, bench.channel).map((message) => message.id)).toEqual([id]);
  });

  test("to a person who takes no direct messages is unreachable", async () => {
    await using bench = await startBench();
    const dm = bench.twin.openDm(bench.person);
    bench.twin.acceptDms(bench.person, false);
    const told = await refusal(
      bench.platform.post(encodePlace({ kind: "dm", channel: dm }), draft("hi"), postKey(0)),
    );
    expect([told.kind, told.code]).toEqual(["unreachable", "discord_50007"]);
  });

  test("before the start is refused", async () => {
    await using bench = await startBench();
    const { platform } = adapterOn(bench.twin);
    expect((await refusal(platform.post(placeOf(bench), draft("hi"), postKey(0)))).kind).toBe("unavailable");
  });
});

describe("an edit", () => {
  test("mentions nobody and shows no embeds", async () => {
    await using bench = await startBench();
    const id = await bench.platform.post(placeOf(bench), draft("hi"), postKey(0));
    await bench.platform.edit(placeOf(bench), id, final("@everyone see https://example.com"));
    expect(sent(bench.twin, EDITS).map(({ body }) => body)).toEqual([
      {
        content: "@\u200aeveryone see https://example.com",
        allowed_mentions: { parse: [], replied_user: false },
        flags: 4,
        components: [],
        attachments: [],
      },
    ]);
    expect(bench.twin.notifications).toEqual([]);
    expect(own(bench, bench.channel)[0]?.embeds).toEqual([]);
  });

  test("takes a thread out of the archive", async () => {
    await using bench = await startBench();
    const thread = bench.twin.addThread({ channel: bench.channel, name: "Old" });
    const place = encodePlace({ kind: "thread", guild: bench.twin.guild.id, parent: bench.channel, thread });
    const id = await bench.platform.post(place, draft("hi"), postKey(0));
    bench.twin.changeChannel(thread, { archived: true });
    await bench.platform.edit(place, id, final("done"));
    expect(own(bench, thread)).toMatchObject([{ content: "done" }]);
    expect(bench.twin.channels().find((channel) => channel.id === thread)?.archived).toBe(false);
  });

  test("in a locked thread is unreachable, and tried once", async () => {
    await using bench = await startBench();
    const thread = bench.twin.addThread({ channel: bench.channel, name: "Old" });
    const place = encodePlace({ kind: "thread", guild: bench.twin.guild.id, parent: bench.channel, thread });
    const id = await bench.platform.post(place, draft("hi"), postKey(0));
    bench.twin.changeChannel(thread, { archived: true, locked: true });
    expect((await refusal(bench.platform.edit(place, id, final("done")))).kind).toBe("unreachable");
    expect(sent(bench.twin, EDITS)).toHaveLength(1);
  });

  test("is not repeated by discord.js", async () => {
    await using bench = await startBench();
    const id = await bench.platform.post(placeOf(bench), draft("hi"), postKey(0));
    strike(bench.twin, EDITS, answer(500, { message: "500: Internal Server Error", code: 0 }), 4);
    expect((await refusal(bench.platform.edit(placeOf(bench), id, final("x")))).kind).toBe("unavailable");
    expect(sent(bench.twin, EDITS)).toHaveLength(1);
  });
});

test("an answer that never comes is given up after the time limit, and what is in doubt is looked for", async () => {
  const clock = fakeClock();
  await using bench = await startBench({ clock });
  const question = messageId(ask(bench));
  strike(bench.twin, POSTS, { kind: "stall" });
  const page = { ...draft("hi"), replyTo: question };
  const attempt = refusal(bench.platform.post(placeOf(bench), page, postKey(0)));
  await until("the post was sent", () => sent(bench.twin, POSTS).length === 1);
  await clock.advance(15_000);
  expect((await attempt).kind).toBe("unavailable");
  const began = performance.now();
  const id = await bench.platform.post(placeOf(bench), page, postKey(0));
  expect(sent(bench.twin, READS)).toHaveLength(1);
  expect(own(bench, bench.channel).map((message) => message.id)).toEqual([id]);
  expect(clock.sleeping()).toBe(AT_REST);
  // discord.js gives the first attempt up after 15 s of real time: it does not hold up its channel for as long.
  expect(performance.now() - began).toBeLessThan(12_000);
});
