import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sum } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { outcome, request } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off", everyone: 0n });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

describe("reacting", () => {
  const path = (id: string, emoji: string): `/${string}` =>
    `/channels/${channel}/messages/${id}/reactions/${encodeURIComponent(emoji)}`;

  it("adds, lists and takes away", async () => {
    const said = twin.say({ channel, user: ann, content: "x" });
    expect(await outcome(twin, `PUT ${path(said, "👍")}/@me`)).toBe("204");
    expect((await request(twin, `GET ${path(said, "👍")}`)).body).toMatchObject([{ id: twin.bot.id }]);
    expect(twin.messages(channel)[0]?.reactions).toEqual([{ emoji: "👍", users: [twin.bot.id] }]);
    expect(await outcome(twin, `DELETE ${path(said, "👍")}/@me`)).toBe("204");
    expect(twin.messages(channel)[0]?.reactions).toEqual([]);
    expect(await outcome(twin, `PUT ${path(said, "thumbsup")}/@me`)).toBe("400 10014");
    expect(await outcome(twin, `PUT ${path("1", "👍")}/@me`)).toBe("404 10008");
  });

  it("needs READ_MESSAGE_HISTORY, and ADD_REACTIONS for the first of its kind", async () => {
    const said = twin.say({ channel, user: ann, content: "x" });
    twin.react(channel, said, { user: ann, emoji: "🎉" });
    twin.grant(sum("VIEW_CHANNEL", "ADD_REACTIONS"));
    expect(await outcome(twin, `PUT ${path(said, "👍")}/@me`)).toBe("403 50013");
    expect(await outcome(twin, `GET ${path(said, "🎉")}`)).toBe("403 50013");
    twin.grant(sum("VIEW_CHANNEL", "READ_MESSAGE_HISTORY"));
    expect(await outcome(twin, `PUT ${path(said, "👍")}/@me`)).toBe("403 50013");
    expect(await outcome(twin, `PUT ${path(said, "🎉")}/@me`)).toBe("204");
  });

  it("takes twenty kinds a message, and none in archived threads", async () => {
    const said = twin.say({ channel, user: ann, content: "x" });
    const kinds = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(0x1f600 + index));
    for (const emoji of kinds.slice(0, 20)) await request(twin, `PUT ${path(said, emoji)}/@me`);
    expect(await outcome(twin, `PUT ${path(said, kinds[20] ?? "")}/@me`)).toBe("400 30010");
    const thread = twin.addThread({ channel, name: "x" });
    const inner = twin.say({ channel: thread, user: ann, content: "x" });
    twin.changeChannel(thread, { archived: true });
    const line =
      `PUT /channels/${thread}/messages/${inner}/reactions/${encodeURIComponent("👍")}/@me` as const;
    expect(await outcome(twin, line)).toBe("400 50083");
  });
});
