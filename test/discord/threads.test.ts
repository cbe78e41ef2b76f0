import { describe, expect, test } from "vitest";
import { draft, final, postKey, refusal } from "../contracts/platform-bench.ts";
import { type Bench, own, POSTS, sent, startBench } from "./kit.ts";

const THREADS = /^POST .*\/threads$/;

describe("with a thread for each question", () => {
  const threaded = (options = {}) => startBench({ config: { reply: "thread" }, twin: options });
  const question = async (bench: Bench, content: string) =>
    bench.heard(bench.twin.say({ channel: bench.channel, user: bench.person, content }));
  const mention = ({ twin }: Bench) => `<@${twin.bot.id}>`;

  test("the first post opens the thread on the question, and later messages there have the same place", async () => {
    await using bench = await threaded();
    const asked = await question(bench, `${mention(bench)} What is a\npatch cord?`);
    expect(asked.call).toMatchObject({ mentionsBot: true, inThread: false, startsPlace: true });

    const id = await bench.platform.post(
      asked.place,
      { ...draft("A cable."), replyTo: asked.id },
      postKey(0),
    );
    await bench.platform.post(asked.place, draft("More."), postKey(1));
    await bench.platform.edit(asked.place, id, final("A short cable."));
    expect(own(bench, asked.id).map(({ content }) => content)).toEqual(["A short cable.", "More."]);
    expect(sent(bench.twin, THREADS).map(({ body }) => body)).toEqual([{ name: "What is a patch cord?" }]);
    expect(own(bench, bench.channel)).toEqual([]);
    expect(sent(bench.twin, POSTS)[0]?.body).not.toHaveProperty("message_reference");

    const followUp = await bench.heard(
      bench.twin.say({ channel: asked.id, user: bench.person, content: "and then?" }),
    );
    expect(followUp.place).toBe(asked.place);
    expect(followUp.call).toMatchObject({ inThread: true, startsPlace: false });
    expect(followUp.where).toMatchObject({
      channelId: bench.channel,
      channelName: "general",
      threadId: asked.id,
      threadName: "What is a patch cord?",
    });
  });

  test("a thread that somebody opened already is taken", async () => {
    await using bench = await threaded();
    const asked = await question(bench, `${mention(bench)} hello`);
    bench.twin.addThread({ channel: bench.channel, name: "Theirs", message: asked.id });
    await bench.platform.post(asked.place, { ...draft("hi"), replyTo: asked.id }, postKey(0));
    expect(own(bench, asked.id)).toHaveLength(1);
  });

  test("two first posts at once open one thread", async () => {
    await using bench = await threaded();
    const asked = await question(bench, `${mention(bench)} hello`);
    const post = () => bench.platform.post(asked.place, { ...draft("hi"), replyTo: asked.id }, postKey(0));
    const ids = await Promise.all([post(), post()]);
    expect(own(bench, asked.id).map(({ id }) => id)).toEqual([...new Set(ids)]);
  });

  test("a first post of a process that died long ago is found in the thread", async () => {
    await using bench = await threaded({ nonceMs: 0 });
    const asked = await question(bench, `${mention(bench)} hello`);
    const page = { ...draft("hi"), replyTo: asked.id };
    const id = await bench.platform.post(asked.place, page, postKey(0));
    await bench.platform.post(asked.place, draft("more"), postKey(1));
    expect(await bench.platform.post(asked.place, page, postKey(0, { repeated: true }))).toBe(id);
    expect(own(bench, asked.id)).toHaveLength(2);
  });

  test("a question that is gone cannot be answered", async () => {
    await using bench = await threaded();
    const asked = await question(bench, `${mention(bench)} hello`);
    bench.twin.delete(bench.channel, asked.id);
    const told = await refusal(bench.platform.post(asked.place, draft("hi"), postKey(0)));
    expect([told.kind, told.code]).toEqual(["unreachable", "discord_10003"]);
  });

  test("where the bot may open no threads, the refusal says so", async () => {
    await using bench = await threaded();
    bench.twin.grant((1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 38n));
    const asked = await question(bench, `${mention(bench)} hello`);
    const told = await refusal(bench.platform.post(asked.place, draft("hi"), postKey(0)));
    expect([told.kind, told.code]).toEqual(["unreachable", "discord_50013"]);
  });

  test("a question without words gets a thread all the same", async () => {
    await using bench = await threaded();
    const asked = await question(bench, mention(bench));
    await bench.platform.post(asked.place, { ...draft("Yes?"), replyTo: asked.id }, postKey(0));
    expect(sent(bench.twin, THREADS).map(({ body }) => body)).toEqual([{ name: "Question" }]);
  });
});
