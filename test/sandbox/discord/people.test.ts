import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import type { Change } from "../../../src/sandbox/discord/shown.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { identified, request, type Link } from "./bot.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;
let dm: string;
let ann: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ limits: "off", clock });
  channel = twin.addChannel({ name: "general", topic: "Everything" });
  ann = twin.addUser({ name: "ann", displayName: "Ann" }).id;
  dm = twin.openDm(ann);
});
afterEach(() => twin.close());

const say = (content: string, more: object = {}) => twin.say({ channel, user: ann, content, ...more });
describe("what people say", () => {
  let link: Link;
  beforeEach(async () => {
    link = await identified(twin);
  });

  it("tells the kind of channel, and the author as a member in guilds alone", async () => {
    say("hello");
    twin.say({ channel: dm, user: ann, content: "psst" });
    twin.say({
      channel: twin.addThread({ channel, name: "t", user: ann, private: false }),
      user: ann,
      content: "in",
    });
    const [inGuild, inDm] = [await link.event("MESSAGE_CREATE"), await link.event("MESSAGE_CREATE", 2)];
    expect(inGuild.d).toMatchObject({
      channel_type: 0,
      guild_id: twin.guild.id,
      member: { roles: [] },
      nonce: expect.any(String),
    });
    expect(inDm.d).toMatchObject({ channel_type: 1, author: { id: ann } });
    expect(inDm.d).not.toHaveProperty("member");
    expect(inDm.d).not.toHaveProperty("guild_id");
    expect((await link.event("MESSAGE_CREATE", 4)).d).toMatchObject({ channel_type: 11, position: 0 });
  });

  it("unfurls links without an edit, edits with one, and pins without one", async () => {
    const id = say("https://a.example");
    expect((await link.event("MESSAGE_UPDATE")).d).toMatchObject({
      id,
      edited_timestamp: null,
      embeds: [{}],
    });
    twin.unfurl(channel, id);
    expect((await link.event("MESSAGE_UPDATE", 2)).d).toMatchObject({ id, edited_timestamp: null });
    twin.pin(channel, id, true);
    expect((await link.event("MESSAGE_UPDATE", 3)).d).toMatchObject({ pinned: true, edited_timestamp: null });
    expect((await link.event("CHANNEL_PINS_UPDATE")).d).toMatchObject({ channel_id: channel });
    twin.edit(channel, id, "b");
    expect((await link.event("MESSAGE_UPDATE", 4)).d).toMatchObject({
      content: "b",
      edited_timestamp: expect.any(String),
      embeds: [],
    });
  });

  it("lets webhooks and other bots speak", async () => {
    say("from a hook", { webhook: "News" });
    const bot = twin.addUser({ name: "other", bot: true });
    say("from a bot", { user: bot.id });
    const hook = (await link.event("MESSAGE_CREATE")).d;
    expect(hook).toMatchObject({ author: { username: "News", bot: true, id: hook.webhook_id } });
    expect(hook).not.toHaveProperty("member");
    expect((await link.event("MESSAGE_CREATE", 2)).d).toMatchObject({ author: { bot: true, id: bot.id } });
  });

  it("replies, with the ping among the mentions unless it is off, and null for what was deleted", async () => {
    const first = say("first");
    const bob = twin.addUser({ name: "bob" }).id;
    say("second", { user: bob, replyTo: first });
    say("third", { user: bob, replyTo: first, pingReplied: false });
    expect((await link.event("MESSAGE_CREATE", 2)).d).toMatchObject({
      type: 19,
      mentions: [{ id: ann, member: { roles: [] } }],
      referenced_message: { id: first },
    });
    expect((await link.event("MESSAGE_CREATE", 3)).d.mentions).toEqual([]);
    twin.delete(channel, first);
    twin.unfurl(channel, twin.messages(channel)[0]!.id);
    expect((await link.event("MESSAGE_UPDATE")).d.referenced_message).toBeNull();
  });

  it("forwards: the content is empty, and the snapshot has no author", async () => {
    say("", { forward: say("inner") });
    const { d } = await link.event("MESSAGE_CREATE", 2);
    expect(d).toMatchObject({
      content: "",
      flags: 1 << 14,
      message_reference: { type: 1 },
      message_snapshots: [{ message: { content: "inner" } }],
    });
    expect(d.message_snapshots[0].message).not.toHaveProperty("author");
  });
});

describe("typing", () => {
  it("lasts ten seconds", async () => {
    await request(twin, `POST /channels/${channel}/typing`);
    expect(twin.typing(channel)).toEqual([twin.bot.id]);
    await clock.advance(9999);
    expect(twin.typing(channel)).toEqual([twin.bot.id]);
    await clock.advance(1);
    expect(twin.typing(channel)).toEqual([]);
  });

  it("ends with the post, for its author alone", async () => {
    await request(twin, `POST /channels/${channel}/typing`);
    twin.type(channel, ann);
    await request(twin, `POST /channels/${channel}/messages`, { content: "x" });
    expect(twin.typing(channel)).toEqual([ann]);
  });
});

describe("subscribing", () => {
  it("tells of every change, until it ends", () => {
    const changes: Change[] = [];
    const stop = twin.subscribe((change) => changes.push(change));
    const id = say("one");
    twin.edit(channel, id, "two");
    twin.type(channel, ann);
    twin.delete(channel, id);
    twin.changeChannel(channel, { name: "renamed" });
    stop();
    say("three");
    expect(changes).toMatchObject([
      { kind: "posted", message: { id, content: "one" } },
      { kind: "changed", message: { id, content: "two", history: [{ content: "one" }] } },
      { kind: "typing", channelId: channel, userId: ann, until: clock.now() + 10_000 },
      { kind: "deleted", channelId: channel, messageId: id },
      { kind: "channel", channel: { id: channel, name: "renamed" } },
    ]);
  });
});
