import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PERMISSION, USUAL_PERMISSIONS } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { request } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let ann: string;
let bob: string;
let crew: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off" });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
  bob = twin.addUser({ name: "bob" }).id;
  crew = twin.addRole({ name: "crew", mentionable: true, members: [ann] });
});
afterEach(() => twin.close());

const post = (body: object) => request(twin, `POST /channels/${channel}/messages`, body);
const edit = (id: string, body: object) => request(twin, `PATCH /channels/${channel}/messages/${id}`, body);
const all = () => `@everyone @here <@${ann}> <@!${bob}> <@&${crew}>`;

describe("mentions without allowed_mentions", () => {
  it("all count", async () => {
    const { body } = await post({ content: all() });
    expect(body).toMatchObject({ mention_everyone: true, mention_roles: [crew] });
    expect((body.mentions as { id: string }[]).map(({ id }) => id)).toEqual([ann, bob]);
    expect(twin.notifications).toEqual([
      {
        messageId: body.id,
        channelId: channel,
        authorId: twin.bot.id,
        by: "post",
        everyone: true,
        here: true,
        roles: [crew],
        users: [ann, bob],
      },
    ]);
  });

  it("of oneself reach nobody", async () => {
    await post({ content: `<@${twin.bot.id}>` });
    expect(twin.notifications).toEqual([]);
  });

  it("do not count in code, nor for those who are not there", async () => {
    await post({ content: `\`@everyone\` \`\`\`\n<@${ann}>\n\`\`\` <@123>` });
    expect(twin.notifications).toEqual([]);
  });

  it("of everyone, and of roles that are not mentionable, need MENTION_EVERYONE", async () => {
    const staff = twin.addRole({ name: "staff" });
    twin.grant(USUAL_PERMISSIONS & ~PERMISSION.MENTION_EVERYONE);
    const { body } = await post({ content: `${all()} <@&${staff}>` });
    expect(body).toMatchObject({ mention_everyone: false, mention_roles: [crew] });
    twin.grant(USUAL_PERMISSIONS);
    expect((await post({ content: `${all()} <@&${staff}>` })).body).toMatchObject({
      mention_everyone: true,
      mention_roles: [crew, staff],
    });
  });

  it("count anew in an edit, whatever the post allowed", async () => {
    const { body } = await post({ content: all(), allowed_mentions: { parse: [] } });
    expect(twin.notifications).toEqual([]);
    await edit(body.id, { content: `${all()} again` });
    expect(twin.notifications).toMatchObject([{ by: "edit", everyone: true, here: true, users: [ann, bob] }]);
  });

  it("do not count in an edit that leaves the text alone", async () => {
    const { body } = await post({ content: all(), allowed_mentions: { parse: [] } });
    await edit(body.id, { flags: 4 });
    expect(twin.notifications).toEqual([]);
  });
});

describe("allowed_mentions", () => {
  const reached = async (allowed_mentions: object): Promise<object | undefined> => {
    await post({ content: all(), allowed_mentions });
    return twin.notifications.at(-1);
  };

  it("allow kinds", async () => {
    expect(await reached({ parse: [] })).toBeUndefined();
    expect(await reached({ parse: ["users"] })).toMatchObject({
      everyone: false,
      roles: [],
      users: [ann, bob],
    });
    expect(await reached({ parse: ["roles"] })).toMatchObject({ everyone: false, roles: [crew], users: [] });
    expect(await reached({ parse: ["everyone"] })).toMatchObject({ everyone: true, roles: [], users: [] });
  });

  it("allow single users and roles", async () => {
    expect(await reached({ users: [bob] })).toMatchObject({ everyone: false, roles: [], users: [bob] });
    expect(await reached({ roles: [crew] })).toMatchObject({ everyone: false, roles: [crew], users: [] });
    expect(await reached({ parse: ["users"], users: [] })).toMatchObject({ users: [ann, bob] });
  });

  it("hold in edits that carry them", async () => {
    const { body } = await post({ content: "x" });
    await edit(body.id, { content: all(), allowed_mentions: { parse: [] } });
    expect(twin.notifications).toEqual([]);
  });

  it.each([
    [{ parse: ["people"] }, "allowed_mentions.parse.0"],
    [{ parse: ["users"], users: ["1"] }, "allowed_mentions"],
    [{ parse: ["roles"], roles: ["1"] }, "allowed_mentions"],
    [{ users: Array.from({ length: 101 }, String) }, "allowed_mentions.users"],
  ])("refuse %j", async (allowed_mentions, at) => {
    const { status, body } = await post({ content: "x", allowed_mentions });
    expect(status).toBe(400);
    expect(body.errors).toHaveProperty(`${at}._errors`);
  });
});

describe("a reply's ping", () => {
  const reply = async (more: object): Promise<object | undefined> => {
    const message_id = twin.say({ channel, user: ann, content: "Question" });
    const { body } = await post({ content: "Answer", message_reference: { message_id }, ...more });
    return twin.notifications.find(({ messageId }) => messageId === body.id);
  };

  it("reaches the author unless it is held back", async () => {
    expect(await reply({})).toMatchObject({ users: [], repliedUser: ann });
    expect(await reply({ allowed_mentions: { parse: [], replied_user: true } })).toMatchObject({
      repliedUser: ann,
    });
    expect(await reply({ allowed_mentions: { parse: [] } })).toBeUndefined();
    expect(await reply({ allowed_mentions: { parse: [], replied_user: false } })).toBeUndefined();
  });

  it("stays as it was in an edit, and reaches nobody twice", async () => {
    const message_id = twin.say({ channel, user: ann, content: "Question" });
    const { body } = await post({ content: "Answer", message_reference: { message_id } });
    const edited = await edit(body.id, { content: "Better", allowed_mentions: { parse: [] } });
    expect(edited.body.mentions).toMatchObject([{ id: ann }]);
    expect(twin.notifications).toHaveLength(1);
  });

  it("does not reach oneself", async () => {
    const { body } = await post({ content: "Question" });
    await post({ content: "Answer", message_reference: { message_id: body.id } });
    expect(twin.notifications).toEqual([]);
  });
});
