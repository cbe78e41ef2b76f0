import { describe, expect, it } from "vitest";
import { call, codeOf, postAs, useScenes } from "../helpers.ts";

const { scene } = useScenes();
const METADATA = { event_type: "page", event_payload: { key: "t1-p0" } };

describe("chat.postMessage", () => {
  it("posts as the bot, and answers with the message", async () => {
    const { twin, harbour } = await scene();
    const { body } = await call(twin, "chat.postMessage", { channel: harbour, text: "hello" });
    const shown = twin.messages(harbour).at(-1);
    expect(shown).toMatchObject({ text: "hello", user: twin.bot.userId, botId: twin.bot.botId, edits: 0 });
    expect(shown?.shown).toEqual([{ format: "mrkdwn", text: "hello" }]);
    expect(body).toMatchObject({
      ok: true,
      channel: harbour,
      ts: shown?.ts,
      message: { type: "message", text: "hello", bot_id: twin.bot.botId, app_id: twin.bot.appId },
    });
  });

  it("gives each message of the workspace its own, later ts", async () => {
    const { twin, harbour, ann } = await scene();
    const stamps = [];
    for (let i = 0; i < 50; i += 1) stamps.push(twin.say({ channel: harbour, user: ann, text: `${i}` }));
    expect(stamps.every((ts) => /^\d{10}\.\d{6}$/u.test(ts))).toBe(true);
    expect(stamps).toEqual([...new Set(stamps)].sort());
  });

  it("wants a channel that it can see, is in, and that is open", async () => {
    const { twin, ann } = await scene();
    const secret = twin.addChannel({ name: "secret", kind: "private", members: [ann] });
    const other = twin.addChannel({ name: "other", members: [ann] });
    const old = twin.addChannel({ name: "old" });
    twin.archive(old);
    const post = (channel: string) => codeOf(twin, "chat.postMessage", { channel, text: "hi" });
    expect(await post("C0NOWHERE")).toBe("channel_not_found");
    expect(await post(secret)).toBe("channel_not_found");
    expect(await post(other)).toBe("not_in_channel");
    expect(await post(old)).toBe("is_archived");
    twin.addToChannel(other, twin.bot.userId);
    expect(await post(other)).toBe("ok");
    twin.removeFromChannel(other, twin.bot.userId);
    expect(await post(other)).toBe("not_in_channel");
  });

  it("goes to public channels without membership by chat:write.public", async () => {
    const { twin, ann } = await scene({ scopes: ["chat:write", "chat:write.public"] });
    const other = twin.addChannel({ name: "other", members: [ann] });
    expect(await codeOf(twin, "chat.postMessage", { channel: other, text: "hi" })).toBe("ok");
  });

  it("replies to roots alone", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    const reply = await postAs(twin, { channel: harbour, text: "reply", thread_ts: root });
    const post = (thread_ts: string) =>
      codeOf(twin, "chat.postMessage", { channel: harbour, text: "x", thread_ts });
    expect(await post("1.000001")).toBe("thread_not_found");
    expect(await post(reply)).toBe("cannot_reply_to_message");
    expect(twin.messages(harbour, root).map(({ text }) => text)).toEqual(["root", "reply"]);
    expect(twin.messages(harbour).map(({ text, replyCount }) => [text, replyCount])).toEqual([["root", 1]]);
    const lonely = twin.say({ channel: harbour, user: ann, text: "lonely" });
    twin.delete(harbour, lonely);
    expect(await post(lonely)).toBe("thread_not_found");
  });

  it("shows a broadcast reply in the channel too", async () => {
    const { twin, harbour, ann } = await scene();
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    await postAs(twin, { channel: harbour, text: "all", thread_ts: root, reply_broadcast: true });
    expect(twin.messages(harbour).map(({ text, subtype }) => [text, subtype])).toEqual([
      ["root", undefined],
      ["all", "thread_broadcast"],
    ]);
  });

  it("wants content", async () => {
    const { twin, harbour } = await scene();
    const post = (args: object) => codeOf(twin, "chat.postMessage", { channel: harbour, ...args });
    expect(await post({})).toBe("no_text");
    expect(await post({ text: "  \n " })).toBe("no_text");
    expect(await post({ blocks: [] })).toBe("no_text");
    expect(await post({ blocks: "[{" })).toBe("invalid_blocks_format");
    expect(await post({ blocks: { type: "divider" } })).toBe("invalid_blocks_format");
    expect(await post({ blocks: [{ type: "nonsense" }] })).toBe("invalid_blocks");
    expect(await post({ attachments: "[1]" })).toBe("invalid_attachments");
    expect(await post({ attachments: [{ text: "kept" }] })).toBe("ok");
    expect(await post({ text: "kept", blocks: "", attachments: "" })).toBe("ok");
  });

  it("cuts text after 40,000 characters, and warns", async () => {
    const { twin, harbour } = await scene();
    const fits = await call(twin, "chat.postMessage", { channel: harbour, text: "x".repeat(40_000) });
    expect(fits.body["warning"]).toBeUndefined();
    const { body } = await call(twin, "chat.postMessage", { channel: harbour, text: "x".repeat(40_001) });
    expect(body).toMatchObject({
      warning: "message_truncated",
      response_metadata: { warnings: ["message_truncated"] },
    });
    expect(twin.messages(harbour).at(-1)?.text).toHaveLength(40_000);
  });

  it("takes 12,000 characters of markdown_text, without text or blocks beside it", async () => {
    const { twin, harbour } = await scene();
    const post = (args: object) => codeOf(twin, "chat.postMessage", { channel: harbour, ...args });
    expect(await post({ markdown_text: "x".repeat(12_000) })).toBe("ok");
    expect(await post({ markdown_text: "x".repeat(12_001) })).toBe("msg_too_long");
    expect(await post({ markdown_text: "**a**", text: "a" })).toBe("markdown_text_conflict");
    expect(await post({ markdown_text: "**a**", blocks: [{ type: "divider" }] })).toBe(
      "markdown_text_conflict",
    );
    expect(await post({ markdown_text: " " })).toBe("no_text");
    expect(twin.messages(harbour).at(-1)?.shown).toMatchObject([{ format: "markdown" }]);
  });

  it("takes 100 attachments, and checks the blocks inside", async () => {
    const { twin, harbour } = await scene();
    const post = (attachments: unknown) =>
      codeOf(twin, "chat.postMessage", { channel: harbour, text: "x", attachments });
    expect(await post(Array.from({ length: 100 }, () => ({ text: "a" })))).toBe("ok");
    expect(await post(Array.from({ length: 101 }, () => ({ text: "a" })))).toBe("too_many_attachments");
    expect(await post([{ blocks: [{ type: "nonsense" }] }])).toBe("invalid_blocks");
  });

  it("keeps metadata of the right shape, and gives it back only when asked", async () => {
    const { twin, harbour, ann } = await scene();
    const post = (metadata: unknown) =>
      codeOf(twin, "chat.postMessage", { channel: harbour, text: "x", metadata });
    expect(await post("{")).toBe("invalid_metadata_format");
    for (const value of ["[]", "5", "null"]) expect(await post(value)).toBe("invalid_metadata_format");
    expect(await post({ event_type: "page" })).toBe("invalid_metadata_schema");
    expect(await post({ event_type: "", event_payload: {} })).toBe("invalid_metadata_schema");
    expect(await post({ event_type: "page", event_payload: [] })).toBe("invalid_metadata_schema");
    const root = twin.say({ channel: harbour, user: ann, text: "root" });
    await postAs(twin, { channel: harbour, text: "reply", thread_ts: root, metadata: METADATA });
    const thread = { channel: harbour, ts: root };
    const asked = await call(twin, "conversations.replies", { ...thread, include_all_metadata: true });
    expect(asked.body["messages"]).toMatchObject([{ text: "root" }, { metadata: METADATA }]);
    const unasked = await call(twin, "conversations.replies", thread);
    expect(JSON.stringify(unasked.body)).not.toContain("event_payload");
  });

  it("wears another name only by chat:write.customize", async () => {
    const { twin, harbour } = await scene();
    const args = { channel: harbour, text: "x", username: "Somebody" };
    expect((await call(twin, "chat.postMessage", args)).body).toMatchObject({
      error: "missing_scope",
      needed: "chat:write.customize",
    });
  });
});

describe("chat.delete", () => {
  it("takes back the bot's own messages alone", async () => {
    const { twin, harbour, ann } = await scene();
    const theirs = twin.say({ channel: harbour, user: ann, text: "mine" });
    const ours = await postAs(twin, { channel: harbour, text: "ours" });
    const remove = (ts: string) => codeOf(twin, "chat.delete", { channel: harbour, ts });
    expect(await remove(theirs)).toBe("cant_delete_message");
    expect(await remove(ours)).toBe("ok");
    expect(await remove(ours)).toBe("message_not_found");
    expect(twin.messages(harbour).map(({ ts }) => ts)).toEqual([theirs]);
    const reply = await postAs(twin, { channel: harbour, text: "reply", thread_ts: theirs });
    expect(twin.messages(harbour)[0]?.replyCount).toBe(1);
    expect(await remove(reply)).toBe("ok");
    expect(twin.messages(harbour, theirs).map(({ replyCount }) => replyCount)).toEqual([0]);
  });
});

describe("chat.postEphemeral", () => {
  it("shows a text to one member, and keeps nothing", async () => {
    const { twin, harbour, ann } = await scene();
    const seen: unknown[] = [];
    twin.subscribe((change) => seen.push(change));
    const post = (user: string) =>
      codeOf(twin, "chat.postEphemeral", { channel: harbour, user, text: "psst" });
    expect(await post(ann)).toBe("ok");
    const shown = [{ format: "mrkdwn", text: "psst" }];
    expect(seen).toEqual([{ kind: "ephemeral", channel: harbour, user: ann, text: "psst", shown }]);
    expect(twin.messages(harbour)).toEqual([]);
    expect(await post("U0STRANGER")).toBe("user_not_in_channel");
  });
});
