import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";
import { encodePlace } from "../../src/discord/place.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../src/sandbox/discord/options.ts";
import { until } from "../eventually.ts";
import { type Bench, READS, startTwin } from "./kit.ts";

const opened: DiscordTwin[] = [];

/** Closes the worlds. */
export async function closeWorlds(): Promise<void> {
  for (const twin of opened.splice(0)) await twin.close();
}

/** A world in which something was said, and nobody of ours has listened yet. */
export async function world(options: DiscordTwinOptions = {}) {
  const twin = await startTwin(options);
  opened.push(twin);
  const person = twin.addUser({ name: "ana", displayName: "Ana" }).id;
  const add = (name: string) => twin.addChannel({ name });
  const say = (channel: string, content: string) => twin.say({ channel, user: person, content });
  const placeOf = (channel: string) => encodePlace({ kind: "channel", guild: twin.guild.id, channel });
  return { twin, person, add, say, placeOf };
}

/** A moment after all that was said, and before what is said next. */
export async function moment(): Promise<number> {
  const now = Date.now();
  await until("time has passed", () => Date.now() > now + 4);
  return now + 2;
}

export interface Asked {
  readonly since: number;
  readonly places?: readonly Place[];
  readonly part?: string;
}

export async function missed(
  bench: Bench,
  { since, places = [], part = "shard 0 of 1" }: Asked,
): Promise<Message[]> {
  const found: Message[] = [];
  const { signal } = new AbortController();
  for await (const message of bench.platform.missed!({ part, since, places, signal })) found.push(message);
  return found;
}

export const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
export const reads = (twin: DiscordTwin) =>
  twin.requests
    .filter(({ method, path }) => READS.test(`${method} ${path}`))
    .map(({ path }) => path.split("/").at(-2));
