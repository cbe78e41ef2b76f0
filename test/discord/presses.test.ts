import { InteractionResponseType, MessageFlags } from "discord.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { channelOf, decodePlace, encodePlace } from "../../src/discord/place.ts";
import { buttonRows, pressOf } from "../../src/discord/presses.ts";
import { describePresses, type PressHarness } from "../contracts/platform-presses.ts";
import { draft, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { discordPlace } from "./arbitraries.ts";
import { adapterOn, sent, startTwin } from "./kit.ts";

/** The adapter with the real discord.js, on a twin of its own. */
async function openHarness(kind: "dm" | "thread"): Promise<PressHarness> {
  const twin = await startTwin();
  const ana = twin.addUser({ name: "ana", displayName: "Ana Lima" });
  const told: { place: Place; text: string }[] = [];
  const opened = new Map<string, Place>();
  twin.subscribe((change) => {
    if (change.kind !== "whispered") return;
    expect(change.userId).toBe(ana.id);
    told.push({ place: opened.get(change.channelId)!, text: change.content });
  });
  const openPlace = (): Place => {
    const guild = twin.guild.id;
    const channel = kind === "dm" ? twin.openDm(ana.id) : twin.addChannel({ name: "general" });
    if (kind === "dm") return encodePlace({ kind, channel });
    const thread = twin.addThread({ channel, name: "t", user: ana.id });
    return encodePlace({ kind, guild, parent: channel, thread });
  };
  const find = (place: Place, id: string) =>
    twin.messages(channelOf(decodePlace(place))).find((message) => message.id === id)!;
  return {
    create: () => adapterOn(twin).platform,
    openPlace: async () => {
      const place = openPlace();
      opened.set(channelOf(decodePlace(place)), place);
      return place;
    },
    shown: (place, id) => {
      const { content, buttons } = find(place, id);
      return { text: content, labels: buttons.map(({ label }) => label) };
    },
    press: (place, id, label) => {
      const { channelId: channel, buttons } = find(place, id);
      const { customId } = buttons.find((button) => button.label === label)!;
      return twin.press({ channel, message: id, user: ana.id, customId });
    },
    person: { id: ana.id, name: "Ana Lima" },
    told: () => told,
    notified: () => twin.notifications.map(({ by, messageId }) => `${by} ${messageId}`),
    close: () => twin.close(),
  };
}

for (const kind of ["dm", "thread"] as const)
  describePresses(`Discord, in a ${kind}`, () => openHarness(kind));

const by = { id: "1", name: "Ana", kind: "person" } as const;

describe("a button", () => {
  test("says its turn and place within Discord's 100 characters, and is read again", () => {
    const turn = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const action = fc.constantFrom("stop" as const, "answer" as const);
    let longest = 0;
    fc.assert(
      fc.property(discordPlace, turn, action, (at, turn, action) => {
        const place = encodePlace(at);
        const [row] = buttonRows([{ action, label: "x", turn }], place);
        const customId = row!.components[0]!.custom_id;
        longest = Math.max(longest, customId.length);
        expect(customId.length).toBeLessThanOrEqual(100);
        const channelId = channelOf(at);
        expect(pressOf({ customId, channelId, by })).toEqual({
          platform: "discord",
          place,
          action,
          turn,
          by,
        });
        expect(pressOf({ customId, channelId: `${channelId}0`, by })).toBeUndefined();
      }),
    );
    expect(longest).toBeGreaterThan(80);
  });

  test.each([
    "",
    "stop",
    "stop:1",
    "stop:1:discord:2",
    "stop:x:discord:1:2",
    "delete:1:discord:1:2",
    "answer:1:slack:T1:2",
  ])("that says %j is none of ours", (customId) => {
    expect(pressOf({ customId, channelId: "2", by })).toBeUndefined();
  });
});

describe("a press", () => {
  const stop = { action: "stop", label: "Stop", turn: 7 } as const;
  const CALLBACKS = /^POST .*\/interactions\/\d+\/[^/]+\/callback$/;

  test("is answered in one call, and notifies nobody", async () => {
    const twin = await startTwin();
    const ana = twin.addUser({ name: "ana" }).id;
    const { platform, logged } = adapterOn(twin);
    const answers = [undefined, "Nothing to stop, @everyone."];
    await platform.start({
      receive: async () => {},
      press: async () => answers.shift(),
      changed: () => {},
      command: async () => "",
    });
    const channel = twin.addChannel({ name: "general" });
    const place = encodePlace({ kind: "channel", guild: twin.guild.id, channel });
    const message = await platform.post(place, { ...draft("Hi …"), buttons: [stop] }, postKey(0));
    const customId = twin.messages(channel)[0]!.buttons[0]!.customId;
    for (const _ of [1, 2]) await twin.press({ channel, message, user: ana, customId });
    expect(sent(twin, CALLBACKS).map(({ body }) => body)).toEqual([
      { type: InteractionResponseType.DeferredMessageUpdate },
      {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: {
          content: "Nothing to stop, @everyone.",
          flags: MessageFlags.Ephemeral,
          allowed_mentions: { parse: [] },
        },
      },
    ]);
    await platform.stop();
    await twin.close();
    // What Discord tells the bot of its private answer is no message to it.
    expect(logged.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });

  test("is waited for by a stop", async () => {
    const twin = await startTwin();
    const ana = twin.addUser({ name: "ana" }).id;
    const { platform } = adapterOn(twin);
    const stored = Promise.withResolvers<undefined>();
    const pressed: unknown[] = [];
    await platform.start({
      receive: async () => {},
      press: ({ turn }) => {
        pressed.push(turn);
        return stored.promise;
      },
      changed: () => {},
      command: async () => "",
    });
    const channel = twin.addChannel({ name: "general" });
    const place = encodePlace({ kind: "channel", guild: twin.guild.id, channel });
    const message = await platform.post(place, { ...draft("Hi …"), buttons: [stop] }, postKey(0));
    const customId = twin.messages(channel)[0]!.buttons[0]!.customId;
    const taken = twin.press({ channel, message, user: ana, customId });
    await until("it was pressed", () => pressed.length === 1);
    let stopped = false;
    const stopping = platform.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stopped).toBe(false);
    stored.resolve(undefined);
    await stopping;
    expect(await taken).toBe(true);
    await twin.close();
  });

  test("that Discord does not let us answer is logged, without what the answer is made with", async () => {
    const twin = await startTwin();
    const ana = twin.addUser({ name: "ana" }).id;
    const { platform, logged } = adapterOn(twin);
    const pressed: unknown[] = [];
    await platform.start({
      receive: async () => {},
      press: async ({ turn }) => {
        pressed.push(turn);
        return undefined;
      },
      changed: () => {},
      command: async () => "",
    });
    const channel = twin.addChannel({ name: "general" });
    const place = encodePlace({ kind: "channel", guild: twin.guild.id, channel });
    const message = await platform.post(place, { ...draft("Hi …"), buttons: [stop] }, postKey(0));
    const body = JSON.stringify({ message: "Unknown interaction", code: 10062 });
    const effect = {
      kind: "answer",
      status: 404,
      headers: { "content-type": "application/json" },
      body,
    } as const;
    twin.inject({ matches: ({ path }) => path.endsWith("/callback"), times: 1, effect });
    const customId = twin.messages(channel)[0]!.buttons[0]!.customId;
    const taken = twin.press({ channel, message, user: ana, customId });
    await until("it is logged", () => logged.some(({ level }) => level === 40));
    expect(pressed).toEqual([7]);
    const lines = logged.filter(({ level }) => level === 40);
    expect(lines).toMatchObject([{ msg: "a press was stored, but not answered", turn: 7, place }]);
    const [call] = twin.requests.filter(({ path }) => path.endsWith("/callback"));
    expect(JSON.stringify(logged)).not.toContain(call!.path.split("/").at(-2));
    await platform.stop();
    await twin.close();
    expect(await taken).toBe(false);
  });
});
