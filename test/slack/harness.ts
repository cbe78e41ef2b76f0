import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { systemClock } from "../../src/clock.ts";
import type { Place } from "../../src/chat/place.ts";
import type { Platform } from "../../src/chat/platform.ts";
import { createLog, type Log } from "../../src/log.ts";
import type { FaultEffect } from "../../src/sandbox/server.ts";
import { onMethod, slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { SlackConfig } from "../../src/slack/config.ts";
import { decodePlace, encodePlace, messageId } from "../../src/slack/place.ts";
import { createSlack } from "../../src/slack/slack.ts";
import { type Failure, type PlatformHarness } from "../contracts/platform-bench.ts";

export const silent: Log = createLog("silent");

export interface Kind {
  readonly transport: "socket" | "http";
  readonly dm: "threads" | "one";
  /** Where the contract's places are. */
  readonly places: "channel" | "dm";
  /** Drafts say what was written of them, as the view's do: in the threads of direct messages they are streamed. */
  readonly drafts?: "streamed";
}

export function configFor(twin: SlackTwin, kind: Pick<Kind, "transport" | "dm">): SlackConfig {
  const transport =
    kind.transport === "socket"
      ? ({ kind: "socket", appToken: twin.appToken } as const)
      : ({ kind: "http", signingSecret: twin.signingSecret } as const);
  return { botToken: twin.botToken, apiUrl: twin.apiUrl, transport, dm: kind.dm };
}

/** The adapter on the twin, by sockets unless told otherwise. */
export function slackOn(twin: SlackTwin, config: Partial<SlackConfig> = {}): Platform {
  const all = { ...configFor(twin, { transport: "socket", dm: "threads" }), ...config };
  return createSlack({ config: all, clock: systemClock, log: silent });
}

const EFFECTS: Record<Failure, FaultEffect> = {
  swallow: { kind: "swallow" },
  cut: { kind: "cut" },
  rate_limited: tooManyRequests(2),
  unavailable: { kind: "answer", status: 503 },
  unreachable: slackError("is_archived"),
  rejected: slackError("msg_blocks_too_long"),
  unauthorized: slackError("token_revoked"),
};
const METHODS = {
  post: [/chat\.postMessage$/],
  file: [/files\.completeUploadExternal$/],
  edit: [/chat\.update$/],
  history: [/conversations\.(replies|history)$/],
};
const STREAMING = { post: /chat\.startStream$/, edit: /chat\.(append|stop)Stream$/ };

/**
 * The calls that have to fail for a failure to be told. A start that is refused is posted, and what a stream does not take is an edit: so the
 * other call fails as well. Whose answer is lost, or what is no refusal of streams alone, is told at once.
 */
function failing(call: keyof typeof METHODS, failure: Failure, isStreamed: boolean): readonly RegExp[] {
  if (!isStreamed || (call !== "post" && call !== "edit")) return METHODS[call];
  const isLost = failure === "swallow" || failure === "cut" || failure === "unavailable";
  const hasOther = call === "post" ? !isLost : failure === "rejected";
  return [STREAMING[call], ...(hasOther ? METHODS[call] : [])];
}

/** The platform behind a server of ours, which the twin is told of once the platform is started. */
export function mounted(twin: SlackTwin, platform: Platform): Platform {
  const listener = getRequestListener((request) => platform.http!.handle(request));
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  return {
    ...platform,
    start: async (receive) => {
      await platform.start(receive);
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      await twin.setRequestUrl(`http://127.0.0.1:${port}${platform.http!.path}`);
    },
    stop: async () => {
      await platform.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** As the bridge gives it: a reply's first page answers the question, which begins the thread here. */
const streamedDraft: NonNullable<PlatformHarness["draft"]> = (place, text) => {
  const { threadTs } = decodePlace(place);
  const first = threadTs === undefined ? {} : { replyTo: messageId(threadTs) };
  return { text, written: text, final: false, ...first };
};

/** Breaks every socket, and lets none be opened until it is called off. */
function cutOff(twin: SlackTwin): () => void {
  let down = true;
  twin.inject({
    matches: (request) => down && onMethod("apps.connections.open")(request),
    times: Infinity,
    effect: { kind: "cut" },
  });
  twin.disconnectSockets("cut");
  return () => void (down = false);
}

/** The adapter with the real Bolt, on a Slack twin of its own. */
export async function openHarness(kind: Kind): Promise<PlatformHarness> {
  // Slack tries again after a minute and after five: the contract asks for it when it wants it.
  const delivery = { ackTimeoutMs: 3_000, retryAfterMs: [3_600_000] };
  const twin = await startSlackTwin({ delivery });
  const ada = twin.addUser({ name: "ada", displayName: "Ada" });
  /** Who speaks in a direct message; everywhere else it is Ada. */
  const partners = new Map<string, string>();
  let opened = 0;

  const create = (config: Partial<SlackConfig> = {}): Platform => {
    const platform = slackOn(twin, { ...configFor(twin, kind), ...config });
    return kind.transport === "http" ? mounted(twin, platform) : platform;
  };
  const say = async (place: Place, text: string) => {
    const { channel, threadTs } = decodePlace(place);
    const mention = kind.places === "channel" ? `<@${twin.bot.userId}> ` : "";
    return messageId(
      twin.say({
        channel,
        user: partners.get(channel) ?? ada,
        text: `${mention}${text}`,
        ...(threadTs === undefined ? {} : { threadTs }),
      }),
    );
  };

  return {
    create: () => create(),
    createRefused: () => create({ botToken: "xoxb-no" }),
    openPlace: async () => {
      opened += 1;
      const user = opened === 1 ? ada : twin.addUser({ name: `user${opened}` });
      const channel =
        kind.places === "dm" ? twin.openDm(user) : twin.addChannel({ name: `channel${opened}` });
      if (kind.places === "dm") partners.set(channel, user);
      const at = { team: twin.team.id, channel };
      if (kind.places === "dm" && kind.dm === "one") return encodePlace(at);
      return encodePlace({ ...at, threadTs: twin.say({ channel, user, text: "the thread's beginning" }) });
    },
    say,
    ...(kind.drafts === "streamed" && { draft: streamedDraft }),
    shown: (place) => {
      const { channel, threadTs } = decodePlace(place);
      return twin.messages(channel, threadTs).map((message) => ({
        id: messageId(message.ts),
        bySelf: message.user === twin.bot.userId,
        text: message.shown.map((piece) => piece.text).join("\n"),
      }));
    },
    files: (place) => {
      const { channel, threadTs } = decodePlace(place);
      return twin.messages(channel, threadTs).flatMap(({ ts, files }) =>
        files.flatMap((file) => {
          const content = twin.file(String(file["id"]));
          return content ? [{ id: messageId(ts), name: content.name, text: content.bytes.toString() }] : [];
        }),
      );
    },
    remove: (place, id) => twin.delete(decodePlace(place).channel, id),
    fail: (call, failure) => {
      for (const method of failing(call, failure, kind.drafts === "streamed"))
        twin.inject({ matches: ({ path }) => method.test(path), times: 1, effect: EFFECTS[failure] });
    },
    notified: () => twin.notifications.map(({ mention }) => mention),
    redeliver: async () => {
      const last = twin.deliveries.findLast(({ state }) => state !== "acknowledged");
      if (last) twin.deliver(last.payload);
    },
    // Requests need no connection, so there is none to cut.
    ...(kind.transport === "socket" ? { interrupt: async () => cutOff(twin) } : {}),
    close: () => twin.close(),
  };
}
