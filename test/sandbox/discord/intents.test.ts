import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INTENT } from "../../../src/sandbox/discord/intents.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, request, settled, type Link } from "./bot.ts";

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
const DATA: (keyof typeof INTENT)[] = ["GUILDS", "GUILD_MESSAGES", "DIRECT_MESSAGES", "MESSAGE_CONTENT"];
const bits = (...names: readonly (keyof typeof INTENT)[]) =>
  names.reduce((sum, name) => sum | INTENT[name], 0);

/** Everything that can be heard, in a guild and in a DM. */
function stir(): void {
  for (const place of [channel, dm]) {
    const id = twin.say({ channel: place, user: ann, content: "x" });
    twin.react(place, id, { user: ann, emoji: "👍" });
    twin.type(place, ann);
    twin.edit(place, id, "y");
    twin.delete(place, id);
  }
  twin.addUser({ name: "bob" });
  twin.addThread({ channel, name: "t", user: ann });
}

describe("intents", () => {
  const inGuild = (link: Link) =>
    link.packets.filter(({ t, d }) => t !== "READY" && d?.guild_id !== undefined).map(({ t }) => t);
  const inDm = (link: Link) => link.packets.filter(({ d }) => d?.channel_id === dm).map(({ t }) => t);

  it.each([
    ["GUILDS", ["THREAD_CREATE"], []],
    ["GUILD_MEMBERS", ["GUILD_MEMBER_ADD"], []],
    ["GUILD_MESSAGES", ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_CREATE"], []],
    ["GUILD_MESSAGE_REACTIONS", ["MESSAGE_REACTION_ADD"], []],
    ["GUILD_MESSAGE_TYPING", ["TYPING_START"], []],
    ["DIRECT_MESSAGES", [], ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]],
    ["DIRECT_MESSAGE_REACTIONS", [], ["MESSAGE_REACTION_ADD"]],
    ["DIRECT_MESSAGE_TYPING", [], ["TYPING_START"]],
  ] as const)("%s alone brings its events and no others", async (intent, guildEvents, dmEvents) => {
    const link = await identified(twin, INTENT[intent]);
    stir();
    await settled(link);
    expect(inGuild(link)).toEqual(guildEvents);
    expect(inDm(link)).toEqual(dmEvents);
    expect(link.names().includes("GUILD_CREATE")).toBe(intent === "GUILDS");
  });
});

describe("message content without the intent", () => {
  const contents = async (link: Link, count: number): Promise<string[]> => {
    await link.event("MESSAGE_CREATE", count);
    return link.packets.filter(({ t }) => t === "MESSAGE_CREATE").map(({ d }) => String(d.content));
  };

  it("is empty, save for own messages, DMs and mentions of the bot", async () => {
    const link = await identified(twin, bits(...DATA) & ~INTENT.MESSAGE_CONTENT);
    const own = await request(twin, `POST /channels/${channel}/messages`, { content: "own" });
    const files = [{ name: "a.txt", bytes: "a" }];
    say("https://a.example", { files });
    say(`<@${twin.bot.id}> hello`);
    say("a reply", { replyTo: own.body.id });
    say("a reply without a ping", { replyTo: own.body.id, pingReplied: false });
    twin.say({ channel: dm, user: ann, content: "psst" });
    expect(await contents(link, 6)).toEqual(["own", "", `<@${twin.bot.id}> hello`, "a reply", "", "psst"]);
    expect((await link.event("MESSAGE_CREATE", 2)).d).toMatchObject({ attachments: [], embeds: [] });
    expect((await link.event("MESSAGE_UPDATE")).d).toMatchObject({
      content: "",
      attachments: [],
      embeds: [],
    });
    // What a message replies to is judged by itself.
    expect((await link.event("MESSAGE_CREATE", 5)).d.referenced_message.content).toBe("own");
  });

  it("is there with it", async () => {
    const link = await identified(twin, bits(...DATA));
    say("https://a.example", { files: [{ name: "a.txt", bytes: "a" }] });
    expect(await contents(link, 1)).toEqual(["https://a.example"]);
    expect((await link.event("MESSAGE_UPDATE")).d).toMatchObject({
      embeds: [{ url: "https://a.example" }],
      attachments: [{ filename: "a.txt" }],
    });
  });

  it("goes by the application in REST", async () => {
    say("hello");
    const line = `/channels/${channel}/messages` as const;
    await identified(twin, INTENT.GUILDS);
    expect((await request(twin, `GET ${line}`)).body[0].content).toBe("hello");
    await twin.close();
    twin = await startDiscordTwin({ privilegedIntents: [] });
    channel = twin.addChannel({ name: "general" });
    ann = twin.addUser({ name: "ann" }).id;
    say("hello");
    expect((await request(twin, `GET /channels/${channel}/messages`)).body[0].content).toBe("");
  });

  it("is left out of forwards, too, save in DMs", async () => {
    const forward = say("inner");
    const link = await identified(twin, bits(...DATA) & ~INTENT.MESSAGE_CONTENT);
    say("", { forward });
    expect((await link.event("MESSAGE_CREATE")).d.message_snapshots[0].message.content).toBe("");
    twin.say({ channel: dm, user: ann, content: "", forward });
    expect((await link.event("MESSAGE_CREATE", 2)).d.message_snapshots[0].message.content).toBe("inner");
  });
});
