import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Overwrite } from "../../../src/sandbox/discord/given.ts";
import { PERMISSION, sum, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, outcome, request, type Line } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off", everyone: 0n });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

const send = (place: string, body: object = { content: "hi" }) =>
  outcome(twin, `POST /channels/${place}/messages`, body);

describe("authorization", () => {
  it.each(["", "Bot wrong", "Bearer wrong"])("answers 401 to %j", async (authorization) => {
    const answer = await request(twin, "GET /users/@me", undefined, { authorization });
    expect(answer).toMatchObject({ status: 401, body: { message: "401: Unauthorized", code: 0 } });
  });

  it("wants the token after the word Bot", async () => {
    const answer = await request(twin, "GET /users/@me", undefined, { authorization: twin.token });
    expect(answer.status).toBe(401);
  });

  it("tells where the gateway is without a token, and its limits with one", async () => {
    const open = await request(twin, "GET /gateway", undefined, { authorization: "" });
    expect(open).toMatchObject({
      status: 200,
      body: { url: twin.apiUrl.replace("http", "ws").replace("/api", "") },
    });
    expect((await request(twin, "GET /gateway/bot", undefined, { authorization: "" })).status).toBe(401);
    expect((await request(twin, "GET /gateway/bot")).body).toMatchObject({
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, max_concurrency: 1 },
    });
    await identified(twin);
    expect((await request(twin, "GET /gateway/bot")).body.session_start_limit.remaining).toBe(999);
  });

  it("answers only clients that say what they are, version 10, and routes that exist", async () => {
    const stranger = await request(twin, "GET /users/@me", undefined, { "user-agent": "curl/8" });
    expect(stranger).toMatchObject({ status: 403, body: { code: 40333 } });
    expect((await request(twin, `GET ${twin.apiUrl}/v9/users/@me`)).body.code).toBe(50041);
    expect(await request(twin, "GET /nothing")).toMatchObject({
      status: 404,
      body: { message: "404: Not Found", code: 0 },
    });
    expect((await request(twin, "DELETE /users/@me")).status).toBe(405);
  });
});

describe("what the bot may do in a channel", () => {
  it("is nothing when it cannot see it", async () => {
    const said = twin.say({ channel, user: ann, content: "x" });
    const thread = twin.addThread({ channel, name: "t" });
    twin.grant(USUAL_PERMISSIONS & ~PERMISSION.VIEW_CHANNEL);
    const lines: Line[] = [
      `GET /channels/${channel}`,
      `GET /channels/${channel}/messages`,
      `GET /channels/${channel}/messages/${said}`,
      `POST /channels/${channel}/typing`,
      `PUT /channels/${channel}/messages/${said}/reactions/${encodeURIComponent("👍")}/@me`,
      `GET /channels/${thread}`,
    ];
    for (const line of lines) expect([line, await outcome(twin, line)]).toEqual([line, "403 50001"]);
    expect(await send(channel)).toBe("403 50001");
  });

  it.each([
    ["SEND_MESSAGES", () => send(channel)],
    ["SEND_MESSAGES", () => outcome(twin, `POST /channels/${channel}/typing`)],
    ["EMBED_LINKS", () => send(channel, { embeds: [{ title: "x" }] })],
  ] as const)("needs %s", async (permission, act) => {
    twin.grant(USUAL_PERMISSIONS & ~PERMISSION[permission]);
    expect(await act()).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS);
    expect(await act()).toMatch(/^20/);
  });

  it("needs ATTACH_FILES for files, posted or added", async () => {
    const form = () => {
      const form = new FormData();
      form.set("files[0]", new Blob(["x"]), "x.txt");
      return form;
    };
    const { body } = await request(twin, `POST /channels/${channel}/messages`, { content: "x" });
    twin.grant(USUAL_PERMISSIONS & ~PERMISSION.ATTACH_FILES);
    expect((await request(twin, `POST /channels/${channel}/messages`, form())).body.code).toBe(50013);
    expect((await request(twin, `PATCH /channels/${channel}/messages/${body.id}`, form())).body.code).toBe(
      50013,
    );
  });

  it("loses what goes with sending when it cannot send", async () => {
    const form = new FormData();
    form.set("files[0]", new Blob(["x"]), "x.txt");
    const { body } = await request(twin, `POST /channels/${channel}/messages`, { content: "x" });
    twin.grant(USUAL_PERMISSIONS & ~PERMISSION.SEND_MESSAGES);
    expect((await request(twin, `PATCH /channels/${channel}/messages/${body.id}`, form)).body.code).toBe(
      50013,
    );
  });

  it("changes with the channel's exceptions: @everyone, then roles, then the bot itself", async () => {
    const deny = PERMISSION.SEND_MESSAGES;
    const role = twin.addRole({ name: "quiet", members: [twin.bot.id] });
    const everyone = { id: twin.guild.id, of: "role", deny } as const;
    const set = (overwrites: readonly Overwrite[]) => twin.changeChannel(channel, { overwrites });
    set([everyone]);
    expect(await send(channel)).toBe("403 50013");
    set([{ id: role, of: "role", allow: deny }, everyone]);
    expect(await send(channel)).toBe("200");
    // Of roles that disagree, the one that allows wins.
    const other = twin.addRole({ name: "loud", members: [twin.bot.id] });
    set([
      { id: other, of: "role", allow: deny },
      { id: role, of: "role", deny },
    ]);
    expect(await send(channel)).toBe("200");
    set([
      { id: twin.bot.id, of: "member", deny },
      { id: role, of: "role", allow: deny },
    ]);
    expect(await send(channel)).toBe("403 50013");
    set([
      { id: twin.bot.id, of: "member", allow: deny },
      { id: role, of: "role", deny },
    ]);
    expect(await send(channel)).toBe("200");
  });

  it("is everything for administrators, exceptions or not", async () => {
    twin.grant(PERMISSION.ADMINISTRATOR);
    twin.changeChannel(channel, {
      overwrites: [{ id: twin.guild.id, of: "role", deny: PERMISSION.VIEW_CHANNEL }],
    });
    expect(await send(channel)).toBe("200");
  });

  it("adds what @everyone grants to what the bot's role grants", async () => {
    await twin.close();
    twin = await startDiscordTwin({
      limits: "off",
      everyone: sum("VIEW_CHANNEL", "SEND_MESSAGES"),
      permissions: 0n,
    });
    expect(await send(twin.addChannel({ name: "general" }))).toBe("200");
  });

  it("needs CONNECT in voice channels", async () => {
    const voice = twin.addChannel({ name: "talk", kind: "voice" });
    expect(await send(voice)).toBe("403 50013");
    twin.grant(USUAL_PERMISSIONS | PERMISSION.CONNECT);
    expect(await send(voice)).toBe("200");
  });

  it("refuses to write where nobody writes", async () => {
    const category = twin.addChannel({ name: "group", kind: "category" });
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    for (const place of [category, forum]) {
      expect(await send(place)).toBe("400 50008");
      expect(await outcome(twin, `GET /channels/${place}/messages`)).toBe("400 50024");
      expect(await outcome(twin, `POST /channels/${place}/typing`)).toBe("400 50024");
    }
  });

  it("renames with MANAGE_CHANNELS, within the lengths of names and topics", async () => {
    const patch = (body: object) => outcome(twin, `PATCH /channels/${channel}`, body);
    expect(await patch({ name: "new" })).toBe("403 50013");
    twin.grant(sum("VIEW_CHANNEL", "MANAGE_CHANNELS"));
    expect(await patch({ name: "" })).toBe("400 50035");
    expect(await patch({ topic: "x".repeat(1025) })).toBe("400 50035");
    expect(await patch({ name: "new", topic: "x" })).toBe("200");
    expect(twin.channels()).toMatchObject([{ name: "new", topic: "x" }]);
    expect(await outcome(twin, `DELETE /channels/${channel}`)).toBe("200");
    expect(twin.channels()).toEqual([]);
  });
});
