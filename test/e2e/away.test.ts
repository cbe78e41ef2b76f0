import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELD, holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";
import { type Command, startCommand } from "./process.ts";

let folder: string;
let stage: Stage;
const commands: Command[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-away-"));
  stage = await openStage(join(folder, "away.db"));
});
afterEach(async () => {
  for (const { child } of commands.splice(0)) child.kill("SIGKILL");
  await stage.close();
  rmSync(folder, { recursive: true });
});

async function start(env: Record<string, string> = {}): Promise<Command> {
  const command = startCommand(folder, { ...stage.variables, ...env });
  commands.push(command);
  await eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
  return command;
}
const settledBy = (command: Command, count: number) =>
  eventually(`${count} turns settled`, () => command.logged("turn settled").length >= count);

/** A Slack channel and a Discord channel, in which Ada talks to the bot. */
function people() {
  const { slack, discord } = stage;
  const ada = slack.addUser({ name: "ada" });
  const support = slack.addChannel({ name: "support" });
  const lin = discord.addUser({ name: "lin" }).id;
  const general = discord.addChannel({ name: "general" });
  return {
    onSlack: (text: string, threadTs?: string) =>
      slack.say({
        channel: support,
        user: ada,
        text: `<@${slack.bot.userId}> ${text}`,
        ...(threadTs !== undefined && { threadTs }),
      }),
    onDiscord: (text: string) =>
      discord.say({ channel: general, user: lin, content: `<@${discord.bot.id}> ${text}` }),
    slackReplies: (threadTs: string) =>
      slack
        .messages(support, threadTs)
        .filter(({ user }) => user === slack.bot.userId)
        .map(({ shown }) => shown.map(({ text }) => text).join("\n")),
    discordReplies: () =>
      discord
        .messages(general)
        .filter(({ author }) => author.id === discord.bot.id)
        .map(({ content, replyTo }) => ({ content, replyTo })),
  };
}

describe("what people write while the bot is down", () => {
  it("is answered after the start on both platforms, once, in order", async () => {
    const { onSlack, onDiscord, slackReplies, discordReplies } = people();
    const first = await start();
    const root = onSlack("the number is 42");
    onDiscord("the number is 43");
    await settledBy(first, 2);
    first.kill("SIGTERM");
    expect(await first.ended()).toBe(0);

    onSlack("what did I say first?", root);
    const elsewhere = onSlack("a thread of its own");
    onSlack("say thanks", root);
    const questions = [onDiscord("what did I say first?"), onDiscord("say thanks")];

    const second = await start();
    await settledBy(second, 5);
    expect(slackReplies(root)).toHaveLength(3);
    expect(slackReplies(root)[1]).toMatch(/42/);
    expect(slackReplies(elsewhere)).toHaveLength(1);
    expect(discordReplies()).toHaveLength(3);
    expect(discordReplies()[1]?.content).toMatch(/43/);
    expect(
      discordReplies()
        .slice(1)
        .map(({ replyTo }) => replyTo),
    ).toEqual(questions);
    // A second reading of the same finds nothing new.
    second.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    const third = await start();
    await eventually(
      "both platforms were read",
      () => third.logged("what was said in the meantime was read").length === 2,
    );
    third.kill("SIGTERM");
    expect(await third.ended()).toBe(0);
    expect(third.logged("turn settled")).toEqual([]);
    expect([slackReplies(root).length, discordReplies().length]).toEqual([3, 3]);
  });
});

describe("a kill in the middle of a reply", () => {
  it("is not seen in what people read: the next process finishes the same messages", async () => {
    const { onSlack, onDiscord, slackReplies, discordReplies } = people();
    const { letGo } = holdAnswers(stage.telnyx);
    const first = await start();
    const root = onSlack("go on");
    onDiscord("go on");
    await eventually(
      "both replies have begun",
      () => slackReplies(root).length > 0 && discordReplies().length > 0,
    );
    first.kill("SIGKILL");
    await first.ended();
    letGo();
    const second = await start();
    await settledBy(second, 2);
    expect([slackReplies(root).length, discordReplies().length]).toEqual([1, 1]);
    expect([slackReplies(root)[0], discordReplies()[0]?.content]).toEqual([HELD, HELD]);
  });
});
