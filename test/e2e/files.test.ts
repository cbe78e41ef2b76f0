import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PERMISSION, USUAL_PERMISSIONS } from "../../src/sandbox/discord/permissions.ts";
import { scopesFor } from "../../src/slack/scopes.ts";
import { openStage, type Stage, type StageOptions } from "./harness.ts";
import { eventually } from "../eventually.ts";

const codeOf = (lines: number) =>
  Array.from({ length: lines }, (_, line) => `value_${line} = call(${line})  # <@U1> @everyone\n`).join("");
const answerOf = (lines: number) =>
  `Here it is:\n\n\`\`\`python\n${codeOf(lines)}\`\`\`\n\nRun it with care.`;
const YAML = "replies:\n  code_as_file_after_pages: 1\n";
/** More than a page of Slack's, and of Discord's. */
const SLACK_LINES = 300;
const DISCORD_LINES = 90;

let folder: string;
let stage: Stage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-files-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

const open = async (lines: number, options?: StageOptions) => {
  stage = await openStage(join(folder, "e2e.db"), options);
  stage.telnyx.play(() => [{ kind: "text", text: answerOf(lines) }]);
  return stage;
};

describe("an answer with a long code block, in a Slack thread", () => {
  const ask = async () => {
    const { slack } = stage;
    const user = slack.addUser({ name: "ada" });
    const channel = slack.addChannel({ name: "support" });
    await stage.start({ env: { DISCORD_TOKEN: "" }, yaml: YAML });
    const root = slack.say({ channel, user, text: `<@${slack.bot.userId}> write it` });
    const replies = () => slack.messages(channel, root).filter(({ user: by }) => by === slack.bot.userId);
    const words = () => replies().map(({ shown }) => shown.map(({ text }) => text).join("\n"));
    await eventually("the answer's end", () => words().at(-1)?.endsWith("Run it with care."));
    return { replies: replies(), words: words() };
  };

  it("has its first lines and a file, and what is below stands below", async () => {
    const { slack } = await open(SLACK_LINES);
    const { replies, words } = await ask();
    expect(replies.map(({ files }) => files.map(({ name }) => name))).toEqual([[], ["code.py"], []]);
    expect(words[0]).toMatch(/```python\nvalue_0 [^]*in the file below: code\.py \(300 lines\)\._$/);
    expect(slack.file(String(replies[1]?.files[0]?.["id"]))?.bytes.toString()).toBe(codeOf(SLACK_LINES));
    expect(slack.notifications).toEqual([]);
  });

  it("is on pages where the token may not post files, and the operator is told", async () => {
    const scopes = scopesFor({ dms: true, channels: true, agent: false, files: false }).map(
      ({ scope }) => scope,
    );
    await open(SLACK_LINES, { slack: { scopes } });
    const { replies, words } = await ask();
    expect(replies.flatMap(({ files }) => files)).toEqual([]);
    for (const line of [0, 150, 299]) expect(words.join("\n")).toContain(`value_${line} = call(${line})`);
    expect(stage.lines.some((line) => line.includes("long code is posted over many messages"))).toBe(true);
  });
});

describe("an answer with a long code block, in a Discord channel", () => {
  const ask = async () => {
    const { discord } = stage;
    const user = discord.addUser({ name: "ana" }).id;
    const channel = discord.addChannel({ name: "general" });
    await stage.start({ env: { SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" }, yaml: YAML });
    discord.say({ channel, user, content: `<@${discord.bot.id}> write it` });
    const replies = () => discord.messages(channel).filter(({ author }) => author.id === discord.bot.id);
    await eventually("the answer's end", () => replies().at(-1)?.content.endsWith("Run it with care."));
    return replies();
  };

  it("has its first lines and a file, and what is below stands below", async () => {
    const { discord } = await open(DISCORD_LINES);
    const replies = await ask();
    const names = replies.map(({ attachments }) => attachments.map(({ name }) => name));
    expect(names).toEqual([[], ["code.py"], []]);
    const [file] = replies.flatMap(({ attachments }) => attachments);
    expect(discord.file(file?.id ?? "")?.bytes.toString()).toBe(codeOf(DISCORD_LINES));
    expect(discord.notifications.filter(({ authorId }) => authorId === discord.bot.id)).toEqual([]);
  });

  it("is on pages where the bot may attach no files", async () => {
    const { discord } = await open(DISCORD_LINES);
    discord.grant(USUAL_PERMISSIONS & ~PERMISSION.ATTACH_FILES);
    const replies = await ask();
    expect(replies.flatMap(({ attachments }) => attachments)).toEqual([]);
    const shown = replies.map(({ content }) => content).join("\n");
    for (let line = 0; line < DISCORD_LINES; line += 1)
      expect(shown.split(`value_${line} = call(${line})`)).toHaveLength(2);
    expect(shown).not.toContain("in the file below");
  });
});
