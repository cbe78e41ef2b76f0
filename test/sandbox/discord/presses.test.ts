import {
  ActionRowBuilder,
  ButtonBuilder,
  type ButtonInteraction,
  ButtonStyle,
  MessageFlags,
} from "discord.js";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import type { Change } from "../../../src/sandbox/discord/shown.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { identified, outcome, request, settled } from "./bot.ts";
import { eventually } from "../../eventually.ts";
import { startRig } from "./rig.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const button = (custom_id: string, more: object = {}) => ({
  type: 2,
  style: 2,
  label: "Stop",
  custom_id,
  ...more,
});
const row = (...components: object[]) => ({ type: 1, components });

/** A bot by hand, and a message of its with a button. */
async function open(options: Parameters<typeof startDiscordTwin>[0] = {}) {
  const twin = await startDiscordTwin({ limits: "off", ...options });
  ends.push(() => twin.close());
  const channel = twin.addChannel({ name: "general" });
  const ann = twin.addUser({ name: "ann" }).id;
  const link = await identified(twin);
  const posts = `POST /channels/${channel}/messages` as const;
  const { body } = await request(twin, posts, { content: "Still …", components: [row(button("halt"))] });
  const press = () => twin.press({ channel, message: body.id as string, user: ann, customId: "halt" });
  return { twin, channel, ann, link, posts, id: body.id as string, press };
}

const callback = ({ d }: { d: { id: string; token: string } }) =>
  `POST /interactions/${d.id}/${d.token}/callback` as const;

describe("discord.js", () => {
  async function pressed(answer: (interaction: ButtonInteraction) => Promise<unknown>) {
    const rig = await startRig();
    ends.push(() => rig.stop());
    const interactions: ButtonInteraction[] = [];
    const answered: Promise<unknown>[] = [];
    rig.client.on("interactionCreate", (interaction) => {
      if (!interaction.isButton()) return;
      interactions.push(interaction);
      answered.push(answer(interaction));
    });
    const stop = new ButtonBuilder().setCustomId("halt").setLabel("Stop").setStyle(ButtonStyle.Danger);
    const components = [new ActionRowBuilder<ButtonBuilder>().addComponents(stop)];
    const message = await (await rig.place()).send({ content: "Still …", components });
    const changes: Change[] = [];
    rig.twin.subscribe((change) => void changes.push(change));
    const { channel, ann: user } = rig;
    const isTaken = await rig.twin.press({ channel, message: message.id, user, customId: "halt" });
    await Promise.all(answered);
    return { rig, interactions, changes, isTaken, message };
  }

  it("hears of a button in full, and says that nothing is to be shown", async () => {
    const { rig, interactions, changes, isTaken, message } = await pressed((one) => one.deferUpdate());
    expect(isTaken).toBe(true);
    const [interaction] = interactions;
    expect(interaction).toMatchObject({
      customId: "halt",
      channelId: rig.channel,
      guildId: rig.twin.guild.id,
    });
    expect(interaction?.message.id).toBe(message.id);
    expect(interaction?.message.components).toHaveLength(1);
    expect(interaction?.user.id).toBe(rig.ann);
    expect(interaction?.memberPermissions?.has("ViewChannel")).toBe(true);
    expect(interaction?.appPermissions.has("SendMessages")).toBe(true);
    expect(changes).toEqual([]);
  });

  it("answers one person, in a message that is kept nowhere", async () => {
    const reply = { content: "Nothing to stop.", flags: MessageFlags.Ephemeral } as const;
    const { rig, changes, isTaken } = await pressed((one) => one.reply(reply));
    expect(isTaken).toBe(true);
    const { channel, ann, twin } = rig;
    expect(changes).toEqual([
      { kind: "whispered", channelId: channel, userId: ann, content: "Nothing to stop." },
    ]);
    expect(twin.messages(channel)).toHaveLength(1);
    const own = await eventually("it", () => rig.heard.find(({ content }) => content === "Nothing to stop."));
    expect([own.channelId, own.flags.has("Ephemeral")]).toEqual([channel, true]);
  });

  it("in a DM tells of a user without a guild", async () => {
    const { twin, ann, link } = await open();
    const channel = twin.openDm(ann);
    const { body } = await request(twin, `POST /channels/${channel}/messages`, {
      content: "Still …",
      components: [row(button("halt"))],
    });
    const taken = twin.press({ channel, message: body.id, user: ann, customId: "halt" });
    const interaction = await link.event("INTERACTION_CREATE");
    expect(interaction.d).toMatchObject({ user: { id: ann }, context: 1, channel: { id: channel, type: 1 } });
    expect(interaction.d).not.toHaveProperty("member");
    expect(await outcome(twin, callback(interaction), { type: 6 })).toBe("204");
    expect(await taken).toBe(true);
  });
});

describe("an interaction", () => {
  it("is answered once, by its own token, with or without the bot's", async () => {
    const { twin, link, press } = await open();
    const taken = press();
    const interaction = await link.event("INTERACTION_CREATE");
    const { id, token } = interaction.d as { id: string; token: string };
    expect(await outcome(twin, `POST /interactions/${id}/${token}x/callback`, { type: 6 })).toBe("404 10062");
    expect(await outcome(twin, callback(interaction), {})).toBe("400 50035");
    expect(await outcome(twin, callback(interaction), { type: 3 })).toBe("400 50035");
    expect(await outcome(twin, callback(interaction), { type: 4, data: { flags: 64 } })).toBe("400 50006");
    expect(
      await outcome(twin, callback(interaction), { type: 4, data: { content: "x".repeat(2001), flags: 64 } }),
    ).toBe("400 50035");
    const { status } = await request(twin, callback(interaction), { type: 6 }, { authorization: "" });
    expect(status).toBe(204);
    expect(await outcome(twin, callback(interaction), { type: 6 })).toBe("400 40060");
    expect(await taken).toBe(true);
  });

  it("is lost when three seconds have passed", async () => {
    const clock = fakeClock();
    const { twin, link, press } = await open({ clock });
    const taken = press();
    const interaction = await link.event("INTERACTION_CREATE");
    await clock.advance(3_001);
    expect(await taken).toBe(false);
    expect(await outcome(twin, callback(interaction), { type: 6 })).toBe("404 10062");
  });

  it("comes of buttons that are there, and of people who see them", async () => {
    const { twin, channel, ann, link, posts, id } = await open();
    const stranger = twin.addUser({ name: "zoe", guilds: [] }).id;
    const pressing = { channel, message: id, user: ann, customId: "halt" };
    await expect(twin.press({ ...pressing, customId: "go" })).rejects.toThrow("No button go");
    await expect(twin.press({ ...pressing, user: stranger })).rejects.toThrow("does not see");
    const { body } = await request(twin, posts, {
      content: "x",
      components: [row(button("halt", { disabled: true }))],
    });
    await expect(twin.press({ ...pressing, message: body.id })).rejects.toThrow("No button halt");
    await settled(link);
    expect(link.names()).not.toContain("INTERACTION_CREATE");
  });
});

describe("components", () => {
  const errors = async (twin: DiscordTwin, line: `POST ${string}`, components: unknown) => {
    const { status, body } = await request(twin, line, { content: "x", components });
    return status === 200 ? "ok" : body.errors;
  };

  it("stay over an edit that does not name them, and go with one that names none", async () => {
    const { twin, channel, id } = await open();
    const edit = `PATCH /channels/${channel}/messages/${id}` as const;
    const shown = () => twin.messages(channel)[0]?.buttons.map(({ customId }) => customId);
    await request(twin, edit, { content: "Still more …" });
    expect(shown()).toEqual(["halt"]);
    await request(twin, edit, { components: [row(button("go"))] });
    expect(shown()).toEqual(["go"]);
    const { body } = await request(twin, edit, { content: "Done.", components: [] });
    expect([shown(), body.components]).toEqual([[], []]);
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => button(`b${index}`));
  it.each([
    ["five rows", many(5).map((one) => row(one)), many(6).map((one) => row(one)), "components"],
    ["five buttons in a row", [row(...many(5))], [row(...many(6))], "components.0.components"],
    ["at least one button in a row", [row(button("a"))], [row()], "components.0.components"],
    [
      "100 characters of a custom id",
      [row(button("x".repeat(100)))],
      [row(button("x".repeat(101)))],
      "components.0.components.0.custom_id",
    ],
    ["some custom id", [row(button("a"))], [row(button(""))], "components.0.components.0.custom_id"],
    [
      "80 characters of a label",
      [row(button("a", { label: "x".repeat(80) }))],
      [row(button("a", { label: "x".repeat(81) }))],
      "components.0.components.0.label",
    ],
    [
      "the known styles",
      [row(button("a", { style: 4 }))],
      [row(button("a", { style: 9 }))],
      "components.0.components.0.style",
    ],
    [
      "a custom id once",
      [row(button("a"), button("b"))],
      [row(button("a")), row(button("a"))],
      "components.1.components.0.custom_id",
    ],
  ])("may have %s", async (_, kept, broken, at) => {
    const { twin, posts } = await open();
    expect(await errors(twin, posts, kept)).toBe("ok");
    expect(await errors(twin, posts, broken)).toHaveProperty(`${at}._errors`);
  });

  it("are content enough", async () => {
    const { twin, posts } = await open();
    expect(await outcome(twin, posts, { components: [row(button("a"))] })).toBe("200");
    expect(await outcome(twin, posts, { components: [] })).toBe("400 50006");
  });
});
