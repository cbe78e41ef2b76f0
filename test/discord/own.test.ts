import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { encodePlace, messageId } from "../../src/discord/place.ts";
import { draft, postKey } from "../contracts/platform-bench.ts";
import { type Bench, own, READS, sent, startBench } from "./kit.ts";

/** Long after what was posted: Discord has forgotten every nonce. */
const later = () => startBench({ twin: { nonceMs: 0 } });
const placeOf = ({ twin, channel }: Bench) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });
const ask = ({ twin, person, channel }: Bench, content = "question?") =>
  messageId(twin.say({ channel, user: person, content }));
const shown = (bench: Bench) => own(bench, bench.channel).map(({ content }) => content);

interface Turn {
  readonly turn: number;
  readonly question: MessageId;
}

/** Posts a page as the painter does: the first as a reply, the others after the one before. */
function post(
  bench: Bench,
  of: Turn,
  page: number,
  rest: { text: string; after?: MessageId; repeated?: boolean },
) {
  const { turn, question } = of;
  const { text, after, repeated = false } = rest;
  const key = { ...postKey(page, { turn, repeated }), ...(after === undefined ? {} : { after }) };
  return bench.platform.post(
    placeOf(bench),
    { ...draft(text), ...(page === 0 ? { replyTo: question } : {}) },
    key,
  );
}

describe("a later page that was posted and not heard of", () => {
  test("is found long after, among people's messages, and shows what it says now", async () => {
    await using bench = await later();
    const turn = { turn: 1, question: ask(bench) };
    const first = await post(bench, turn, 0, { text: "one" });
    ask(bench, "meanwhile");
    const lost = await post(bench, turn, 1, { text: "two", after: first });
    ask(bench, "and then?");
    expect(await post(bench, turn, 1, { text: "two, longer", after: first, repeated: true })).toBe(lost);
    expect(shown(bench)).toEqual(["one", "two, longer"]);
  });

  test("is posted when it was not: nothing of the turn before is taken for it", async () => {
    await using bench = await later();
    const earlier = { turn: 1, question: ask(bench) };
    const one = await post(bench, earlier, 0, { text: "earlier, one" });
    await post(bench, earlier, 1, { text: "earlier, two", after: one });
    const turn = { turn: 2, question: ask(bench, "and?") };
    const first = await post(bench, turn, 0, { text: "one" });
    const fresh = await post(bench, turn, 1, { text: "two", after: first, repeated: true });
    expect(await post(bench, turn, 1, { text: "two", after: first, repeated: true })).toBe(fresh);
    expect(shown(bench)).toEqual(["earlier, one", "earlier, two", "one", "two"]);
  });

  test("is found where it is the nudge, behind all pages", async () => {
    await using bench = await later();
    const turn = { turn: 1, question: ask(bench) };
    const first = await post(bench, turn, 0, { text: "one" });
    const last = await post(bench, turn, 1, { text: "two", after: first });
    const nudge = await post(bench, turn, -1, { text: "Done.", after: last });
    expect(await post(bench, turn, -1, { text: "Done.", after: last, repeated: true })).toBe(nudge);
    expect(shown(bench)).toEqual(["one", "two", "Done."]);
  });

  test("is not mistaken for a page of the turns that came after an offer to answer later", async () => {
    await using bench = await later();
    const offered = { turn: 1, question: ask(bench) };
    const offer = await post(bench, offered, 0, { text: "answer now?" });
    const other = { turn: 2, question: ask(bench, "and?") };
    const one = await post(bench, other, 0, { text: "other, one" });
    await post(bench, other, 1, { text: "other, two", after: one });
    await post(bench, offered, 1, { text: "two", after: offer, repeated: true });
    expect(shown(bench)).toEqual(["answer now?", "other, one", "other, two", "two"]);
  });

  test("after the third is found after the third", async () => {
    await using bench = await later();
    const turn = { turn: 1, question: ask(bench) };
    const ids: MessageId[] = [];
    for (const page of [0, 1, 2, 3]) {
      const after = ids.at(-1);
      ids.push(await post(bench, turn, page, { text: `page ${page}`, ...(after ? { after } : {}) }));
    }
    expect(await post(bench, turn, 3, { text: "page 3", after: ids[2]!, repeated: true })).toBe(ids[3]);
    expect(await post(bench, turn, 1, { text: "page 1", after: ids[0]!, repeated: true })).toBe(ids[1]);
    expect(shown(bench)).toHaveLength(4);
  });

  test("is found behind hundreds of messages, by a first page as well, within bounds", async () => {
    await using bench = await later();
    const turn = { turn: 1, question: ask(bench) };
    for (let index = 0; index < 250; index += 1) ask(bench, `talk ${index}`);
    const first = await post(bench, turn, 0, { text: "one" });
    for (let index = 0; index < 120; index += 1) ask(bench, `more ${index}`);
    const second = await post(bench, turn, 1, { text: "two", after: first });
    bench.twin.reset();
    expect(await post(bench, turn, 0, { text: "one", repeated: true })).toBe(first);
    expect(await post(bench, turn, 1, { text: "two", after: first, repeated: true })).toBe(second);
    expect(sent(bench.twin, READS)).toHaveLength(5);
    bench.twin.reset();
    for (let index = 0; index < 500; index += 1) ask(bench, `endless ${index}`);
    await post(bench, turn, 2, { text: "three", after: second, repeated: true });
    expect(sent(bench.twin, READS)).toHaveLength(5);
  });

  test("in a thread that hangs on the question is found too", async () => {
    await using bench = await startBench({ twin: { nonceMs: 0 }, config: { reply: "thread" } });
    const question = ask(bench);
    const asked = await bench.heard(question);
    const first = await bench.platform.post(asked.place, { ...draft("one"), replyTo: question }, postKey(0));
    const second = await bench.platform.post(asked.place, draft("two"), { ...postKey(1), after: first });
    const key = { ...postKey(1, { repeated: true }), after: first };
    expect(await bench.platform.post(asked.place, draft("two"), key)).toBe(second);
    expect(own(bench, question)).toHaveLength(2);
  });
});
