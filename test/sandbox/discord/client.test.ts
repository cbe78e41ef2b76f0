import { DiscordAPIError, REST, Routes, type Message, type PartialMessage } from "discord.js";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { startRig, type Rig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

describe("discord.js", () => {
  it("logs in, and knows the guild, its channels and the bot's permissions there", async () => {
    rig = await startRig();
    const { twin, client, channel } = rig;
    await eventually("the channel", () => client.channels.cache.get(channel));
    const guild = client.guilds.cache.get(twin.guild.id);
    expect(guild).toMatchObject({ name: twin.guild.name, available: true });
    const own = guild?.members.me?.permissionsIn(channel);
    expect(own?.has(["ViewChannel", "SendMessages", "CreatePublicThreads"])).toBe(true);
    expect(own?.has("ManageMessages")).toBe(false);
    expect(client.user).toMatchObject({ id: twin.bot.id, bot: true });
    expect((await client.application.fetch()).flags.toArray()).toContain("GatewayMessageContentLimited");
  });

  it("hears messages of channels, DMs, threads it does not know, and forum posts", async () => {
    rig = await startRig();
    const { twin, client, channel, ann, heard } = rig;
    const thread = twin.addThread({ channel, name: "t", user: ann });
    const known = await eventually("the thread", () => client.channels.cache.get(thread));
    client.channels.cache.delete(known.id);
    client.guilds.cache.get(twin.guild.id)?.channels.cache.delete(known.id);
    twin.say({ channel, user: ann, content: "in a channel" });
    twin.say({ channel: twin.openDm(ann), user: ann, content: "in a DM" });
    twin.say({ channel: thread, user: ann, content: "in a thread" });
    const forum = twin.addChannel({ name: "help", kind: "forum" });
    twin.postInForum({ forum, user: ann, title: "t", content: "in a forum" });
    const spoken = () => heard.filter(({ system }) => !system).map(({ content }) => content);
    await eventually("all of them", () => spoken().length === 4);
    expect(spoken()).toEqual(["in a channel", "in a DM", "in a thread", "in a forum"]);
    expect(heard.find(({ content }) => content === "in a thread")?.channel.isThread()).toBe(true);
  });

  it("hears edits, deletions, reactions and typing, of uncached messages too", async () => {
    rig = await startRig();
    const { twin, client, channel, ann } = rig;
    const id = twin.say({ channel, user: ann, content: "old" });
    expect(await rig.hears(1)).toEqual(["old"]);
    const happened: string[] = [];
    client.on("messageUpdate", (_: unknown, now: Message | PartialMessage) =>
      happened.push(`edited ${now.content}`),
    );
    client.on("messageDelete", () => happened.push("deleted"));
    client.on("messageReactionAdd", ({ emoji }) => happened.push(`reacted ${emoji.name}`));
    client.on("typingStart", ({ user }) => happened.push(`typing ${user.id}`));
    for (const cached of client.channels.cache.values())
      if (cached.isTextBased()) cached.messages.cache.clear();
    twin.type(channel, ann);
    twin.edit(channel, id, "new");
    twin.react(channel, id, { user: ann, emoji: "👍" });
    twin.delete(channel, id);
    await eventually("the deletion", () => happened.includes("deleted"));
    expect(happened).toEqual([`typing ${ann}`, "edited new", "reacted 👍", "deleted"]);
  });

  it("sends, replies, edits, reacts, types, starts threads and writes DMs", async () => {
    rig = await startRig();
    const { twin, client, channel, ann } = rig;
    const question = twin.say({ channel, user: ann, content: "question" });
    const place = await rig.place();
    await place.sendTyping();
    expect(twin.typing(channel)).toEqual([twin.bot.id]);
    const answer = await place.send({ content: "answer", reply: { messageReference: question } });
    await answer.edit("better answer");
    await answer.react("👍");
    const asked = await place.messages.fetch(question);
    const thread = await asked.startThread({ name: "Topic" });
    await thread.send("in the thread");
    await (await client.users.fetch(ann)).send("psst");
    expect(thread.id).toBe(question);
    expect(twin.messages(channel)).toMatchObject([
      { id: question, threadId: question },
      { content: "better answer", replyTo: question, reactions: [{ emoji: "👍", users: [twin.bot.id] }] },
    ]);
    expect(twin.messages(thread.id).at(-1)?.content).toBe("in the thread");
    expect(twin.messages(twin.openDm(ann))).toMatchObject([{ content: "psst" }]);
    expect((await place.messages.fetch({ limit: 10 })).map(({ content }) => content)).toEqual([
      "better answer",
      "question",
    ]);
  });

  it("reads the code and the tree of a refusal", async () => {
    rig = await startRig();
    const place = await rig.place();
    const refused: unknown = await place.send("x".repeat(2001)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DiscordAPIError);
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect(String(refused)).toContain("content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer in length.");
  });

  it("posts once when the answer was swallowed, because of the nonce", async () => {
    rig = await startRig();
    const { twin, channel } = rig;
    const place = await rig.place();
    const isPost = ({ method, path }: { method: string; path: string }) =>
      method === "POST" && path.endsWith("/messages");
    twin.inject({ matches: isPost, times: 2, effect: { kind: "swallow" } });
    const sent = await place.send("once");
    expect(twin.requests.filter(isPost)).toHaveLength(3);
    expect(twin.messages(channel)).toMatchObject([{ id: sent.id, content: "once" }]);
    await place.send("once");
    expect(twin.messages(channel)).toHaveLength(2);
  });

  it("waits for its budget, and no request is refused", async () => {
    // It learns with the first edit that posts and edits share a bucket.
    rig = await startRig({ rates: { write: { count: 3, windowMs: 300 } } });
    const { twin, client, channel } = rig;
    const place = await rig.place();
    const waits: string[] = [];
    const statuses = new Set<number>();
    client.rest.on("rateLimited", ({ route }) => waits.push(route));
    client.rest.on("response", (_, response) => statuses.add(response.status));
    const sent = await place.send("0");
    for (let count = 1; count < 4; count += 1) await sent.edit(String(count));
    expect(twin.messages(channel)[0]?.history).toHaveLength(3);
    expect(waits).toEqual(["/channels/:id/messages/:id"]);
    expect([...statuses]).toEqual([200]);
  });

  it("obeys a 429 of a limit that no header tells of", async () => {
    rig = await startRig({ rates: { write: { count: 3, windowMs: 300 } } });
    const { twin, channel } = rig;
    const place = await rig.place();
    const sent = await place.send("0");
    const rival = new REST({ api: twin.apiUrl }).setToken(twin.token);
    const statuses: number[] = [];
    rival.on("response", (_, response) => statuses.push(response.status));
    await rival.patch(Routes.channelMessage(channel, sent.id), { body: { content: "1" } });
    await sent.edit("2");
    await rival.patch(Routes.channelMessage(channel, sent.id), { body: { content: "3" } });
    expect(statuses).toEqual([200, 429, 200]);
    expect(twin.messages(channel)[0]?.content).toBe("3");
  });
});
