import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { addMessage, chronological, getMessages, withoutRepeats } from "../../src/telnyx/messages.ts";
import { fakeApi } from "./api.ts";

const ID = "6a09cdc3-8948-47f0-aa62-74ac943d6c58";
const at = (second: number, fraction = "000") =>
  `2026-11-22T10:00:${String(second).padStart(2, "0")}.${fraction}Z`;
const message = (text: string, created_at?: string, more = {}) => ({
  role: "user",
  text,
  created_at,
  ...more,
});

/** Pages of `size`, whatever was asked for, counted in `meta`. */
function paged(messages: readonly unknown[], size: number, meta = true) {
  return fakeApi((_, query) => {
    const number = Number(query.get("page[number]"));
    const data = messages.slice((number - 1) * size, number * size);
    const total_pages = Math.ceil(messages.length / size);
    const counts = { total_pages, total_results: messages.length, page_number: number, page_size: size };
    return meta ? { data, meta: counts } : { data };
  });
}

const texts = async (api: ReturnType<typeof fakeApi>) => (await getMessages(api, ID)).map(({ text }) => text);

describe("getMessages", () => {
  const ten = Array.from({ length: 10 }, (_, i) => message(`m${i}`, at(i)));
  const names = ten.map(({ text }) => text);

  test("reads the pages that meta counts, not those that were asked for", async () => {
    const api = paged(ten, 3);
    expect(await texts(api)).toEqual(names);
    expect(api.calls.map(({ path }) => path)).toEqual(
      [1, 2, 3, 4].map((n) => `/ai/conversations/${ID}/messages?page%5Bsize%5D=100&page%5Bnumber%5D=${n}`),
    );
    expect(api.calls[0]).toMatchObject({ method: "GET", notFound: "conversation_gone" });
  });

  test("reads to an empty page where there is no meta", async () => {
    const api = paged(ten, 4, false);
    expect(await texts(api)).toEqual(names);
    expect(api.calls).toHaveLength(4);
  });

  test("reads an empty conversation with one call", async () => {
    const api = paged([], 20);
    expect(await texts(api)).toEqual([]);
    expect(api.calls).toHaveLength(1);
  });

  test("goes on when the conversation grows while it is read", async () => {
    const growing = [...ten];
    const api = fakeApi((_, query) => {
      const number = Number(query.get("page[number]"));
      if (number === 2) growing.unshift(message("new", at(30)));
      return {
        data: growing.slice((number - 1) * 5, number * 5),
        meta: { total_pages: Math.ceil(growing.length / 5) },
      };
    });
    // Newest first: what is added moves the rest on, so that m4 comes twice, and "new" is for the next reading.
    expect(await texts(api)).toEqual(names);
  });

  test("keeps what the parts are: role, text or nothing, time, metadata", async () => {
    const api = paged(
      [
        { role: "assistant", text: null, tool_calls: [{ id: "c" }], created_at: at(2), sent_at: at(1) },
        { role: "system", text: "Be kind", metadata: { turn: 7, key: "k" } },
        { text: 4, metadata: [] },
      ],
      20,
    );
    expect(await getMessages(api, ID)).toEqual([
      { role: "assistant", text: "", sentAt: at(1), metadata: {} },
      { role: "system", text: "Be kind", metadata: { turn: 7, key: "k" } },
      { role: "", text: "", metadata: {} },
    ]);
  });

  test("fails on a list that never ends", async () => {
    const endless = fakeApi(() => ({ data: [message("m", at(1))], meta: { total_pages: 1e9 } }));
    await expect(getMessages(endless, ID)).rejects.toMatchObject({ code: "telnyx_unreadable" });
  });

  test("fails where there is no list", async () => {
    await expect(
      getMessages(
        fakeApi(() => ({})),
        ID,
      ),
    ).rejects.toMatchObject({ code: "telnyx_unreadable" });
  });
});

describe("withoutRepeats", () => {
  const same = message("yes", at(1));
  test("drops what another page had, and keeps what one page has twice", () => {
    expect(
      withoutRepeats([
        [same, message("a", at(2))],
        [same, message("b", at(3))],
      ]),
    ).toHaveLength(3);
    expect(withoutRepeats([[same, same]])).toHaveLength(2);
    expect(withoutRepeats([[same], [same, same], [same]])).toHaveLength(2);
  });

  test.each([
    ["role", { role: "assistant" }],
    ["text", { text: "no" }],
    ["time", { created_at: at(2) }],
    ["the person's time", { sent_at: at(2) }],
    ["tool calls", { tool_calls: [{ id: "c" }] }],
  ])("keeps those that differ in %s", (_, change) => {
    expect(withoutRepeats([[same], [{ ...same, ...change }]])).toHaveLength(2);
  });

  test("keeps what has no time: nobody can say that it is the same", () => {
    expect(withoutRepeats([[message("yes")], [message("yes")]])).toHaveLength(2);
  });
});

describe("chronological", () => {
  const order = (...messages: object[]) => chronological(messages as never).map(({ text }) => text);

  test("sorts by the person's time before the server's", () => {
    const late = message("said first, stored last", at(9), { sent_at: at(1) });
    expect(order(message("b", at(5)), late, message("c", at(7)))).toEqual([
      "said first, stored last",
      "b",
      "c",
    ]);
  });

  test("knows microseconds and other time zones", () => {
    const [a, b] = [message("a", at(1, "000123")), message("b", at(1, "0004"))];
    expect(order(b, a, message("z", "2026-11-22T09:59:59+00:00"))).toEqual(["z", "a", "b"]);
    expect(order(message("y", "2026-11-22T12:00:00.5+02:00"), a, message("x", at(0, "4")))).toEqual([
      "x",
      "y",
      "a",
    ]);
  });

  test("keeps the order of writing within a moment, from either end", () => {
    const turn = ["q", "a"].map((text) => message(text, at(2)));
    const first = message("first", at(1));
    expect(order(first, ...turn)).toEqual(["first", "q", "a"]);
    expect(order(...turn.toReversed(), first)).toEqual(["first", "q", "a"]);
    expect(order(...turn)).toEqual(["q", "a"]);
  });

  test("leaves what has no time beside its neighbour", () => {
    expect(order(message("b", at(2)), message("?"), message("c", at(3)), message("a", at(1)))).toEqual([
      "a",
      "b",
      "?",
      "c",
    ]);
  });

  property.prop([fc.array(fc.record({ second: fc.nat({ max: 5 }), text: fc.string() }), { maxLength: 12 })])(
    "keeps every message, in the order of time",
    (entries) => {
      const messages = entries.map(({ second, text }) => message(text, at(second)));
      const sorted = chronological(messages);
      expect(sorted.map(({ text }) => text).toSorted()).toEqual(messages.map(({ text }) => text).toSorted());
      const times = sorted.map(({ sentAt }) => sentAt!);
      expect(times).toEqual(times.toSorted());
    },
  );
});

describe("addMessage", () => {
  test("sends what it is given, with the key, and wants no answer", async () => {
    const api = fakeApi(() => undefined);
    const full = {
      role: "user",
      content: "hi",
      name: "Ann",
      sentAt: at(1),
      metadata: { n: 1, ok: true },
    } as const;
    await addMessage(api, ID, { ...full, key: "key-1" });
    expect(api.calls).toMatchObject([
      {
        method: "POST",
        path: `/ai/conversations/${ID}/message`,
        idempotencyKey: "key-1",
        notFound: "conversation_gone",
        body: `{"role":"user","content":"hi","name":"Ann","sent_at":"${at(1)}","metadata":{"n":1,"ok":true}}`,
      },
    ]);
    await addMessage(api, "a/b", { role: "system", content: "", key: "k" });
    expect(api.calls[1]).toMatchObject({
      path: "/ai/conversations/a%2Fb/message",
      body: '{"role":"system","content":""}',
    });
  });
});
