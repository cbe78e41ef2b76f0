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
  folder = mkdtempSync(join(tmpdir(), "patchcord-unforeseen-"));
  stage = await openStage(join(folder, "bot.db"));
});
afterEach(async () => {
  for (const { child } of commands.splice(0)) child.kill("SIGKILL");
  await stage.close();
  rmSync(folder, { recursive: true });
});

/** A library in the process that fails at this signal, where nobody catches it. */
const failing = (how: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => { ${how} });`)}`;

async function start(env: Record<string, string> = {}): Promise<Command> {
  const command = startCommand(folder, { ...stage.variables, DISCORD_TOKEN: "", ...env });
  commands.push(command);
  await eventually("it is ready", () => command.logged("patchcord is ready").length > 0);
  return command;
}

describe("what a library fails with and nobody catches", () => {
  it("ends the process and is logged, when it is thrown", async () => {
    const command = await start({ NODE_OPTIONS: failing(`throw new Error("the parser fell over")`) });
    command.kill("SIGUSR2");
    expect(await command.ended()).toBe(1);
    expect(command.logged("an error that nobody caught: exiting, to be started again")).toEqual([
      expect.stringContaining("the parser fell over"),
    ]);
  });

  it("in the middle of a reply loses nothing: the next process finishes the same message", async () => {
    const { slack, telnyx } = stage;
    const { letGo } = holdAnswers(telnyx);
    // So that its answer is at Telnyx for the next process to find, which else looks for it again and again.
    telnyx.switches.disconnect = "finish";
    const ada = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    const first = await start({
      NODE_OPTIONS: failing(`Promise.reject(new Error("the parser fell over"))`),
    });
    const root = slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> go on` });
    const replies = () => slack.messages(channel, root).filter(({ user }) => user === slack.bot.userId);
    await eventually("the reply has begun", () => replies().length > 0);
    first.kill("SIGUSR2");
    expect(await first.ended()).toBe(1);
    expect(first.logged("a rejection that nobody caught: exiting, to be started again")).toEqual([
      expect.stringContaining("the parser fell over"),
    ]);
    expect(first.logged("turn settled")).toEqual([]);

    const begun = replies().map(({ ts }) => ts);
    slack.say({ channel, user: ada, text: "say thanks", threadTs: root });
    letGo();
    const next = await start();
    const settled = () => next.logged("turn settled");
    await eventually("both are settled", () => settled().length === 2);
    expect(settled().every((line) => line.includes('"outcome":"done"'))).toBe(true);
    expect(replies().map(({ ts }) => ts)).toEqual([...begun, expect.any(String)]);
    expect(
      replies()[0]
        ?.shown.map(({ text }) => text)
        .join("\n"),
    ).toBe(HELD);
  });
});

it("a connection that only a new process can make again ends this one, in order, with a code for the supervisor", async () => {
  const { discord } = stage;
  const { DISCORD_TOKEN = "" } = stage.variables;
  const command = await start({ DISCORD_TOKEN, SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" });
  discord.gateway.reshard(2);
  discord.gateway.invalidate(false);
  expect(await command.ended()).toBe(1);
  expect(command.logged("it cannot go on: stopping, to be started again")).toEqual([
    expect.stringContaining("another number of shards"),
  ]);
  expect(command.out().trimEnd()).toMatch(/"msg":"stopped"\}$/);
});
