import { askedIn } from "./answers.ts";
import type { StepLine } from "./child.ts";
import { realTime } from "./clock.ts";
import type { Ledger } from "./database.ts";
import type { Evidence, Overdraft, Post, StoredInput } from "./evidence.ts";
import type { Fleet } from "./fleet.ts";
import type { Journal } from "./journal.ts";
import { discordWhere, type People, slackWhere } from "./people.ts";
import type { World } from "./world.ts";

/** Slack counts back a minute, Discord less. */
const WINDOW_MS = 60_000;
/**
 * Each connection has a delay of its own, so two messages of one place that were sent within it may be heard in either order: by Slack's two
 * sockets of one process, or by two processes, of which one may be busy. What is heard first begins at once, since nobody knows that another
 * comes: to wait for it would cost every answer that time.
 */
const SAME_TIME_MS = { one: 50, several: 500 };
/** The message by which Discord says that a thread was made from a message: not the bot's words. */
const THREAD_STARTER = 21;

/** Reads everything that is known when a run is over. */
export async function gather(run: {
  readonly world: World;
  readonly people: People;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly fleet: Fleet;
}): Promise<Evidence> {
  const { world, people, ledger, journal } = run;
  const steps = journal.steps();
  const takenUp = takings(steps);
  return {
    asks: people.asks,
    posts: numbered([...slackPosts(world), ...discordPosts(world)]),
    turns: (await ledger.turns()).map((turn) => {
      const takenUpAt = takenUp.get(turn.id);
      return { ...turn, ...(takenUpAt !== undefined && { takenUpAt }) };
    }),
    pages: await ledger.pages(),
    calls: world.modelCalls,
    stored: storedInputs(world),
    overdrawn: overdrafts(world),
    troubles: withWaits(journal),
    steps,
    windowMs: WINDOW_MS / world.time.factor,
    sameTimeMs: run.fleet.names.length > 1 ? SAME_TIME_MS.several : SAME_TIME_MS.one,
  };
}

/** What befell the bot, and when the machine was too slow for it: but where that came of a trouble that is known. */
function withWaits(journal: Journal): Evidence["troubles"] {
  const { troubles } = journal;
  const own = journal
    .waits()
    .filter((wait) => !troubles.some(({ at, until }) => until > at && at <= wait.until && until >= wait.at));
  return [...troubles, ...own];
}

/** When each turn was taken up: the first thing that a replica does with it is to look at its pages. */
function takings(steps: readonly StepLine[]): ReadonlyMap<number | undefined, number> {
  const looks = steps.filter(({ step }) => step === "store.pages before");
  return new Map(looks.toReversed().map(({ turn, at }) => [turn, at]));
}

type Standing = Omit<Post, "position">;

/** Each platform lists a place's messages from the oldest to the newest. */
function numbered(posts: readonly Standing[]): readonly Post[] {
  return [...Map.groupBy(posts, ({ where }) => where).values()].flatMap((inPlace) =>
    inPlace.map((post, position) => ({ ...post, position })),
  );
}

function slackPosts({ slack, time }: World): readonly Standing[] {
  return slack
    .channels()
    .flatMap(({ id }) => slack.messages(id).flatMap(({ ts }) => slack.messages(id, ts)))
    .filter(({ user, subtype }) => user === slack.bot.userId && subtype === undefined)
    .map(({ channel, ts, threadTs, shown, blocks, versions }) => ({
      platform: "slack",
      where: slackWhere(channel, threadTs ?? ts),
      id: ts,
      at: realTime(time, Number(ts) * 1000),
      text: shown.map(({ text }) => text).join("\n"),
      buttons: blocks.filter(({ type }) => type === "actions").length,
      versions: versions.map(({ at, text }) => ({ at: realTime(time, at), text })),
    }));
}

function discordPosts({ discord, time }: World): readonly Standing[] {
  return discord
    .channels()
    .flatMap(({ id }) => discord.messages(id))
    .filter(({ author, type }) => author.id === discord.bot.id && type !== THREAD_STARTER)
    .map((message) => ({
      platform: "discord",
      where: discordWhere(message.channelId),
      id: message.id,
      at: realTime(time, message.createdAt),
      text: message.content,
      buttons: buttonsOf(message),
      versions: message.history.map(({ at, content }) => ({ at: realTime(time, at), text: content })),
    }));
}

function buttonsOf(message: object): number {
  const components: unknown = "components" in message ? message.components : undefined;
  return Array.isArray(components) ? components.length : 0;
}

function storedInputs({ telnyx }: World): readonly StoredInput[] {
  return telnyx.state.conversations().flatMap(({ id }) =>
    telnyx.state.messages(id).flatMap(({ role, text }) => {
      const asked = role === "user" ? askedIn(text ?? "") : undefined;
      return asked ? [{ conversation: id, ask: asked.ask }] : [];
    }),
  );
}

/**
 * A refusal that the run asked for is none of the twin's own, and not among its calls. What is read waits for the platform's word; what is
 * shown must keep to a budget.
 */
function overdrafts({ slack, time }: World): readonly Overdraft[] {
  return slack.calls
    .filter(({ status, method }) => status === 429 && method.startsWith("chat."))
    .map(({ method, at }) => ({ platform: "slack", what: method, at: realTime(time, at) }));
}
