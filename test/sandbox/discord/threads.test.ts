import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sum, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, outcome, request } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off" });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

const start = (message: string, body: unknown = { name: "Topic" }) =>
  request(twin, `POST /channels/${channel}/messages/${message}/threads`, body);
const send = (place: string, content = "hi") =>
  outcome(twin, `POST /channels/${place}/messages`, { content });

describe("starting a thread on a message", () => {
  it("gives it the message's id, and makes the bot a member", async () => {
    const message = twin.say({ channel, user: ann, content: "Question" });
    const { status, body } = await start(message);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: message,
      type: 11,
      parent_id: channel,
      owner_id: twin.bot.id,
      name: "Topic",
      thread_metadata: { archived: false, locked: false },
      member: { user_id: twin.bot.id },
    });
    expect(twin.messages(channel)[0]).toMatchObject({ threadId: message, flags: 32 });
  });

  it("begins with a message of type 21 that points to the question", async () => {
    const message = twin.say({ channel, user: ann, content: "Question" });
    await start(message);
    const { body } = await request(twin, `GET /channels/${message}/messages`);
    expect(body).toMatchObject([{ type: 21, content: "", referenced_message: { content: "Question" } }]);
  });

  it("refuses a second thread", async () => {
    const message = twin.say({ channel, user: ann, content: "Question" });
    await start(message);
    expect((await start(message)).body.code).toBe(160004);
  });

  it("takes names of 1 to 100 characters, and the documented archive times", async () => {
    const say = () => twin.say({ channel, user: ann, content: "Question" });
    const errors = async (body: object): Promise<unknown> => (await start(say(), body)).body.errors;
    expect(await errors({})).toMatchObject({ name: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } });
    expect(await errors({ name: "" })).toMatchObject({
      name: { _errors: [{ code: "BASE_TYPE_BAD_LENGTH", message: "Must be between 1 and 100 in length." }] },
    });
    expect(await errors({ name: "x".repeat(101) })).toHaveProperty("name");
    expect(await errors({ name: "x", auto_archive_duration: 61 })).toHaveProperty("auto_archive_duration");
    expect((await start(say(), { name: "x".repeat(100), auto_archive_duration: 60 })).status).toBe(201);
  });

  it("needs CREATE_PUBLIC_THREADS", async () => {
    const message = twin.say({ channel, user: ann, content: "Question" });
    twin.grant(sum("VIEW_CHANNEL"));
    expect((await start(message)).body.code).toBe(50013);
    twin.grant(sum("VIEW_CHANNEL", "CREATE_PUBLIC_THREADS"));
    expect((await start(message)).status).toBe(201);
  });

  it("refuses messages that are not there, system messages, and other kinds of channel", async () => {
    expect((await start("1")).body.code).toBe(10008);
    expect((await start(twin.say({ channel, user: ann, content: "", type: 7 }))).body.code).toBe(50068);
    const message = twin.say({ channel, user: ann, content: "Question" });
    await start(message);
    const inner = twin.say({ channel: message, user: ann, content: "More" });
    expect(await outcome(twin, `POST /channels/${message}/messages/${inner}/threads`, { name: "x" })).toBe(
      "400 50024",
    );
  });

  it("makes announcement threads in announcement channels", async () => {
    channel = twin.addChannel({ name: "news", kind: "announcement" });
    const message = twin.say({ channel, user: ann, content: "News" });
    expect((await start(message)).body.type).toBe(10);
  });

  it("refuses one more than a server's active threads", async () => {
    for (let count = 0; count < 1000; count += 1) twin.addThread({ channel, name: "x" });
    expect((await start(twin.say({ channel, user: ann, content: "Question" }))).body.code).toBe(160006);
  });
});

describe("starting a thread on no message", () => {
  it("is private unless told otherwise, and each kind needs its permission", async () => {
    const startAlone = (type?: number) =>
      request(twin, `POST /channels/${channel}/threads`, { name: "Topic", ...(type ? { type } : {}) });
    twin.grant(sum("VIEW_CHANNEL", "CREATE_PUBLIC_THREADS"));
    expect((await startAlone()).body.code).toBe(50013);
    expect((await startAlone(11)).body.type).toBe(11);
    expect(twin.messages(channel)).toMatchObject([{ type: 18, content: "Topic" }]);
    twin.grant(sum("VIEW_CHANNEL", "CREATE_PRIVATE_THREADS"));
    expect((await startAlone(11)).body.code).toBe(50013);
    expect((await startAlone()).body.type).toBe(12);
  });

  it("posts in a forum with SEND_MESSAGES alone, and the first message has the thread's id", async () => {
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    const line = `POST /channels/${forum}/threads` as const;
    twin.grant(sum("VIEW_CHANNEL"));
    expect(await outcome(twin, line, { name: "x", message: { content: "y" } })).toBe("403 50013");
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES"));
    expect(await outcome(twin, line, { name: "x", message: {} })).toBe("400 50006");
    const { body } = await request(twin, line, { name: "x", message: { content: "y" } });
    expect(body).toMatchObject({ type: 11, parent_id: forum, message: { id: body.id, content: "y" } });
    expect(await send(forum)).toBe("400 50008");
  });
});

describe("writing in a thread", () => {
  it("needs SEND_MESSAGES_IN_THREADS, and SEND_MESSAGES has no effect", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES"));
    expect([await send(thread), await send(channel)]).toEqual(["403 50013", "200"]);
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS"));
    expect([await send(thread), await send(channel)]).toEqual(["200", "403 50013"]);
  });

  it("opens an archived thread; editing there is refused", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    const { body } = await request(twin, `POST /channels/${thread}/messages`, { content: "one" });
    twin.changeChannel(thread, { archived: true });
    const line = `PATCH /channels/${thread}/messages/${body.id}` as const;
    expect(await outcome(twin, line, { content: "two" })).toBe("400 50083");
    const link = await identified(twin);
    expect(await send(thread)).toBe("200");
    expect((await link.event("THREAD_UPDATE")).d).toMatchObject({
      id: thread,
      thread_metadata: { archived: false },
    });
    expect((await link.event("THREAD_MEMBER_UPDATE")).d).toMatchObject({ id: thread, user_id: twin.bot.id });
    expect(await outcome(twin, line, { content: "two" })).toBe("200");
  });

  it("is for moderators alone when it is locked, and so is editing", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    const { body } = await request(twin, `POST /channels/${thread}/messages`, { content: "one" });
    const line = `PATCH /channels/${thread}/messages/${body.id}` as const;
    twin.changeChannel(thread, { locked: true });
    expect(await send(thread)).toBe("403 160005");
    expect(await outcome(twin, line, { content: "two" })).toBe("403 160005");
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_THREADS"));
    expect(await send(thread)).toBe("200");
    expect(await outcome(twin, line, { content: "two" })).toBe("200");
    expect(() => twin.say({ channel: thread, user: ann, content: "x" })).toThrow(/locked/);
  });

  it("leaves messages of locked and archived threads alone", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    const { body } = await request(twin, `POST /channels/${thread}/messages`, { content: "one" });
    twin.changeChannel(thread, { locked: true, archived: true });
    expect(await outcome(twin, `DELETE /channels/${thread}/messages/${body.id}`)).toBe("400 50083");
  });

  it("counts the messages, and makes the bot a member", async () => {
    const thread = twin.addThread({ channel, name: "x", user: ann });
    const said = twin.say({ channel: thread, user: ann, content: "a" });
    const link = await identified(twin);
    await send(thread);
    expect((await link.event("THREAD_MEMBERS_UPDATE")).d.added_members).toMatchObject([
      { user_id: twin.bot.id },
    ]);
    twin.delete(thread, said);
    const { body } = await request(twin, `GET /channels/${thread}`);
    expect(body).toMatchObject({ message_count: 1, total_message_sent: 2, member_count: 2 });
  });
});
