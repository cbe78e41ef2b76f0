import { describe, expect, it } from "vitest";
import { call, kinds, MENTION, postAs, say, sent, useScenes, withKettle, type Json } from "./helpers.ts";

const { scene } = useScenes();

describe("a mention", () => {
  it("is two events with one ts and two ids", async () => {
    const made = await scene();
    const ts = say(made, MENTION);
    expect(kinds(made.twin)).toEqual(["message", "app_mention"]);
    expect(sent(made.twin).map((event) => event["ts"])).toEqual([ts, ts]);
    expect(new Set(made.twin.deliveries.map(({ eventId }) => eventId)).size).toBe(2);
    expect(sent(made.twin)[1]).not.toHaveProperty("channel_type");
    expect(sent(made.twin)[0]).toMatchObject({ channel_type: "channel" });
  });

  it("is a message alone in a DM, and both in a group DM", async () => {
    const made = await scene();
    const { twin, ann, bob } = made;
    twin.say({ channel: twin.openDm(ann), user: ann, text: MENTION });
    expect(kinds(twin)).toEqual(["message"]);
    expect(sent(twin)[0]).toMatchObject({ channel_type: "im" });
    twin.say({ channel: twin.openDm(ann, bob), user: bob, text: MENTION });
    expect(kinds(twin).slice(1)).toEqual(["message", "app_mention"]);
    expect(sent(twin)[1]).toMatchObject({ channel_type: "mpim" });
  });

  it("reaches nobody where the bot is not a member", async () => {
    const { twin, ann } = await scene();
    const channel = twin.addChannel({ name: "other", members: [ann] });
    const ts = twin.say({ channel, user: ann, text: MENTION });
    twin.edit(channel, ts, `${MENTION}!`);
    twin.react(channel, ts, ann, "owl");
    twin.delete(channel, ts);
    expect(kinds(twin)).toEqual([]);
  });

  it("comes again with `edited` on every edit by a person, not for a link preview", async () => {
    const made = await scene();
    const { twin, harbour } = made;
    const ts = say(made, "how deep?");
    twin.edit(harbour, ts, MENTION);
    twin.edit(harbour, ts, `${MENTION}!`);
    twin.echo(harbour, ts, "unfurl");
    expect(kinds(twin)).toEqual([
      "message",
      "message_changed",
      "app_mention",
      "message_changed",
      "app_mention",
      "message_changed",
    ]);
    expect(sent(twin)[2]).toMatchObject({ ts, edited: { user: made.ann } });
  });

  it("by another bot is one as well", async () => {
    const made = await scene();
    const user = withKettle(made);
    const before = kinds(made.twin).length;
    say(made, MENTION, { user, botStyle: "legacy" });
    expect(kinds(made.twin).slice(before)).toEqual(["bot_message", "bot_message"]);
    expect(sent(made.twin).at(-1)).toMatchObject({ type: "app_mention" });
    expect(sent(made.twin).at(-1)).not.toHaveProperty("user");
  });
});

describe("the bot's own doings", () => {
  it("come back as events: its posts, its edits, its deletions, its joining", async () => {
    const made = await scene();
    const { twin, harbour } = made;
    const ts = await postAs(twin, { channel: harbour, text: "a" });
    await call(twin, "chat.update", { channel: harbour, ts, text: "b" });
    await call(twin, "chat.delete", { channel: harbour, ts });
    expect(kinds(twin)).toEqual(["message", "message_changed", "message_deleted"]);
    expect(sent(twin)[0]).toMatchObject({ bot_id: twin.bot.botId, user: twin.bot.userId });
    const [, change] = sent(twin);
    expect(change).toMatchObject({
      message: { text: "b", ts },
      previous_message: { text: "a", ts },
      hidden: true,
    });
    expect(change?.["ts"]).not.toBe(ts);
  });
});

describe("a change", () => {
  it("without a new text has the same text twice and no edit mark", async () => {
    const made = await scene();
    const { twin, harbour } = made;
    const ts = say(made, "see https://example.com");
    say(made, "reply", { threadTs: ts });
    const before = kinds(twin).length;
    twin.echo(harbour, ts, "unfurl");
    twin.echo(harbour, ts, "reply_count");
    for (const event of sent(twin).slice(before)) {
      const [message, previous] = [event["message"] as Json, event["previous_message"] as Json];
      expect(message["text"]).toBe(previous["text"]);
      expect(message).not.toHaveProperty("edited");
    }
    expect(sent(twin)[before]).toMatchObject({ message: { attachments: [{}] } });
    expect(twin.messages(harbour)[0]?.attachments).toHaveLength(1);
    expect(sent(twin)[before + 1]).toMatchObject({ message: { reply_count: 1 } });
    expect(twin.messages(harbour)[0]).toMatchObject({ edits: 0 });
  });

  it("is a tombstone where a root with replies is deleted", async () => {
    const made = await scene();
    const root = say(made, "root");
    say(made, "reply", { threadTs: root });
    made.twin.delete(made.harbour, root);
    expect(sent(made.twin).at(-1)).toMatchObject({
      subtype: "message_changed",
      message: { subtype: "tombstone", ts: root, hidden: true, reply_count: 1 },
      previous_message: { text: "root" },
    });
    expect(sent(made.twin).at(-1)?.["message"]).not.toHaveProperty("parent_user_id");
    expect(made.twin.messages(made.harbour, root).map(({ text }) => text)).toEqual([
      "This message was deleted.",
      "reply",
    ]);
  });

  it("is /me as a subtype of its own", async () => {
    const made = await scene();
    say(made, "yawns", { me: true });
    expect(kinds(made.twin)).toEqual(["me_message"]);
  });

  it("of a channel that the bot is not in is told only where it is public", async () => {
    const { twin, ann, bob } = await scene();
    const open = twin.addChannel({ name: "open", members: [ann] });
    const secret = twin.addChannel({ name: "secret", kind: "private", members: [ann] });
    for (const channel of [open, secret]) {
      twin.addToChannel(channel, bob);
      twin.rename(channel, `${channel.toLowerCase()}-2`);
    }
    expect(kinds(twin)).toEqual(["channel_rename"]);
  });

  it("of a channel is told with the grey line in it", async () => {
    const { twin, harbour, ann } = await scene();
    const cabin = twin.addChannel({ name: "cabin", kind: "private" });
    twin.rename(harbour, "port");
    twin.rename(cabin, "hut");
    twin.setTopic(harbour, "Ships");
    twin.archive(cabin);
    twin.removeFromChannel(harbour, ann);
    twin.removeFromChannel(harbour, ann);
    twin.addToChannel(harbour, twin.bot.userId);
    expect(kinds(twin)).toEqual([
      "channel_name",
      "channel_rename",
      "channel_name",
      "group_rename",
      "channel_topic",
      "group_archive",
      "channel_leave",
      "member_left_channel",
    ]);
    expect(sent(twin)[1]).toMatchObject({ channel: { id: harbour, name: "port" } });
  });
});

describe("a deed that Slack's client does not offer", () => {
  it("is refused", async () => {
    const made = await scene();
    const { twin, harbour, ann } = made;
    const root = say(made, "root");
    const reply = say(made, "reply", { threadTs: root });
    const cabin = twin.addChannel({ name: "cabin", members: [] });
    twin.react(harbour, root, ann, "owl");
    expect(() => say(made, "x", { user: "U0STRANGER" })).toThrow("no user U0STRANGER");
    expect(() => say(made, "x", { channel: cabin })).toThrow("is not in");
    expect(() => say(made, "x", { channel: "C0NOWHERE" })).toThrow("no channel C0NOWHERE");
    expect(() => say(made, "x", { threadTs: reply })).toThrow("is a reply");
    expect(() => say(made, "x", { threadTs: "1.000001" })).toThrow("no message 1.000001");
    expect(() => twin.edit(harbour, "1.000001", "x")).toThrow("no message 1.000001");
    expect(() => twin.react(harbour, root, ann, "owl")).toThrow("reacted with owl before");
  });
});
