import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createPages } from "../../src/slack/pages.ts";
import { encodePlace } from "../../src/slack/place.ts";
import type { Streams } from "../../src/slack/streams.ts";
import { draft, final, postKey, refusal } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeWeb, self } from "./kit.ts";

const thread = encodePlace({ team: "T1", channel: "C1", threadTs: "1700000000.000100" });
const answer = { ...draft("x"), replyTo: "1700000000.000900" as MessageId };
const mark = (key: string) => ({ event_type: "patchcord_page", event_payload: { key } });
const unavailable = () => Promise.reject(new PlatformRefusal("unavailable", "slack_http_500", "500"));
const limited = () =>
  Promise.reject(new PlatformRefusal("rate_limited", "slack_ratelimited", "429", { retryAfterMs: 1 }));

const NO_STREAMS: Streams = {
  countsAs: () => "edit",
  beside: { posting: () => () => {}, posted: () => {}, edited: () => {} },
  start: async () => undefined,
  show: async () => false,
  end: async () => undefined,
  close: async () => undefined,
};

function open(answers: Parameters<typeof fakeWeb>[0]) {
  const web = fakeWeb(answers);
  return {
    web,
    pages: createPages({ web, self, clock: fakeClock(), streams: NO_STREAMS }),
    methods: () => web.calls.map(({ method }) => method),
  };
}

describe("a post", () => {
  test("says everything that Slack must know, and looks for nothing", async () => {
    const { web, pages } = open({ "chat.postMessage": () => ({ ts: "1700000001.000100" }) });
    expect(await pages.post(thread, draft("**Hi**"), postKey(0))).toBe("1700000001.000100");
    expect(web.calls).toEqual([
      {
        method: "chat.postMessage",
        args: {
          channel: "C1",
          thread_ts: "1700000000.000100",
          text: "Hi",
          blocks: [{ type: "markdown", text: "**Hi**" }],
          parse: "none",
          link_names: false,
          unfurl_links: false,
          unfurl_media: false,
          metadata: mark("contract-1-0"),
        },
      },
    ]);
  });

  test("that calls somebody mentions them, and links to the answer", async () => {
    const { web, pages } = open({ "chat.postMessage": () => ({ ts: "1700000001.000100" }) });
    const link = "https://acme.slack.com/archives/C1/p1700000000000900?thread_ts=1700000000.000100&cid=C1";
    await pages.post(thread, { ...final("Done."), nudge: { person: "U7", link } }, postKey(-1));
    await pages.post(thread, { ...final("Done."), nudge: { person: "U8" } }, postKey(-1, { turn: 2 }));
    const said = web.calls.map(({ args }) => [args?.["text"], args?.["blocks"], args?.["parse"]]);
    const escaped = link.replace("&", "&amp;");
    expect(said).toEqual([
      [`<@U7> <${escaped}|Done.>`, undefined, "none"],
      ["<@U8> Done.", undefined, "none"],
    ]);
  });

  test("that may have been made is looked for from the question on, on every page of the answer", async () => {
    const first = Array.from({ length: 200 }, (_, index) => ({
      ts: `1700000001.${100_000 + index}`,
      user: "U1",
    }));
    const found = { ts: "1700000002.000100", user: "U0BOT", metadata: mark("contract-1-0") };
    const { web, pages, methods } = open({
      "conversations.replies": ({ cursor }) =>
        cursor === "next"
          ? { messages: [found] }
          : { messages: first, response_metadata: { next_cursor: "next" } },
    });
    expect(await pages.post(thread, answer, postKey(0, { repeated: true }))).toBe("1700000002.000100");
    expect(methods()).toEqual(["conversations.replies", "conversations.replies"]);
    expect(web.calls[0]?.args).toMatchObject({
      channel: "C1",
      ts: "1700000000.000100",
      oldest: "1700000000.000900",
      include_all_metadata: true,
      limit: 200,
    });
  });

  test("of somebody else with the same mark is not taken for it", async () => {
    const { pages, methods } = open({
      "conversations.replies": () => ({
        messages: [
          { ts: "1700000001.000100", user: "U7", metadata: mark("contract-1-0") },
          { ts: "1700000001.000200", user: "U0BOT", metadata: mark("contract-1-1") },
          {
            ts: "1700000001.000300",
            user: "U0BOT",
            metadata: { event_type: "other", event_payload: { key: "contract-1-0" } },
          },
        ],
      }),
      "chat.postMessage": () => ({ ts: "1700000009.000100" }),
    });
    expect(await pages.post(thread, answer, postKey(0, { repeated: true }))).toBe("1700000009.000100");
    expect(methods()).toEqual(["conversations.replies", "chat.postMessage"]);
  });

  test("stays unsure as long as the search for it is refused", async () => {
    const { pages, methods } = open({
      "chat.postMessage": (_, count) => (count === 1 ? unavailable() : { ts: "1700000009.000100" }),
      "conversations.replies": (_, count) => (count === 1 ? limited() : { messages: [] }),
    });
    const post = () => pages.post(thread, draft("x"), postKey(0));
    expect((await refusal(post())).kind).toBe("unavailable");
    expect((await refusal(post())).kind).toBe("rate_limited");
    expect(await post()).toBe("1700000009.000100");
    expect(methods()).toEqual([
      "chat.postMessage",
      "conversations.replies",
      "conversations.replies",
      "chat.postMessage",
    ]);
  });

  test("that was refused needs no search the next time", async () => {
    const { pages, methods } = open({
      "chat.postMessage": (_, count) => (count === 1 ? limited() : { ts: "1700000009.000100" }),
    });
    await refusal(pages.post(thread, draft("x"), postKey(0)));
    await pages.post(thread, draft("x"), postKey(0));
    expect(methods()).toEqual(["chat.postMessage", "chat.postMessage"]);
  });

  test("whose answer has no ts is unsure", async () => {
    const { pages } = open({ "chat.postMessage": () => ({}) });
    expect((await refusal(pages.post(thread, draft("x"), postKey(0)))).kind).toBe("unavailable");
  });

  test("is looked for no longer than there are messages, though a broken answer says there are more", async () => {
    const { pages, methods } = open({
      "conversations.replies": () => ({ messages: [], response_metadata: { next_cursor: "again" } }),
      "chat.postMessage": () => ({ ts: "1700000009.000100" }),
    });
    await pages.post(thread, answer, postKey(0, { repeated: true }));
    expect(methods()).toEqual(["conversations.replies", "chat.postMessage"]);
  });
});

test("an edit replaces the block, so that no edit mark is shown", async () => {
  const { web, pages } = open({ "chat.update": () => ({}) });
  await pages.edit(thread, "1700000001.000100" as MessageId, final("done"));
  expect(web.calls[0]?.args).toEqual({
    channel: "C1",
    ts: "1700000001.000100",
    metadata: mark("page-1700000001.000100"),
    text: "done",
    blocks: [{ type: "markdown", text: "done" }],
    parse: "none",
    link_names: false,
  });
});
