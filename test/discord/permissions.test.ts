import { PermissionFlagsBits } from "discord.js";
import { describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { discordInvite, neededPermissions } from "../../src/discord/invite.ts";
import { draft, final, postKey } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { type Bench, sent, startBench } from "./kit.ts";

const invited = (reply: "channel" | "thread") =>
  BigInt(new URL(discordInvite({ reply }, "123456789012345678")).searchParams.get("permissions") ?? 0);

const heard = async (bench: Bench, channel: string, content: string, withinMs?: number): Promise<Message> => {
  const id = bench.twin.say({ channel, user: bench.person, content });
  const isThere = () => bench.received.some((message) => String(message.id) === id);
  await until("it was heard", isThere, withinMs);
  return bench.heard(id);
};

/**
 * Everything that the adapter does, once, in a channel, in a thread that is there, and in one for a question. Throws where it cannot.
 * `deafAfterMs`: the bot that has not heard a message by then hears none.
 */
async function useEverything(bench: Bench, deafAfterMs?: number): Promise<void> {
  const { twin, platform, channel } = bench;
  twin.say({ channel, user: bench.person, content: "before" });
  const asked = await heard(bench, channel, `<@${twin.bot.id}> question?`, deafAfterMs);
  platform.indicate!(asked.place, new AbortController().signal);
  await until("it asked to show typing", () => sent(twin, /^POST .*\/typing$/).length === 1);
  expect(twin.typing(channel), "who types").toHaveLength(1);
  await answer(bench, asked);

  const thread = twin.addThread({ channel, name: "Thread" });
  twin.say({ channel: thread, user: bench.person, content: "before" });
  const followUp = await heard(bench, thread, "more?");
  const told = await platform.history!(followUp.place, { before: followUp.id, limit: 10 });
  expect(told.map(({ text }) => text)).toContain("before");
  const page = await answer(bench, followUp);
  expect(twin.messages(thread).find(({ id }) => id === String(page))?.replyTo).toBe(followUp.id);
  twin.changeChannel(thread, { archived: true });
  await platform.edit(followUp.place, page, final("finished"));
}

async function answer({ platform }: Bench, question: Message) {
  const page = { ...draft("answer"), replyTo: question.id };
  const id = await platform.post(
    question.place,
    page,
    postKey(0, { turn: Number(BigInt(question.id) % 1_000_000n) }),
  );
  await platform.edit(question.place, id, final("answer, longer"));
  return id;
}

/** What goes wrong first without it. */
const REASON: Readonly<Partial<Record<keyof typeof PermissionFlagsBits, RegExp>>> = {
  ViewChannel: /never came true: it was heard/,
  SendMessages: /who types/,
  SendMessagesInThreads: /POST answered 403: Missing Permissions/,
  ReadMessageHistory: /to include 'before'/,
  CreatePublicThreads: /POST answered 403: Missing Permissions/,
};

describe.each(["channel", "thread"] as const)("the permissions of the invite (reply: %s)", (reply) => {
  // In the twin, @everyone may do nothing: what the bot may do, it was given.
  const bench = (permissions: bigint) =>
    startBench({ config: { reply }, twin: { permissions, everyone: 0n } });

  test("are enough for everything", async () => {
    await using full = await bench(invited(reply));
    await useEverything(full);
    expect(full.logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  test.each(neededPermissions({ reply }).map(({ name }) => name))("are all needed: %s", async (name) => {
    const reason = REASON[name];
    expect(reason).toBeDefined();
    await using less = await bench(invited(reply) & ~PermissionFlagsBits[name]);
    await expect(useEverything(less, name === "ViewChannel" ? 500 : undefined)).rejects.toThrow(reason);
  });
});
