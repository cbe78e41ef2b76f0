import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { identified, request, type Link } from "./bot.ts";

let twin: DiscordTwin;
let link: Link;
let channel: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off" });
  channel = twin.addChannel({ name: "general", topic: "Everything" });
  ann = twin.addUser({ name: "ann", displayName: "Ann" }).id;
  link = await identified(twin);
});
afterEach(() => twin.close());

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/discord/${name}.json`, import.meta.url), "utf8"));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every path of a payload with the kind of value there. Lists are looked into at their first element. */
function shape(value: unknown, path = "$"): Map<string, string> {
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const inner = Array.isArray(value)
    ? [["[0]", value[0]] as const].filter(([, first]) => first !== undefined)
    : [];
  const fields = isObject(value)
    ? Object.entries(value).map(([key, field]) => [`.${key}`, field] as const)
    : inner;
  return new Map([[path, kind], ...fields.flatMap(([step, field]) => [...shape(field, path + step)])]);
}

/** What the sample has and the payload has not, or has of another kind. Null fits everything. */
function missing(sample: unknown, payload: unknown): string[] {
  const found = shape(payload);
  return [...shape(sample)].flatMap(([path, kind]) => {
    const other = found.get(path);
    // Under a null or an empty list there is nothing to compare.
    const parent = path.replace(/(\.[^.[]+|\[0\])$/, "");
    if (other === undefined && (found.get(parent) === "null" || path.endsWith("[0]"))) return [];
    if (other === undefined && found.get(parent) === undefined) return [];
    if (other === undefined) return [`${path} is missing`];
    return kind === other || kind === "null" || other === "null" ? [] : [`${path} is ${other}, not ${kind}`];
  });
}

describe("comparing shapes", () => {
  it("sees what is missing, of another kind, or inside a list", () => {
    const sample = { a: 1, b: null, c: [{ d: "x" }], e: { f: true } };
    expect(missing(sample, { a: 2, b: "y", c: [{ d: "z" }], e: { f: false } })).toEqual([]);
    expect(missing(sample, { a: "2", b: 1, c: [{}], e: {} })).toEqual([
      "$.a is string, not number",
      "$.c[0].d is missing",
      "$.e.f is missing",
    ]);
  });
});

describe("REST answers have the documented fields", () => {
  it.each([
    ["current-user", "/users/@me"],
    ["application", "/applications/@me"],
    ["gateway-bot", "/gateway/bot"],
    ["guild", "/guilds/:guild"],
    ["guild-member", "/guilds/:guild/members/:ann"],
    ["channel-text", "/channels/:channel"],
    ["channel-category", "/channels/:category"],
    ["channel-dm", "/channels/:dm"],
    ["channel-thread", "/channels/:thread"],
    ["message", "/channels/:channel/messages/:message"],
  ])("%s", async (name, path) => {
    const message = twin.say({ channel, user: ann, content: "Hello" });
    twin.react(channel, message, { user: ann, emoji: "👍" });
    const ids: Record<string, string> = {
      guild: twin.guild.id,
      ann,
      channel,
      message,
      category: twin.addChannel({ name: "group", kind: "category" }),
      dm: twin.openDm(ann),
      thread: twin.addThread({ channel, name: "t" }),
    };
    const filled = path.replace(/:(\w+)/g, (_, key: string) => ids[key] ?? "");
    const { status, body } = await request(twin, `GET ${filled}`);
    expect(status).toBe(200);
    expect(missing(fixture(name), body)).toEqual([]);
  });

  it("role", async () => {
    const { body } = await request(twin, `GET /guilds/${twin.guild.id}/roles`);
    expect(missing(fixture("role"), body[0])).toEqual([]);
  });

  it("form-error and rate-limited", async () => {
    const refused = await request(twin, `POST /channels/${channel}/messages`, { content: "x".repeat(2001) });
    expect(refused.body).toEqual(fixture("form-error"));
    await twin.close();
    twin = await startDiscordTwin({ rates: { route: { count: 1, windowMs: 1000 } } });
    await request(twin, "GET /users/@me");
    expect(missing(fixture("rate-limited"), (await request(twin, "GET /users/@me")).body)).toEqual([]);
  });
});

describe("events have the recorded fields", () => {
  it("MESSAGE_CREATE has exactly those", async () => {
    twin.say({ channel, user: ann, content: `<@${twin.bot.id}> hello` });
    const { d } = await link.event("MESSAGE_CREATE");
    const sample = fixture("message-create");
    expect(missing(sample, d)).toEqual([]);
    expect([...shape(d).keys()].sort()).toEqual([...shape(sample).keys()].sort());
  });

  it("MESSAGE_UPDATE has the same but for the nonce", async () => {
    const id = twin.say({ channel, user: ann, content: "x" });
    twin.edit(channel, id, `<@${twin.bot.id}> hello`);
    const { d } = await link.event("MESSAGE_UPDATE");
    const created = [...shape(fixture("message-create")).keys()].filter((path) => path !== "$.nonce");
    expect([...shape(d).keys()].sort()).toEqual(created.sort());
  });

  it("MESSAGE_REACTION_ADD has exactly those", async () => {
    const id = twin.say({ channel, user: ann, content: "x" });
    twin.react(channel, id, { user: ann, emoji: "👍" });
    const { d } = await link.event("MESSAGE_REACTION_ADD");
    expect([...shape(d).keys()].sort()).toEqual([...shape(fixture("message-reaction-add")).keys()].sort());
  });

  it("READY and GUILD_CREATE carry guilds", async () => {
    expect((await link.event("READY")).d.guilds).toEqual([
      { ...(fixture("guild-unavailable") as object), id: twin.guild.id },
    ]);
    const { d } = await link.event("GUILD_CREATE");
    expect(missing(fixture("guild"), d)).toEqual([]);
    expect(missing(fixture("role"), d.roles[0])).toEqual([]);
    expect(missing(fixture("guild-member"), d.members[0])).toEqual([]);
    expect(missing(fixture("channel-text"), d.channels[0])).toEqual([]);
  });

  it("thread events carry threads and their members", async () => {
    const thread = twin.addThread({ channel, name: "t", user: ann });
    expect(missing(fixture("channel-thread"), (await link.event("THREAD_CREATE")).d)).toEqual([]);
    await request(twin, `POST /channels/${thread}/messages`, { content: "x" });
    const { d } = await link.event("THREAD_MEMBERS_UPDATE");
    expect(missing(fixture("thread-member"), d.added_members[0])).toEqual([]);
  });
});
