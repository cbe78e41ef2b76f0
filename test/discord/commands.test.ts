import { expect, test } from "vitest";
import { includes } from "../../src/discord/commands.ts";
import { encodePlace } from "../../src/discord/place.ts";
import { until } from "../eventually.ts";
import { type CommandHarness, describeCommands } from "../contracts/platform-commands.ts";
import { fakeClock } from "../fakes/clock.ts";
import { adapterOn, answer, sent, startBench, startTwin, strike } from "./kit.ts";

/** Discord, Permissions: Manage Server. */
const MANAGE_SERVER = 1n << 5n;
const CALLBACKS = /^POST .*\/callback$/;
const ANSWERS = /^PATCH .*\/webhooks\/.*@original$/;
const REGISTERS = /^POST .*\/applications\/\d+\/commands$/;

/** The adapter with the real discord.js, on a twin of its own, in a thread. */
async function openHarness(): Promise<CommandHarness> {
  const twin = await startTwin();
  const ana = twin.addUser({ name: "ana", displayName: "Ana Lima" });
  const boss = twin.addUser({ name: "boss" });
  twin.addRole({ name: "admins", permissions: MANAGE_SERVER, members: [boss.id] });
  const parent = twin.addChannel({ name: "general" });
  const channel = twin.addThread({ channel: parent, name: "t", user: ana.id });
  const told: { to: string; text: string }[] = [];
  twin.subscribe((change) => {
    if (change.kind === "whispered") told.push({ to: change.userId, text: change.content });
  });
  let registered: Promise<void> | undefined;
  const known = () => (registered ??= until("the command is known", () => sent(twin, REGISTERS).length > 0));
  return {
    create: () => adapterOn(twin).platform,
    place: encodePlace({ kind: "thread", guild: twin.guild.id, parent, thread: channel }),
    workspaceId: twin.guild.id,
    person: { id: ana.id, name: "Ana Lima" },
    admin: { id: boss.id },
    give: async (user, words) => {
      await known();
      return twin.command({ channel, user, text: `/patchcord ${words}` });
    },
    told: () => told,
    shown: () => twin.messages(channel).map(({ content }) => content),
    notified: () => twin.notifications.map(({ by, messageId }) => `${by} ${messageId}`),
    failNextAnswer: () => strike(twin, ANSWERS, answer(502, { message: "502: Bad Gateway", code: 0 })),
    close: () => twin.close(),
  };
}

describeCommands("Discord, in a thread", openHarness);

test("the command is told of once, and again only when it is another one now", async () => {
  const twin = await startTwin();
  const start = async () => {
    const { platform } = adapterOn(twin);
    await platform.start({
      receive: async () => {},
      press: async () => undefined,
      command: async () => "",
      changed: () => {},
    });
    return platform;
  };
  const lookedAt = (times: number) =>
    until("it was looked at", () => sent(twin, /^GET .*\/commands$/).length === times);
  const first = await start();
  await until("it was told of", () => sent(twin, REGISTERS).length === 1);
  const second = await start();
  await lookedAt(2);
  await Promise.all([first.stop(), second.stop()]);
  expect(sent(twin, REGISTERS)).toHaveLength(1);
  expect(sent(twin, REGISTERS)[0]?.body).toMatchObject({ name: "patchcord", contexts: [0, 1] });
  await twin.close();
});

test("what Discord adds to a command does not make it another one, what is missing does", () => {
  const wanted = { name: "a", options: [{ type: 3, name: "words" }], contexts: [0, 1] };
  expect(
    includes(
      { ...wanted, id: "1", nsfw: false, options: [{ type: 3, name: "words", required: false }] },
      wanted,
    ),
  ).toBe(true);
  expect(includes({ ...wanted, contexts: [0] }, wanted)).toBe(false);
  expect(includes({ ...wanted, options: [] }, wanted)).toBe(false);
  expect(includes({ ...wanted, options: [{ type: 3, name: "other" }] }, wanted)).toBe(false);
  expect(includes(null, wanted)).toBe(false);
});

test("a command in a direct message has no server that anybody could run", async () => {
  await using bench = await startBench({
    command: async ({ manages, place, workspaceId }) => `${place} ${workspaceId} ${await manages()}`,
  });
  const { twin, person } = bench;
  const told: string[] = [];
  twin.subscribe((change) => void (change.kind === "whispered" && told.push(change.content)));
  await until("the command is known", () => sent(twin, REGISTERS).length > 0);
  const channel = twin.openDm(person);
  expect(await twin.command({ channel, user: person, text: "/patchcord" })).toBe(true);
  await until("it was answered", () => told.length > 0);
  expect(told).toEqual([`discord:@me:${channel} @me false`]);
});

test("an interaction that is over is given up, and the bot's token is not doubted", async () => {
  const clock = fakeClock();
  const late = Promise.withResolvers<string>();
  await using bench = await startBench({ clock, twin: { clock }, command: () => late.promise });
  const { twin, person, channel, logged, platform } = bench;
  await until("the command is known", () => sent(twin, REGISTERS).length > 0);
  expect(await twin.command({ channel, user: person, text: "/patchcord help" })).toBe(true);
  await clock.advance(16 * 60_000);
  late.resolve("too late");
  await until("it was given up", () =>
    logged.some(({ msg }) => String(msg).includes("could not be answered")),
  );
  expect(sent(twin, ANSWERS)).toHaveLength(1);
  const secret = twin.requests
    .find(({ path }) => path.endsWith("@original"))!
    .path.split("/")
    .at(-3)!;
  expect(JSON.stringify(logged)).not.toContain(secret);
  const place = encodePlace({ kind: "channel", guild: twin.guild.id, channel });
  await expect(
    platform.post(
      place,
      { text: "still here", final: true },
      { turn: 1, page: 0, text: "k", repeated: false },
    ),
  ).resolves.toBeDefined();
  expect(sent(twin, CALLBACKS)).toHaveLength(1);
});
