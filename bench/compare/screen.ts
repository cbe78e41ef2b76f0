import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../src/sandbox/discord/twin.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { questionIn } from "./answer.ts";
import type { Sight } from "./figures.ts";

/** How often the bot wrote, and how often it was told that it asked too fast, for whatever. */
export interface Calls {
  readonly paints: number;
  readonly refused: number;
  /** Of the paints, such as were edits and such as grew a stream. */
  readonly edits: number;
  readonly appends: number;
}

/** One workspace of a platform, in which one bot answers. */
export interface Screen {
  /** What a bot needs in its environment to work here. */
  readonly env: Readonly<Record<string, string>>;
  /** A person mentions the bot in that place, counted round, and asks `question NN`. */
  ask(question: number, place: number): void;
  /** What the bot's messages showed, in order, by the question that they answer. */
  readonly sights: ReadonlyMap<number, readonly Sight[]>;
  calls(): Calls;
  close(): Promise<void>;
}

export type PlatformName = "slack" | "discord";

export interface ScreenOptions {
  /** In how many channels questions are asked. */
  readonly channels: number;
  /** Slack: the channels are direct messages, each with a person of its own. */
  readonly isDirect: boolean;
  /** How many threads there are for them on Discord, where a conversation is a channel or a thread; 0: none. */
  readonly threads: number;
  /** As the platforms document them, or none. */
  readonly limits: "documented" | "off";
}

export function openScreen(platform: PlatformName, options: ScreenOptions): Promise<Screen> {
  return platform === "slack" ? openSlack(options) : openDiscord(options);
}

function createSights() {
  const sights = new Map<number, Sight[]>();
  const questions = new Map<string, number>();
  return {
    sights,
    /** A message that shows none of an answer's text (a placeholder) is no sight of it. */
    saw: (message: string, text: string) => {
      const question = questionIn(text) ?? questions.get(message);
      if (question === undefined) return;
      questions.set(message, question);
      const known = sights.get(question) ?? [];
      sights.set(question, known);
      known.push({ at: performance.now(), message, text });
    },
  };
}

const number = (question: number) => String(question).padStart(2, "0");

async function openSlack({ channels, isDirect, limits }: ScreenOptions): Promise<Screen> {
  const slack: SlackTwin = await startSlackTwin({ limits, ...(limits === "off" ? { keep: 1_000 } : {}) });
  const person = slack.addUser({ name: "ada" });
  const places = Array.from({ length: channels }, (_, i) => {
    const user = isDirect ? slack.addUser({ name: `user${i}` }) : person;
    const channel = isDirect ? slack.openDm(user) : slack.addChannel({ name: `c${i}` });
    return { channel, user, call: isDirect ? "" : `<@${slack.bot.userId}> ` };
  });
  const { sights, saw } = createSights();
  slack.subscribe((change) => {
    if (change.kind !== "posted" && change.kind !== "edited") return;
    const { message } = change;
    if (message.botId !== slack.bot.botId) return;
    saw(message.ts, message.shown.map(({ text }) => text).join("\n"));
  });
  const writes = new Set(
    ["postMessage", "update", "startStream", "appendStream", "stopStream"].map((one) => `chat.${one}`),
  );
  return {
    env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    sights,
    ask: (question, place) => {
      const { channel = "", user = person, call = "" } = places[place % channels] ?? {};
      slack.say({ channel, user, text: `${call}question ${number(question)}` });
    },
    calls: () => {
      const made = slack.calls.filter(({ method }) => writes.has(method));
      const count = (one: string) => made.filter(({ method }) => method === one).length;
      return {
        edits: count("chat.update"),
        appends: count("chat.appendStream"),
        paints: made.filter(({ answer }) => answer["ok"] === true).length,
        refused: slack.calls.filter(({ status }) => status === 429).length,
      };
    },
    close: () => slack.close(),
  };
}

async function openDiscord({ channels, threads, limits }: ScreenOptions): Promise<Screen> {
  const discord: DiscordTwin = await startDiscordTwin({ limits });
  const person = discord.addUser({ name: "ada" }).id;
  const parents = Array.from({ length: channels }, (_, i) => discord.addChannel({ name: `c${i}` }));
  const opened = Array.from({ length: threads }, (_, i) =>
    discord.addThread({ channel: parents[i % channels] ?? "", name: `t${i}` }),
  );
  const places = threads > 0 ? opened : parents;
  const { sights, saw } = createSights();
  let paints = 0;
  discord.subscribe((change) => {
    if (change.kind !== "posted" && change.kind !== "changed") return;
    // Types 0 and 19 are what somebody wrote, a reply or none; others tell of a thread.
    if (change.message.author.id !== discord.bot.id || ![0, 19].includes(change.message.type)) return;
    paints += 1;
    saw(change.message.id, change.message.content);
  });
  const refused = () => discord.requests.filter(({ status }) => status === 429).length;
  return {
    env: {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_APPLICATION_ID: discord.applicationId,
    },
    sights,
    ask: (question, place) =>
      void discord.say({
        channel: places[place % places.length] ?? "",
        user: person,
        content: `<@${discord.bot.id}> question ${number(question)}`,
      }),
    calls: () => ({ paints, refused: refused(), edits: paints, appends: 0 }),
    close: () => discord.close(),
  };
}
