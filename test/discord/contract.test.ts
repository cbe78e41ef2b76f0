import { channelOf, decodePlace, encodePlace, messageId } from "../../src/discord/place.ts";
import type { Place } from "../../src/chat/place.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../src/sandbox/discord/options.ts";
import type { FaultEffect } from "../../src/sandbox/server.ts";
import { describeListening } from "../contracts/platform-missed.ts";
import { describeFind } from "../contracts/platform-find.ts";
import { describePlatform } from "../contracts/platform.ts";
import type { Failure, PlatformHarness } from "../contracts/platform-bench.ts";
import { adapterOn, answer, EDITS, POSTS, READS, startTwin, strike } from "./kit.ts";

const LINE = { post: POSTS, file: POSTS, edit: EDITS, history: READS };

const EFFECT: Readonly<Record<Failure, FaultEffect>> = {
  swallow: { kind: "swallow" },
  cut: { kind: "cut" },
  rate_limited: answer(
    429,
    { message: "You are being rate limited.", retry_after: 2, global: false },
    { "retry-after": "2", "x-ratelimit-scope": "user" },
  ),
  unavailable: answer(502, { message: "502: Bad Gateway", code: 0 }),
  unreachable: answer(403, { message: "Missing Access", code: 50001 }),
  rejected: answer(400, { message: "Invalid Form Body", code: 50035, errors: {} }),
  unauthorized: answer(401, { message: "401: Unauthorized", code: 0 }),
};

interface Options {
  readonly twin?: DiscordTwinOptions;
  /** What goes wrong with the connections that stand, while no new ones are taken. */
  readonly interrupt?: (twin: DiscordTwin) => void;
}

async function open({ twin: options, interrupt }: Options = {}): Promise<PlatformHarness> {
  const twin = await startTwin(options);
  const person = twin.addUser({ name: "ana" }).id;
  const channelIn = (place: Place) => channelOf(decodePlace(place));
  return {
    create: () => adapterOn(twin).platform,
    createRefused: () => adapterOn(twin, { config: { token: "MTIz.refused.token" } }).platform,
    openPlace: async () =>
      encodePlace({ kind: "channel", guild: twin.guild.id, channel: twin.addChannel({ name: "general" }) }),
    say: async (place, content) => messageId(twin.say({ channel: channelIn(place), user: person, content })),
    shown: (place) =>
      twin.messages(channelIn(place)).map(({ id, author, content }) => ({
        id: messageId(id),
        bySelf: author.id === twin.bot.id,
        text: content,
      })),
    files: (place) =>
      twin.messages(channelIn(place)).flatMap(({ id, attachments }) =>
        attachments.map((file) => ({
          id: messageId(id),
          name: file.name,
          text: twin.file(file.id)?.bytes.toString() ?? "",
        })),
      ),
    remove: (place, id) => twin.delete(channelIn(place), id),
    fail: (call, failure) => strike(twin, LINE[call], EFFECT[failure]),
    notified: () => twin.notifications.map(({ by, messageId: id }) => `${by} ${id}`),
    // Discord delivers once; the adapter tries again by itself.
    redeliver: async () => {},
    ...(interrupt
      ? {
          interrupt: async () => {
            twin.gateway.refuse(true);
            interrupt(twin);
            return () => twin.gateway.refuse(false);
          },
        }
      : {}),
    close: () => twin.close(),
  };
}

describePlatform("discord", () => open());
describeListening("discord, whose session is resumed", () =>
  open({ interrupt: (twin) => twin.gateway.drop("cut") }),
);
describeListening("discord on two shards, whose sessions are lost", () =>
  open({
    twin: { shards: 2, concurrency: 2 },
    interrupt: (twin) => twin.gateway.drop(4009),
  }),
);
describeFind("discord", () => open());
