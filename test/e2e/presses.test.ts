import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startApp } from "../../src/app.ts";
import { REAL } from "../../src/app/parts.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { HELD, holdAnswers, openStage, type Stage } from "./harness.ts";
import { eventually } from "../eventually.ts";

const STOPPED = /\n\n_The answer stops here: I was stopped\._$/u;
const OFFER = /^_This was asked while I was away, a few seconds ago\._$/u;

let folder: string;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-e2e-"));
  stage = await openStage(join(folder, "e2e.db"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

interface Shown {
  readonly text: string;
  readonly labels: readonly string[];
  readonly press: (label: string) => Promise<boolean>;
}

/** Asks the bot in a fresh place, and returns what is shown of its replies there. */
type Ask = (text: string) => () => readonly Shown[];

const onSlack = (): Ask => {
  const { slack } = stage;
  const ada = slack.addUser({ name: "ada" });
  const channel = slack.addChannel({ name: "support" });
  return (text) => {
    const root = slack.say({ channel, user: ada, text: `<@${slack.bot.userId}> ${text}` });
    return () =>
      slack
        .messages(channel, root)
        .filter(({ user }) => user === slack.bot.userId)
        .map(({ shown, buttons, ts }) => ({
          text: shown.map((piece) => piece.text).join("\n"),
          labels: buttons.map((button) => button.text),
          press: (label) => {
            const { actionId } = buttons.find((button) => button.text === label)!;
            return slack.press({ channel, ts, user: ada, actionId });
          },
        }));
  };
};

const onDiscord = (): Ask => {
  const { discord } = stage;
  const ada = discord.addUser({ name: "ada" }).id;
  return (content) => {
    const channel = discord.addChannel({ name: "general" });
    discord.say({ channel, user: ada, content: `<@${discord.bot.id}> ${content}` });
    return () =>
      discord
        .messages(channel)
        .filter(({ author }) => author.id === discord.bot.id)
        .map(({ id: message, content: text, buttons }) => ({
          text,
          labels: buttons.map(({ label }) => label),
          press: (label) => {
            const { customId } = buttons.find((button) => button.label === label)!;
            return discord.press({ channel, message, user: ada, customId });
          },
        }));
  };
};

const PLATFORMS = [
  ["Slack", onSlack],
  ["Discord", onDiscord],
] as const;

describe("Stop", () => {
  it.each(PLATFORMS)("on %s ends the reply where it is, with its text", async (_, on) => {
    holdAnswers(stage.telnyx);
    await stage.start();
    const pages = on()("go on");
    const page = await eventually("a draft", () => pages().find(({ labels }) => labels.includes("Stop")));
    expect(await page.press("Stop")).toBe(true);
    await eventually("it has stopped", () => STOPPED.test(pages().at(-1)!.text));
    expect(HELD.startsWith(pages().at(-1)!.text.replace(STOPPED, ""))).toBe(true);
    expect(pages().every(({ labels }) => labels.length === 0)).toBe(true);
    const settled = await eventually("it is settled", () =>
      stage.lines.find((line) => line.includes('"turn settled"')),
    );
    expect(JSON.parse(settled)).toMatchObject({ outcome: "stopped" });
  });
});

describe("Answer now", () => {
  /** Every message comes as if it had been asked long ago. */
  async function startLate() {
    const config = parseConfig(stage.variables);
    const log = createLog("debug", [], { write: () => {} });
    return startApp(
      config,
      { clock: systemClock, log },
      {
        ...REAL,
        openDatabase: async (...given) => {
          const opened = await REAL.openDatabase(...given);
          const { mailbox } = opened;
          return {
            ...opened,
            mailbox: { ...mailbox, add: (message, room) => mailbox.add(message, room, true) },
          };
        },
      },
    );
  }

  it.each(PLATFORMS)("on %s answers in the message that offered it", async (_, on) => {
    const app = await startLate();
    try {
      const pages = on()("a table with 2 rows");
      const offer = await eventually("the offer", () =>
        pages().find(({ labels }) => labels.includes("Answer now")),
      );
      expect(offer.text).toMatch(OFFER);
      expect(stage.telnyx.requests.filter(({ path }) => path.endsWith("/responses"))).toEqual([]);
      expect(await offer.press("Answer now")).toBe(true);
      await eventually(
        "the answer",
        () => pages()[0]!.text.includes("Venus") && pages()[0]!.labels.length === 0,
      );
      expect(pages()).toHaveLength(1);
    } finally {
      await app.stop();
    }
  });
});
