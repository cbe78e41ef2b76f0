import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PERMISSION, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, outcome, request, settled } from "./bot.ts";

let twin: DiscordTwin;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off", everyone: 0n });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

const send = (place: string) => outcome(twin, `POST /channels/${place}/messages`, { content: "hi" });

describe("guilds", () => {
  it("are closed to a bot that is not in them", async () => {
    const guild = twin.addGuild({ name: "Elsewhere", withBot: false, everyone: USUAL_PERMISSIONS });
    const place = twin.addChannel({ name: "there", guild });
    const link = await identified(twin);
    const bob = twin.addUser({ name: "bob", guilds: [guild] }).id;
    twin.say({ channel: place, user: bob, content: "x" });
    expect(await outcome(twin, `GET /guilds/${guild}`)).toBe("403 50001");
    expect(await outcome(twin, `GET /guilds/1`)).toBe("404 10004");
    expect(await send(place)).toBe("403 50001");
    twin.addChannel({ name: "another", guild });
    await settled(link);
    expect(link.names()).toEqual(["READY", "GUILD_CREATE"]);
    twin.invite(guild);
    expect((await link.event("GUILD_CREATE", 2)).d).toMatchObject({
      id: guild,
      channels: [{ id: place }, {}],
    });
    twin.kick(guild);
    expect((await link.event("GUILD_DELETE")).d).toEqual({ id: guild });
  });

  it("show their members, roles and channels, hidden ones too, which cannot be looked into", async () => {
    const overwrites = [{ id: twin.bot.id, of: "member", deny: PERMISSION.VIEW_CHANNEL } as const];
    const hidden = twin.addChannel({ name: "hidden", overwrites });
    twin.addThread({ channel: twin.addChannel({ name: "visible" }), name: "t" });
    const { body } = await request(twin, `GET /guilds/${twin.guild.id}/channels`);
    expect(body).toMatchObject([{ name: "hidden" }, { name: "visible" }]);
    expect(await outcome(twin, `GET /channels/${hidden}`)).toBe("403 50001");
    expect(await outcome(twin, `GET /guilds/${twin.guild.id}/members/${ann}`)).toBe("200");
    const stranger = twin.addUser({ name: "eve", guilds: [] });
    expect(await outcome(twin, `GET /guilds/${twin.guild.id}/members/${stranger.id}`)).toBe("404 10007");
    expect(await outcome(twin, `GET /guilds/${twin.guild.id}/members/1`)).toBe("404 10013");
    const roles = await request(twin, `GET /guilds/${twin.guild.id}/roles`);
    expect(roles.body).toMatchObject([
      { id: twin.guild.id, permissions: "0" },
      { managed: true, permissions: String(USUAL_PERMISSIONS), tags: { bot_id: twin.bot.id } },
    ]);
  });
});

describe("DMs", () => {
  const open = (recipient_id: unknown) => request(twin, "POST /users/@me/channels", { recipient_id });

  it("open once for each person", async () => {
    const { body } = await open(ann);
    expect(body).toMatchObject({ type: 1, recipients: [{ id: ann }] });
    expect((await open(ann)).body.id).toBe(body.id);
    expect(twin.openDm(ann)).toBe(body.id);
    expect(await send(body.id)).toBe("200");
  });

  it("refuse people that are not there, and bots", async () => {
    expect((await open("1")).body.code).toBe(50033);
    expect((await open(twin.addUser({ name: "other", bot: true }).id)).body.code).toBe(50033);
    expect((await open("x")).body.errors).toHaveProperty("recipient_id");
    expect((await open(undefined)).body.errors).toHaveProperty("recipient_id");
  });

  it("refuse messages to those who take none, and to those who share no guild", async () => {
    const dm = twin.openDm(ann);
    twin.acceptDms(ann, false);
    expect(await send(dm)).toBe("403 50007");
    twin.acceptDms(ann, true);
    expect(await send(dm)).toBe("200");
    const eve = twin.addUser({ name: "eve", guilds: [] });
    expect(await send(twin.openDm(eve.id))).toBe("403 50278");
  });

  it("do not let the bot delete what the other wrote", async () => {
    const dm = twin.openDm(ann);
    const said = twin.say({ channel: dm, user: ann, content: "x" });
    expect(await outcome(twin, `DELETE /channels/${dm}/messages/${said}`)).toBe("403 50003");
    expect(() => twin.say({ channel: dm, user: twin.addUser({ name: "bob" }).id, content: "x" })).toThrow(
      /DM/,
    );
  });

  it("are closed without being gone, and cannot be changed", async () => {
    const dm = twin.openDm(ann);
    expect(await outcome(twin, `PATCH /channels/${dm}`, { name: "x" })).toBe("403 50003");
    expect(await outcome(twin, `DELETE /channels/${dm}`)).toBe("200");
    expect(await send(dm)).toBe("200");
  });
});

describe("people and the application", () => {
  it("shows users, itself, and the privileged intents that are on", async () => {
    expect((await request(twin, `GET /users/${ann}`)).body).toMatchObject({ id: ann, username: "ann" });
    expect(await outcome(twin, "GET /users/1")).toBe("404 10013");
    expect((await request(twin, "GET /users/@me")).body).toMatchObject({ id: twin.bot.id, bot: true });
    const flags = async (): Promise<number> => (await request(twin, "GET /applications/@me")).body.flags;
    expect((await flags()) & ((1 << 18) | (1 << 19))).toBe(1 << 19);
    await twin.close();
    twin = await startDiscordTwin({ privilegedIntents: [] });
    expect(await flags()).toBe(0);
  });
});
