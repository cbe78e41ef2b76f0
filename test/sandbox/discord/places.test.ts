import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sum } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, settled, type Link } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let dm: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off" });
  channel = twin.addChannel({ name: "general", topic: "Everything" });
  ann = twin.addUser({ name: "ann", displayName: "Ann" }).id;
  dm = twin.openDm(ann);
});
afterEach(() => twin.close());

const say = (content: string, more: object = {}) => twin.say({ channel, user: ann, content, ...more });
describe("what people do with channels and threads", () => {
  let link: Link;
  beforeEach(async () => {
    link = await identified(twin);
  });

  it("posts in forums: a thread, then the message with its id", async () => {
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    const id = twin.postInForum({ forum, user: ann, title: "How?", content: "Please" });
    expect((await link.event("THREAD_CREATE")).d).toMatchObject({
      id,
      name: "How?",
      parent_id: forum,
      newly_created: true,
    });
    expect((await link.event("MESSAGE_CREATE")).d).toMatchObject({
      id,
      channel_id: id,
      content: "Please",
      position: 0,
    });
    expect(twin.messages(id)).toMatchObject([{ id, content: "Please" }]);
  });

  it("starts a thread on a message: the thread, the message's update, and the message of type 21", async () => {
    const message = say("question");
    twin.addThread({ channel, name: "t", message, user: ann });
    expect((await link.event("THREAD_CREATE")).d.id).toBe(message);
    expect((await link.event("MESSAGE_UPDATE")).d).toMatchObject({
      id: message,
      flags: 32,
      thread: { id: message },
    });
    expect((await link.event("MESSAGE_CREATE", 2)).d).toMatchObject({
      type: 21,
      channel_id: message,
      referenced_message: { id: message },
    });
    expect(() => twin.addThread({ channel, name: "t", message })).toThrow(/has a thread/);
  });

  it("is not heard where the bot cannot look, nor are threads there", async () => {
    const hidden = twin.addChannel({ name: "hidden" });
    const overwrites = [{ id: twin.bot.id, of: "member", deny: sum("VIEW_CHANNEL") } as const];
    twin.changeChannel(hidden, { overwrites });
    expect((await link.event("CHANNEL_UPDATE")).d.id).toBe(hidden);
    twin.say({ channel: hidden, user: ann, content: "secret" });
    const thread = twin.addThread({ channel: hidden, name: "t", user: ann });
    const other = await identified(twin);
    expect((await other.event("GUILD_CREATE")).d).toMatchObject({
      channels: [{}, { id: hidden }],
      threads: [],
    });
    await settled(link);
    expect(link.names()).not.toContain("MESSAGE_CREATE");
    expect(link.names()).not.toContain("THREAD_CREATE");
    twin.changeChannel(hidden, { overwrites: [] });
    expect((await link.event("THREAD_LIST_SYNC")).d).toMatchObject({
      channel_ids: [hidden],
      threads: [{ id: thread }],
    });
    twin.grant(0n);
    twin.changeChannel(hidden, {
      overwrites: [{ id: twin.guild.id, of: "role", deny: sum("VIEW_CHANNEL") }],
    });
    twin.grant(sum("ADMINISTRATOR"));
    expect((await link.event("THREAD_LIST_SYNC", 2)).d).toMatchObject({ channel_ids: [hidden] });
  });

  it("changes and deletes channels and threads", async () => {
    twin.changeChannel(channel, { name: "renamed", topic: null });
    expect((await link.event("CHANNEL_UPDATE")).d).toMatchObject({
      id: channel,
      name: "renamed",
      topic: null,
    });
    const thread = twin.addThread({ channel, name: "t" });
    twin.deleteChannel(channel);
    expect((await link.event("THREAD_DELETE")).d).toEqual({
      id: thread,
      type: 11,
      guild_id: twin.guild.id,
      parent_id: channel,
    });
    expect((await link.event("CHANNEL_DELETE")).d.id).toBe(channel);
    expect(twin.channels().map(({ id }) => id)).toEqual([dm]);
  });

  it("cannot do what no client lets anyone do", () => {
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    const eve = twin.addUser({ name: "eve", guilds: [] }).id;
    expect(() => twin.say({ channel: forum, user: ann, content: "x" })).toThrow(/Nobody writes/);
    expect(() => say("x".repeat(4001))).toThrow(/4000/);
    expect(() => twin.say({ channel, user: eve, content: "x" })).toThrow(/not in/);
    expect(() => twin.say({ channel, user: "1", content: "x" })).toThrow(/no user 1/);
    expect(() => twin.postInForum({ forum: channel, user: ann, title: "x", content: "x" })).toThrow(
      /no forum/,
    );
  });
});
