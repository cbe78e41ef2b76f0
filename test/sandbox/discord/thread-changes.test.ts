import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sum, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { identified, outcome, request, settled } from "./bot.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ limits: "off", clock });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

describe("changing a thread", () => {
  const patch = (thread: string, body: object) => outcome(twin, `PATCH /channels/${thread}`, body);

  it("lets anyone who may write open it, its owner rename it, and moderators lock it", async () => {
    const hers = twin.addThread({ channel, name: "x", user: ann });
    twin.changeChannel(hers, { archived: true });
    expect(await patch(hers, { name: "y" })).toBe("400 50083");
    twin.grant(sum("VIEW_CHANNEL"));
    expect(await patch(hers, { archived: false })).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS);
    expect(await patch(hers, { archived: false })).toBe("200");
    expect(await patch(hers, { name: "y" })).toBe("403 50013");
    const own = twin.addThread({ channel, name: "x", user: twin.bot.id });
    expect(await patch(own, { name: "y" })).toBe("200");
    expect(await patch(own, { locked: true })).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_THREADS"));
    expect(await patch(own, { locked: true })).toBe("200");
    twin.grant(USUAL_PERMISSIONS);
    expect(await patch(own, { name: "z" })).toBe("403 160005");
    expect(twin.channels().find(({ id }) => id === own)).toMatchObject({ name: "y", locked: true });
  });

  it("deletes it for moderators", async () => {
    const thread = twin.addThread({ channel, name: "x" });
    expect(await outcome(twin, `DELETE /channels/${thread}`)).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_THREADS"));
    expect(await outcome(twin, `DELETE /channels/${thread}`)).toBe("200");
    expect(await outcome(twin, `GET /channels/${thread}`)).toBe("404 10003");
  });
});

describe("private threads", () => {
  it("are seen by their members and by moderators alone", async () => {
    const thread = twin.addThread({ channel, name: "x", user: ann, private: true });
    const link = await identified(twin);
    twin.say({ channel: thread, user: ann, content: "secret" });
    expect(await outcome(twin, `GET /channels/${thread}`)).toBe("403 50001");
    await settled(link);
    expect(link.names()).not.toContain("MESSAGE_CREATE");
    twin.grant(USUAL_PERMISSIONS | sum("MANAGE_THREADS"));
    expect(await outcome(twin, `GET /channels/${thread}`)).toBe("200");
    expect(await outcome(twin, `PUT /channels/${thread}/thread-members/@me`)).toBe("204");
    twin.grant(USUAL_PERMISSIONS);
    expect(await outcome(twin, `GET /channels/${thread}`)).toBe("200");
  });

  it("take in whom a message there mentions, and tell the bot of the thread first", async () => {
    const thread = twin.addThread({ channel, name: "x", user: ann, private: true });
    const link = await identified(twin);
    twin.say({ channel: thread, user: ann, content: `<@${twin.bot.id}> come in` });
    await link.event("MESSAGE_CREATE");
    expect(link.names().slice(2)).toEqual(["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]);
    expect((await link.event("THREAD_CREATE")).d).toMatchObject({
      id: thread,
      member: { user_id: twin.bot.id },
    });
  });
});

describe("listing threads", () => {
  it("lists active ones of the guild, and archived public ones of a channel, latest first", async () => {
    const [one, two, three] = ["1", "2", "3"].map((name) => twin.addThread({ channel, name, user: ann }));
    twin.changeChannel(one ?? "", { archived: true });
    await clock.advance(1000);
    twin.changeChannel(two ?? "", { archived: true });
    const ids = (threads: { id: string }[]) => threads.map(({ id }) => id);
    const active = await request(twin, `GET /guilds/${twin.guild.id}/threads/active`);
    expect(ids(active.body.threads)).toEqual([three]);
    const archived = await request(twin, `GET /channels/${channel}/threads/archived/public`);
    expect(ids(archived.body.threads)).toEqual([two, one]);
    expect(archived.body.has_more).toBe(false);
    const before = encodeURIComponent(new Date(clock.now()).toISOString());
    const older = await request(twin, `GET /channels/${channel}/threads/archived/public?before=${before}`);
    expect(ids(older.body.threads)).toEqual([one]);
    twin.grant(sum("VIEW_CHANNEL"));
    expect(await outcome(twin, `GET /channels/${channel}/threads/archived/public`)).toBe("403 50013");
  });

  it("joins open threads, and refuses archived ones and channels", async () => {
    const thread = twin.addThread({ channel, name: "x", user: ann });
    twin.changeChannel(thread, { archived: true });
    expect(await outcome(twin, `PUT /channels/${thread}/thread-members/@me`)).toBe("400 50083");
    expect(await outcome(twin, `PUT /channels/${channel}/thread-members/@me`)).toBe("400 50024");
  });
});
