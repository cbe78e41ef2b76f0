import { answerTo, wordsOf } from "./answers.ts";
import type { Ask } from "./evidence.ts";
import type { World } from "./world.ts";

/** Somewhere that people talk to the bot. */
export interface Spot {
  readonly platform: "slack" | "discord";
  /** The bot hears every word here, also without a mention, once it was called. */
  readonly followsUp: boolean;
  /** Posts, and returns the message's id and the place that it belongs to. */
  say(text: string): { readonly id: string; readonly where: string };
}

export interface People {
  /** Everything that was asked, in order. */
  readonly asks: readonly Ask[];
  /** A new thread in a new Slack channel, a new Discord channel, …: nobody has said anything there. */
  slackThread(): Spot;
  slackDm(): Spot;
  discordChannel(): Spot;
  discordThread(): Spot;
  discordDm(): Spot;
  /** Asks for an answer of so many letters. */
  ask(spot: Spot, length: number, how?: { readonly heldBack?: boolean; readonly mention?: boolean }): Ask;
  /** A question that nobody could have heard, as if it had not been asked. */
  forget(ask: Ask): void;
  /** Says something that is not meant for the bot. */
  chat(spot: Spot): void;
}

export const slackWhere = (channel: string, thread: string) => `slack ${channel} ${thread}`;
export const discordWhere = (channel: string) => `discord ${channel}`;

/** People who talk to the bot, each question one that was never asked before. */
export function createPeople(world: World): People {
  const asks: Ask[] = [];
  let asked = 0;
  const spots = createSpots(world);
  const mentions = { slack: `<@${world.slack.bot.userId}> `, discord: `<@${world.discord.bot.id}> ` };
  return {
    asks,
    ...spots,
    ask: (spot, length, { heldBack = false, mention = true } = {}) => {
      const { platform } = spot;
      const number = (asked += 1);
      const words = wordsOf(number, length);
      if (heldBack) hold(world, words);
      const at = Date.now();
      const said = spot.say(`${mention ? mentions[platform] : ""}${words}`);
      const ask = { number, platform, at, heldBack, answer: answerTo(number, length), ...said };
      asks.push(ask);
      return ask;
    },
    forget: (ask) => void asks.splice(asks.indexOf(ask), 1),
    chat: (spot) => void spot.say("just between ourselves"),
  };
}

/** Slack tells of a mention in two events. */
function hold({ slack }: World, words: string): void {
  const matches = (event: Readonly<Record<string, unknown>>) => String(event["text"]).includes(words);
  slack.disturb({ matches, times: 2, effect: "hold" });
}

/** Channels of a workspace in which people talk to the bot, and people who write to it directly. */
const SLACK_ROOMS = 12;

/** Makes up to `most`, when they are needed, and gives them in turn. */
function inTurn<T>(most: number, make: () => T): () => T {
  const made: T[] = [];
  return () => {
    const next = made.length < most ? make() : made.shift();
    if (next === undefined) throw new Error("nothing was made");
    made.push(next);
    return next;
  };
}

function createSpots({ slack, discord }: World) {
  const ada = { slack: slack.addUser({ name: "ada" }), discord: discord.addUser({ name: "ada" }).id };
  let made = 0;
  const newName = () => `room-${(made += 1)}`;
  // What was missed on Slack is read within 45 calls of each method, so that in hundreds of channels some would stay unread, as the bot says.
  const rooms = inTurn(SLACK_ROOMS, () => slack.addChannel({ name: newName() }));
  const writers = inTurn(SLACK_ROOMS, () => slack.addUser({ name: newName() }));

  const threadIn = (channel: string, user: string): Spot => {
    let thread: string | undefined;
    return {
      platform: "slack",
      followsUp: true,
      say: (text) => {
        const id = slack.say({ channel, user, text, ...(thread && { threadTs: thread }) });
        thread ??= id;
        return { id, where: slackWhere(channel, thread) };
      },
    };
  };
  const channel = (id: string, user: string, followsUp: boolean): Spot => ({
    platform: "discord",
    followsUp,
    say: (text) => ({ id: discord.say({ channel: id, user, content: text }), where: discordWhere(id) }),
  });

  return {
    slackThread: () => threadIn(rooms(), ada.slack),
    slackDm: () => {
      const user = writers();
      return threadIn(slack.openDm(user), user);
    },
    discordChannel: () => channel(discord.addChannel({ name: newName() }), ada.discord, false),
    discordThread: () => {
      const parent = discord.addChannel({ name: newName() });
      return channel(
        discord.addThread({ channel: parent, name: newName(), user: ada.discord }),
        ada.discord,
        true,
      );
    },
    discordDm: () => {
      const { id } = discord.addUser({ name: newName() });
      return channel(discord.openDm(id), id, true);
    },
  };
}
