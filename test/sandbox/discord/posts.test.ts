import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PERMISSION, sum } from "../../../src/sandbox/discord/permissions.ts";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { outcome, request } from "./bot.ts";

let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  twin = await startDiscordTwin({ limits: "off" });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(() => twin.close());

const post = (body: unknown) => request(twin, `POST /channels/${channel}/messages`, body);
const errorsOf = async (body: unknown): Promise<unknown> => (await post(body)).body.errors;

describe("posting a message", () => {
  it("answers the message, and shows it in the channel", async () => {
    const { status, body } = await post({ content: "Hello" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      content: "Hello",
      channel_id: channel,
      author: { id: twin.bot.id, bot: true },
    });
    expect(twin.messages(channel)).toMatchObject([{ id: body.id, content: "Hello", author: { bot: true } }]);
  });

  it("takes away the space around the text", async () => {
    const { body } = await post({ content: "\n Hello  \n" });
    expect(body.content).toBe("Hello");
  });

  it("refuses 2001 characters with the tree of what is wrong, and takes 2000", async () => {
    const { status, body } = await post({ content: "x".repeat(2001) });
    expect(status).toBe(400);
    expect(body).toEqual({
      message: "Invalid Form Body",
      code: 50035,
      errors: {
        content: {
          _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }],
        },
      },
    });
    expect((await post({ content: "x".repeat(2000) })).status).toBe(200);
  });

  it("counts code points", async () => {
    expect((await post({ content: "😀".repeat(2000) })).status).toBe(200);
    expect((await post({ content: "😀".repeat(2001) })).status).toBe(400);
  });

  it.each([{}, { content: "" }, { content: "   " }, { content: null }, { embeds: [] }])(
    "refuses the empty message %j",
    async (body) => {
      expect(await outcome(twin, `POST /channels/${channel}/messages`, body)).toBe("400 50006");
    },
  );

  it("names every wrong field at once", async () => {
    const errors = await errorsOf({ content: 5, nonce: "x".repeat(26), enforce_nonce: "yes", flags: "many" });
    expect(Object.keys(errors as object).sort()).toEqual(["content", "enforce_nonce", "flags", "nonce"]);
  });

  it("refuses what is no JSON object, and other types of content", async () => {
    const json = { "content-type": "application/json" };
    const line = `POST /channels/${channel}/messages` as const;
    expect((await request(twin, line, "{", json)).body.code).toBe(50109);
    expect((await request(twin, line, "[]", json)).body.code).toBe(50109);
    expect((await request(twin, line, "content=x", { "content-type": "text/plain" })).body.code).toBe(50035);
  });

  it("refuses to lose what the twin does not play", async () => {
    expect((await post({ content: "x", components: [{ type: 17 }] })).status).toBe(500);
  });

  it("limits embeds", async () => {
    const description = "x".repeat(3000);
    expect((await post({ embeds: [{ description }] })).status).toBe(200);
    expect(await errorsOf({ embeds: [{ description }, { description: `${description}x` }] })).toMatchObject({
      embeds: { _errors: [{ code: "MAX_EMBED_SIZE_EXCEEDED" }] },
    });
    expect(await errorsOf({ embeds: [{ description: "x".repeat(4097) }] })).toHaveProperty(
      "embeds.0.description",
    );
    expect(await errorsOf({ embeds: [{ title: "x".repeat(257) }] })).toHaveProperty("embeds.0.title");
    expect(await errorsOf({ embeds: Array.from({ length: 11 }, () => ({ title: "x" })) })).toHaveProperty(
      "embeds._errors",
    );
  });

  it("refuses files of more than 10 MiB each and 25 MiB together", async () => {
    const withFiles = (...sizes: readonly number[]) => {
      const form = new FormData();
      sizes.forEach((size, index) => form.set(`files[${index}]`, new Blob([new Uint8Array(size)]), "x.bin"));
      return form;
    };
    const mib = 1024 * 1024;
    expect((await post(withFiles(10 * mib + 1))).body.code).toBe(40005);
    expect((await post(withFiles(9 * mib, 9 * mib, 9 * mib))).body.code).toBe(40005);
    expect((await post(withFiles(9 * mib, 9 * mib))).status).toBe(200);
  });

  it("keeps links from unfurling by flag, by brackets and without EMBED_LINKS, and records those that do", async () => {
    const { body } = await post({ content: "https://a.example and <https://b.example> `https://c.example`" });
    expect(twin.unfurlings).toMatchObject([{ messageId: body.id, url: "https://a.example" }]);
    expect(twin.messages(channel).at(-1)?.embeds).toEqual([{ url: "https://a.example" }]);
    expect((await post({ content: "https://a.example", flags: 4 + 64 })).body.flags).toBe(4);
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES"));
    await post({ content: "https://a.example" });
    expect(twin.unfurlings).toHaveLength(1);
  });
});

describe("replying", () => {
  const reply = (reference: object, more: object = {}) =>
    post({ content: "Yes", message_reference: reference, ...more });

  it("points to the message, and carries it", async () => {
    const question = twin.say({ channel, user: ann, content: "Is it?" });
    const { body } = await reply({ message_id: question });
    expect(body).toMatchObject({
      type: 19,
      message_reference: { type: 0, message_id: question, channel_id: channel, guild_id: twin.guild.id },
      referenced_message: { id: question, content: "Is it?" },
    });
    expect(twin.messages(channel).at(-1)?.replyTo).toBe(question);
  });

  it("refuses a message that is gone, unless told not to mind", async () => {
    const question = twin.say({ channel, user: ann, content: "Is it?" });
    twin.delete(channel, question);
    const refused = await reply({ message_id: question });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      code: 50035,
      errors: {
        message_reference: {
          _errors: [{ code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message: "Unknown message" }],
        },
      },
    });
    const plain = await reply({ message_id: question, fail_if_not_exists: false });
    expect(plain.body).toMatchObject({ type: 0, content: "Yes" });
  });

  it("refuses a message of another channel", async () => {
    const other = twin.addChannel({ name: "other" });
    const question = twin.say({ channel: other, user: ann, content: "Is it?" });
    expect((await reply({ message_id: question, channel_id: other })).body.code).toBe(50035);
    const here = twin.say({ channel, user: ann, content: "Is it?" });
    expect((await reply({ message_id: here, channel_id: other })).body.code).toBe(50035);
  });

  it("refuses system messages", async () => {
    const joined = twin.say({ channel, user: ann, content: "", type: 7 });
    expect((await reply({ message_id: joined })).body.errors).toHaveProperty("message_reference");
    const indifferent = await reply({ message_id: joined, fail_if_not_exists: false });
    expect(indifferent.body.errors).toHaveProperty("message_reference");
  });

  it("needs READ_MESSAGE_HISTORY", async () => {
    const question = twin.say({ channel, user: ann, content: "Is it?" });
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES"));
    expect((await reply({ message_id: question })).body.code).toBe(160002);
    twin.grant(sum("VIEW_CHANNEL", "SEND_MESSAGES") | PERMISSION.READ_MESSAGE_HISTORY);
    expect((await reply({ message_id: question })).status).toBe(200);
  });
});

describe("posting with a nonce", () => {
  const once = (nonce: string | number, more: object = {}) =>
    post({ content: "Once", nonce, enforce_nonce: true, ...more });

  it("returns the first message for the same nonce, whatever the text and the channel", async () => {
    const first = await once("key-1");
    const second = await once("key-1", { content: "Twice" });
    const other = twin.addChannel({ name: "other" });
    const third = await request(twin, `POST /channels/${other}/messages`, {
      content: "Thrice",
      nonce: "key-1",
      enforce_nonce: true,
    });
    expect([second.body, third.body]).toEqual([first.body, first.body]);
    expect(first.body.nonce).toBe("key-1");
    expect((await request(twin, `GET /channels/${channel}/messages`)).body[0]).not.toHaveProperty("nonce");
    expect(twin.messages(channel)).toHaveLength(1);
    expect(twin.messages(other)).toHaveLength(0);
  });

  it("posts again with another nonce, and without enforce_nonce", async () => {
    await once("key-1");
    await once("key-2");
    await post({ content: "Again", nonce: "key-1" });
    expect(twin.messages(channel)).toHaveLength(3);
  });

  it("knows the nonces of messages that did not enforce theirs", async () => {
    await post({ content: "First", nonce: "key-1" });
    expect((await once("key-1")).body.content).toBe("First");
  });

  it("says Unknown Message when the first was deleted", async () => {
    const { body } = await once("key-1");
    twin.delete(channel, body.id);
    expect((await once("key-1")).body.code).toBe(10008);
  });

  it("does not know other people's nonces", async () => {
    const said = twin.say({ channel, user: ann, content: "Mine" });
    const nonce = twin.messages(channel).find(({ id }) => id === said)?.nonce;
    expect((await once(nonce ?? "")).body.content).toBe("Once");
  });

  it("forgets after some minutes", async () => {
    await twin.close();
    twin = await startDiscordTwin({ limits: "off", nonceMs: 0 });
    channel = twin.addChannel({ name: "general" });
    await once("key-1");
    await once("key-1");
    expect(twin.messages(channel)).toHaveLength(2);
  });

  it("takes numbers, and texts of 25 characters and no more", async () => {
    expect((await once(7)).body.nonce).toBe(7);
    expect((await once("x".repeat(25))).status).toBe(200);
    expect((await once("x".repeat(26))).body.errors).toHaveProperty("nonce");
  });
});
