import { afterEach, beforeEach, expect, it } from "vitest";
import { openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(":memory:");
});
afterEach(() => stage.close());

it("/patchcord help is answered on both platforms, to whoever asked alone, and makes no turn", async () => {
  const { slack, discord } = stage;
  const ada = slack.addUser({ name: "ada" });
  const ana = discord.addUser({ name: "ana" }).id;
  const channel = slack.addChannel({ name: "support" });
  const general = discord.addChannel({ name: "general" });
  const told: { readonly to: string; readonly text: string }[] = [];
  slack.subscribe((change) => {
    if (change.kind === "ephemeral")
      told.push({ to: change.user, text: change.shown.map(({ text }) => text).join("\n") });
  });
  discord.subscribe((change) => {
    if (change.kind === "whispered") told.push({ to: change.userId, text: change.content });
  });
  await stage.start();
  expect(await slack.command({ channel, user: ada, text: "/patchcord help" })).toBe(true);
  await eventually("Discord knows the command", () =>
    discord.requests.some(({ method, path }) => method === "POST" && path.endsWith("/commands")),
  );
  expect(await discord.command({ channel: general, user: ana, text: "/patchcord hlep" })).toBe(true);
  await eventually("both were answered", () => told.length === 2);
  const answerTo = (user: string) => told.find(({ to }) => to === user)?.text;
  expect(answerTo(ada)).toMatch(/^Behind `\/patchcord` I take:\n- `.+`: /u);
  expect(answerTo(ana)).toMatch(/^I do not know `hlep`\. Did you mean `help`\? Behind/u);
  expect(slack.messages(channel).filter(({ user }) => user === slack.bot.userId)).toEqual([]);
  expect(discord.messages(general)).toEqual([]);
  expect(stage.lines.some((line) => line.includes("message addressed"))).toBe(false);
});
