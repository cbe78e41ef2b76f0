import type { Looked } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import { fetchApplication } from "./application.ts";
import type { Bot, BotDeps } from "./bot.ts";
import { createCalls } from "./calls.ts";
import { createDesk } from "./desk.ts";
import { discordLinks } from "./links.ts";
import { decodePlace, whereOf } from "./place.ts";
import { createReader, type Reader } from "./reader.ts";
import { CODE } from "./refusal.ts";

export interface LookupDeps extends Pick<Bot, "calls" | "open"> {
  readonly reader: Pick<Reader, "read">;
}

const NO_MESSAGE = "there is no such message in the channel: it was deleted, or the link is not right";
const NO_CHANNEL =
  "the bot sees no such channel: it is not there, or the bot may not see it or read its history";

/** See `Platform.find`. */
export async function findMessage({ calls, open, reader }: LookupDeps, link: string): Promise<Looked> {
  const linked = discordLinks.readLink(link, []);
  const [place] = linked?.places ?? [];
  if (!linked || !place) return { missing: "it is no link to a message on Discord" };
  try {
    // To Discord a thread is a channel.
    const channel = await open(whereOf(decodePlace(place)));
    if (!channel) return { missing: "the channel holds no messages" };
    const raw = await calls.guard(async () => channel.messages.fetch({ message: linked.id, force: true }));
    const message = await reader.read(raw);
    return message ? { message } : { missing: "it is a note of Discord's own: nobody said it" };
  } catch (caught) {
    if (!(caught instanceof PlatformRefusal)) throw caught;
    if (caught.code === CODE.unknownMessage) return { missing: `Discord: ${NO_MESSAGE}` };
    if (caught.kind === "unreachable") return { missing: `Discord: ${NO_CHANNEL}` };
    throw caught;
  }
}

/** The same, by a bot that does not listen. */
export async function findByItself(
  deps: Pick<BotDeps, "config" | "clock" | "log">,
  link: string,
): Promise<Looked> {
  const over = new AbortController();
  const calls = createCalls({ ...deps, signal: over.signal });
  try {
    const { userId } = await fetchApplication(calls, over.signal);
    const desk = createDesk({ calls, clock: deps.clock, userId });
    const open: Bot["open"] = async ({ guild, channel }) => {
      const found = await calls.guard(async () => (await desk.learn(guild)).channels.fetch(channel));
      return found?.isTextBased() ? found : undefined;
    };
    const reader = createReader({ calls, open, userId }, deps.config);
    return await findMessage({ calls, open, reader }, link);
  } finally {
    over.abort();
    calls.close();
  }
}
