import { describe, expect, it } from "vitest";
import { fakeClock } from "../../../fakes/clock.ts";
import { call, codeOf, postAs, useScenes, type Json } from "../helpers.ts";

const { scene } = useScenes();

async function texts(answer: ReturnType<typeof call>): Promise<unknown[]> {
  const { body } = await answer;
  return (body["messages"] as Json[]).map((message) => message["text"]);
}

describe("conversations.replies", () => {
  it("gives a thread oldest first, its root with the counters, whichever of its messages is named", async () => {
    const { twin, harbour, ann, bob } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    const one = twin.say({ channel: harbour, user: bob, text: "one", threadTs: root });
    const two = await postAs(twin, { channel: harbour, text: "two", thread_ts: root });
    twin.say({ channel: harbour, user: ann, text: "elsewhere" });
    for (const ts of [root, one]) {
      const { body } = await call(twin, "conversations.replies", { channel: harbour, ts });
      expect(body).toMatchObject({
        has_more: false,
        messages: [
          {
            text: "root",
            thread_ts: root,
            reply_count: 2,
            reply_users: [bob, twin.bot.userId],
            latest_reply: two,
          },
          { text: "one", thread_ts: root, parent_user_id: ann },
          { text: "two", thread_ts: root, parent_user_id: ann, bot_id: twin.bot.botId },
        ],
      });
    }
  });

  it("bounds the replies by oldest and latest, and pages them", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    const stamps = ["a", "b", "c"].map((text) =>
      twin.say({ channel: harbour, user: ann, text, threadTs: root }),
    );
    const [oldest, , latest] = stamps;
    const replies = (args: Json) =>
      texts(call(twin, "conversations.replies", { channel: harbour, ts: root, ...args }));
    expect(await replies({ oldest })).toEqual(["root", "b", "c"]);
    expect(await replies({ latest })).toEqual(["root", "a", "b"]);
    expect(await replies({ oldest, latest, inclusive: true })).toEqual(["root", "a", "b", "c"]);
    const first = await call(twin, "conversations.replies", { channel: harbour, ts: root, limit: 3 });
    expect(first.body["has_more"]).toBe(true);
    const { next_cursor: cursor } = first.body["response_metadata"] as Json;
    expect(await replies({ limit: 3, cursor })).toEqual(["c"]);
    expect(await codeOf(twin, "conversations.replies", { channel: harbour, ts: root, oldest: "x" })).toBe(
      "invalid_ts_oldest",
    );
    expect(await codeOf(twin, "conversations.replies", { channel: harbour, ts: root, latest: "x" })).toBe(
      "invalid_ts_latest",
    );
    expect(await codeOf(twin, "conversations.replies", { channel: harbour, ts: root, cursor: "x" })).toBe(
      "invalid_cursor",
    );
  });

  it("finds no thread where there is none, and no channel where the bot is not", async () => {
    const { twin, harbour, ann } = await scene();
    const replies = (channel: string) => codeOf(twin, "conversations.replies", { channel, ts: "1.000001" });
    expect(await replies(harbour)).toBe("thread_not_found");
    expect(await replies(twin.addChannel({ name: "other", members: [ann] }))).toBe("not_in_channel");
    expect(await replies("C0NOWHERE")).toBe("channel_not_found");
  });

  it("gives markdown blocks back as rich text, as Slack keeps them", async () => {
    const { twin, harbour } = await scene();
    const ts = await postAs(twin, { channel: harbour, blocks: [{ type: "markdown", text: "**a**" }] });
    const { body } = await call(twin, "conversations.replies", { channel: harbour, ts });
    expect(body["messages"]).toMatchObject([{ blocks: [{ type: "rich_text" }] }]);
  });
});

describe("conversations.history", () => {
  it("gives the channel newest first, without replies, with broadcasts", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    twin.say({ channel: harbour, user: ann, text: "hidden", threadTs: root });
    twin.say({ channel: harbour, user: ann, text: "shown", threadTs: root, broadcast: true });
    const last = twin.say({ channel: harbour, user: ann, text: "last" });
    const history = (args: Json) => texts(call(twin, "conversations.history", { channel: harbour, ...args }));
    expect(await history({})).toEqual(["last", "shown", "root"]);
    expect(await history({ latest: last, limit: 1 })).toEqual(["shown"]);
    expect(await history({ oldest: root, latest: last })).toEqual(["shown"]);
    expect(await codeOf(twin, "conversations.history", { channel: harbour, limit: 1000 })).toBe(
      "invalid_limit",
    );
  });

  it("begins with what is nearest to `oldest` where no `latest` is given, each page newest first", async () => {
    const { twin, harbour, ann } = await scene();
    const [oldest] = ["a", "b", "c", "d"].map((text) => twin.say({ channel: harbour, user: ann, text }));
    const page = (args: Json) => call(twin, "conversations.history", { channel: harbour, limit: 2, ...args });
    const first = await page({ oldest });
    const { next_cursor: cursor } = first.body["response_metadata"] as Json;
    expect(await texts(Promise.resolve(first))).toEqual(["c", "b"]);
    expect(await texts(page({ oldest, cursor }))).toEqual(["d"]);
    expect(await texts(page({ oldest, latest: "9999999999" }))).toEqual(["d", "c"]);
  });

  it("gives an app that is sold fifteen messages a minute, and a thread's as well", async () => {
    const { twin, harbour, ann } = await scene({
      limits: "documented",
      distribution: "commercial",
      clock: fakeClock(),
    });
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    for (let i = 0; i < 20; i += 1) {
      twin.say({ channel: harbour, user: ann, text: `${i}` });
      twin.say({ channel: harbour, user: ann, text: `${i}`, threadTs: root });
    }
    for (const method of ["conversations.history", "conversations.replies"]) {
      const args = { channel: harbour, ts: root, limit: 200 };
      expect(await texts(call(twin, method, args))).toHaveLength(15);
      const refused = await call(twin, method, args);
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    }
  });

  it("gives a hundred messages at a time, a thread a thousand", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    for (let i = 0; i < 100; i += 1) twin.say({ channel: harbour, user: ann, text: `${i}` });
    for (let i = 0; i < 1000; i += 1) {
      twin.say({ channel: harbour, user: ann, text: `${i}`, threadTs: root });
    }
    const length = async (method: string, args: Json) =>
      (await texts(call(twin, method, { channel: harbour, ...args }))).length;
    expect(await length("conversations.history", {})).toBe(100);
    expect(await length("conversations.replies", { ts: root })).toBe(1000);
  });

  it("wants membership, and the scope of the channel's kind", async () => {
    const { twin, harbour, ann } = await scene({ scopes: ["channels:history"] });
    const history = (channel: string) => codeOf(twin, "conversations.history", { channel });
    expect(await history(harbour)).toBe("ok");
    expect(await history(twin.openDm(ann))).toBe("missing_scope");
    expect(await history(twin.addChannel({ name: "other", members: [ann] }))).toBe("not_in_channel");
  });
});
