import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { createBehind } from "../../../src/sandbox/playground/behind.ts";
import { type Cast, createCast } from "../../../src/sandbox/playground/cast.ts";
import { createDiscordSide } from "../../../src/sandbox/playground/discord-side.ts";
import { type Playground, type Snapshot, startPlayground } from "../../../src/sandbox/playground/server.ts";
import { createSlackSide } from "../../../src/sandbox/playground/slack-side.ts";
import type { SlackTwin } from "../../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../../src/sandbox/slack/twin.ts";
import { startTelnyxTwin, type TelnyxTwin } from "../../../src/sandbox/telnyx/twin.ts";
import { readEvents } from "./events.ts";

let slack: SlackTwin;
let discord: DiscordTwin;
let telnyx: TelnyxTwin;
let cast: Cast;
let playground: Playground;
let support: string;
let general: string;

beforeEach(async () => {
  [slack, discord, telnyx] = await Promise.all([
    startSlackTwin({ bot: { name: "Patch" } }),
    startDiscordTwin({ botName: "Patch" }),
    startTelnyxTwin(),
  ]);
  cast = createCast({ slack, discord });
  support = slack.addChannel({ name: "support" });
  general = discord.addChannel({ name: "general" });
  const parts = {
    bot: "Patch",
    people: cast.players,
    slack: createSlackSide(slack, cast),
    discord: createDiscordSide(discord, cast),
    behind: createBehind(telnyx),
  };
  playground = await startPlayground(parts, 0);
});
afterEach(async () => {
  await playground.close();
  await Promise.all([slack.close(), discord.close(), telnyx.close()]);
});

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(playground.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const say = (more: Record<string, unknown>) =>
  post("/api/say", { side: "slack", person: "robin", text: "hello", ...more });
const state = async () => (await (await fetch(`${playground.url}/api/state`)).json()) as Snapshot;
/** `fetch` does not let one lie about the host. */
const getAs = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(`${playground.url}/api/state`, { headers: { host } }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on("error", reject)
      .end();
  });

describe("a command", () => {
  it("goes to the bot and leaves nothing in the channel; nobody there to take it is said", async () => {
    const before = slack.messages(support).length;
    const typed = say({ room: support, text: "/patchcord  help me" });
    expect((await typed).body["error"]).toBe("The bot did not take it in time.");
    expect(slack.deliveries.at(-1)?.payload).toMatchObject({ command: "/patchcord", text: "help me" });
    expect(slack.messages(support)).toHaveLength(before);
  });

  it("is refused where the platform has none", async () => {
    const root = slack.messages(support).at(-1)?.ts ?? (await say({ room: support })).body["id"];
    const errors = [
      await say({ room: support, text: "/nothing" }),
      await say({ room: support, root, text: "/patchcord help" }),
      await say({ side: "discord", room: general, text: "/patchcord help" }),
    ].map(({ status, body }) => [status, body["error"]]);
    expect(errors).toEqual([
      [409, "/nothing is not a valid command"],
      [409, "Slack takes no commands in threads."],
      [409, "There is no command /patchcord here."],
    ]);
  });
});

describe("saying something", () => {
  it("posts as the person, with mentions as the platform writes them", async () => {
    const said = await say({ room: support, text: "@patch and @Nobody, `@Patch` is code" });
    expect(said.status).toBe(201);
    expect(slack.messages(support).at(-1)).toMatchObject({
      ts: said.body["id"],
      author: "Robin",
      text: `<@${slack.bot.userId}> and @Nobody, \`@Patch\` is code`,
    });
    await say({ side: "discord", room: general, person: "ada", text: "@Patch @Grace" });
    expect(discord.messages(general).at(-1)?.content).toBe(
      `<@${discord.bot.id}> <@${cast.find("grace").discord}>`,
    );
  });

  it("goes into a thread of Slack, and answers a message of Discord", async () => {
    const { body: root } = await say({ room: support });
    await say({ room: support, root: root["id"], text: "in the thread" });
    expect(slack.messages(support, root["id"]).map(({ text }) => text)).toEqual(["hello", "in the thread"]);
    const { body: first } = await say({ side: "discord", room: general });
    await say({ side: "discord", room: general, replyTo: first["id"] });
    expect(discord.messages(general).at(-1)?.replyTo).toBe(first["id"]);
  });

  it("in a forum begins a post, whose title is the first line", async () => {
    const forum = discord.addChannel({ name: "questions", kind: "forum" });
    const { body } = await say({ side: "discord", room: forum, text: "@Patch How so?\nI wonder." });
    expect(discord.channels().find(({ id }) => id === body["room"])).toMatchObject({
      name: "How so?",
      parentId: forum,
    });
  });

  it.each([
    [404, { room: "C404" }],
    [404, { person: "nobody" }],
    [404, { root: "1.2" }],
    [404, { side: "discord", room: "404" }],
    [404, { side: "discord", replyTo: "404" }],
    [400, { text: " " }],
    [400, { side: "teams" }],
    [400, { extra: 1 }],
  ])("is refused with %i for %o", async (status, wrong) => {
    const room = (wrong as { side?: string }).side === "discord" ? general : support;
    const answer = await say({ room, ...wrong });
    expect(answer.status).toBe(status);
    expect(answer.body["error"]).toMatch(/\w/);
  });

  it("tells why the platform refuses it", async () => {
    const answer = await say({ side: "discord", room: general, text: "x".repeat(4_001) });
    expect(answer).toMatchObject({ status: 409, body: { error: expect.stringContaining("4000") } });
  });
});

describe("the door", () => {
  it("is shut to other hosts and origins, to forms, and to what is too long", async () => {
    expect(await getAs("sandbox.example")).toBe(403);
    expect(await getAs("127.0.0.1.example:80")).toBe(403);
    expect(await getAs(new URL(playground.url).host)).toBe(200);
    const room = support;
    const foreign = await post(
      "/api/say",
      { side: "slack", room, person: "robin", text: "x" },
      { origin: "http://evil.example" },
    );
    expect(foreign.status).toBe(403);
    expect((await post("/api/say", "side=slack", { "content-type": "text/plain" })).status).toBe(415);
    expect((await post("/api/say", { text: "x".repeat(70_000) })).status).toBe(413);
    expect((await post("/api/say", "{")).status).toBe(400);
    expect(slack.messages(room)).toEqual([]);
  });

  it("lets only the page's own files out, with a policy that allows nothing else", async () => {
    const page = await fetch(playground.url);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    expect((await fetch(`${playground.url}/page/app.js`)).headers.get("content-type")).toMatch(
      /^text\/javascript/,
    );
    for (const path of ["/page/none.js", "/page/..%2Fsandbox.ts", "/page/index.html", "/nothing"])
      expect((await fetch(playground.url + path)).status, path).toBe(404);
  });
});

describe("the stream", () => {
  it("begins with everything, and goes on with what changes, rendered and put together", async () => {
    slack.say({ channel: support, user: cast.find("ada").slack, text: "*before*" });
    await using events = await readEvents(`${playground.url}/api/events`);
    const snapshot = (await events.next("snapshot")) as Snapshot;
    expect(snapshot.sides.slack.messages).toMatchObject([
      { author: { name: "Ada" }, html: "<p><strong>before</strong></p>" },
    ]);
    const id = discord.say({ channel: general, user: cast.find("ada").discord, content: "one" });
    discord.edit(general, id, "two");
    discord.edit(general, id, "__three__");
    expect(await events.next("change")).toMatchObject({
      discord: { messages: [{ id, html: "<p><u>three</u></p>", edited: true, edits: 2 }], gone: [] },
    });
    discord.delete(general, id);
    expect(await events.next("change")).toMatchObject({
      discord: { messages: [], gone: [{ room: general, id }] },
    });
  });

  it("says who types, and what was asked of Telnyx", async () => {
    await using events = await readEvents(`${playground.url}/api/events`);
    await events.next("snapshot");
    discord.type(general, discord.bot.id);
    expect(await events.next("change")).toMatchObject({
      discord: { signs: [{ room: general, text: "Patch is typing…" }] },
    });
    await fetch(`${telnyx.url}/ai/conversations`, {
      method: "POST",
      headers: { authorization: `Bearer ${telnyx.apiKey}` },
      body: "{}",
    });
    expect(await events.next("behind")).toMatchObject({
      requests: [{ what: "starts a conversation", line: "POST /ai/conversations" }],
    });
  });
});

describe("the switches", () => {
  it("set the model's speed, and let the next answer go wrong", async () => {
    expect((await post("/api/speed", { tokensPerSecond: 12 })).status).toBe(201);
    expect((await state()).behind?.tokensPerSecond).toBe(12);
    expect((await post("/api/speed", { tokensPerSecond: 0 })).status).toBe(400);
    expect((await post("/api/mishap", { how: "rate_limit" })).status).toBe(201);
    const answer = await fetch(`${telnyx.url}/ai/openai/responses`, { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
  });
});
