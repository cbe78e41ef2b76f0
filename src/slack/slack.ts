import type { Message } from "../chat/message.ts";
import type { Listener, MissedQuery, Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Log } from "../log.ts";
import { createCommandHandler } from "./commands.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import type { SlackConfig } from "./config.ts";
import { referencesOf } from "./decode.ts";
import { LIMITS } from "./format.ts";
import { readHistory } from "./history.ts";
import { identify, identifyAtStart, startError } from "./identify.ts";
import { createHttpHandler } from "./http.ts";
import { createIndicator } from "./indicate.ts";
import { createDirectory, type Directory } from "./names.ts";
import { createLanes } from "./lanes.ts";
import { findMessage } from "./lookup.ts";
import { createMissed } from "./missed.ts";
import { createPages, type Pages } from "./pages.ts";
import { type Identity, postInEvent, toMessage } from "./parse.ts";
import { createPressHandler } from "./presses.ts";
import { createIntake, type Intake } from "./receiver.ts";
import { missingAbilities } from "./scopes.ts";
import { createSockets, type Sockets } from "./sockets.ts";
import { guardToken } from "./token.ts";
import { createWeb, type SlackWeb } from "./web.ts";

export interface SlackDeps {
  readonly config: SlackConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Slack waits three seconds for an acknowledgement (docs.slack.dev, Events API); names may take this part of them. */
const NAMES_WITHIN_MS = 1_200;
const EVENTS_PATH = "/slack/events";

/** What there is once Slack has told who we are. */
interface Session {
  readonly self: Identity;
  readonly pages: Pages;
  readonly intake: Intake;
  readonly conditions: Conditions;
  readonly sockets?: Sockets;
  readonly missed: (query: MissedQuery) => AsyncIterable<Message>;
}

/** Slack as a platform, with one workspace's bot token. `start` throws `PatchcordError`, in words for the operator. */
export function createSlack(deps: SlackDeps): Platform {
  const { config, clock, log } = deps;
  const stopping = new AbortController();
  const bare = createWeb({ botToken: config.botToken, apiUrl: config.apiUrl, log });
  const changed = (refusedBecause: string | undefined) => session?.conditions.token(refusedBecause);
  const web = guardToken({ web: bare, clock, log, signal: stopping.signal, changed });
  const directory = createDirectory({ web, clock, log });
  const indicator = createIndicator({ web, clock, log });
  const warnings: string[] = [];
  let session: Session | undefined;

  const started = (): Session => {
    if (session) return session;
    throw new PatchcordError("slack_not_started", "Slack was used before it was started");
  };
  const whoAmI = async () => (session ?? (await identify(bare))).self;

  return {
    name: "slack",
    limits: LIMITS,
    warnings,
    start: async (listener) => {
      const { self, scopes } = await identifyAtStart(bare);
      warnings.push(...missingAbilities(scopes, config.answers ?? { dms: true, channels: true }));
      session = openSession(deps, { self, web, directory, listener });
      await session.sockets
        ?.start()
        .catch((error: unknown) => Promise.reject(startError(error, "SLACK_APP_TOKEN")));
      // Requests come to the HTTP port without our doing.
      if (!session.sockets) session.conditions.hearing({ kind: "listening" });
    },
    post: async (place, page, key) => {
      const id = await started().pages.post(place, page, key);
      indicator.posted(place);
      return id;
    },
    edit: (place, id, page) => started().pages.edit(place, id, page),
    missed: (query) => started().missed(query),
    history: (place, query) => readHistory({ web, self: started().self, directory, log }, place, query),
    find: async (link) => findMessage({ web, self: await whoAmI(), directory, dm: config.dm }, link),
    indicate: (place, signal) => indicator.indicate(place, signal),
    stop: async () => {
      stopping.abort();
      session?.conditions.stop();
      await session?.intake.close();
      await session?.sockets?.stop();
    },
    ...httpOf(deps, () => session?.intake),
  };
}

function httpOf({ config, clock, log }: SlackDeps, intake: () => Intake | undefined): Pick<Platform, "http"> {
  if (config.transport.kind !== "http") return {};
  const { signingSecret } = config.transport;
  return { http: { path: EVENTS_PATH, handle: createHttpHandler({ signingSecret, clock, log, intake }) } };
}

function openSession(
  { config, clock, log }: SlackDeps,
  parts: {
    self: Identity;
    web: SlackWeb;
    directory: Directory;
    listener: Listener;
  },
): Session {
  const { botToken, apiUrl, transport } = config;
  const onEvent = createListener(parts, config.dm);
  const onAction = createPressHandler({ ...parts, log });
  const onCommand = createCommandHandler({ ...parts, clock, log });
  const intake = createIntake({ self: parts.self, botToken, apiUrl, log, onEvent, onAction, onCommand });
  const conditions = createConditions((condition) => parts.listener.changed(condition));
  const missed = createMissed({ ...parts, clock, log, config });
  const session = { self: parts.self, pages: createPages({ ...parts, clock }), intake, conditions, missed };
  if (transport.kind === "http") return session;
  const { appToken } = transport;
  return {
    ...session,
    sockets: createSockets({
      appToken,
      apiUrl,
      clock,
      log,
      deliver: (delivery) => intake.deliver(delivery),
      hearing: (hearing) => conditions.hearing(hearing),
    }),
  };
}

/** From an event's body to a received message. Rejects when it was not received. */
function createListener(
  parts: { self: Identity; directory: Directory; listener: Listener },
  dm: SlackConfig["dm"],
): (body: unknown) => Promise<void> {
  const { self, directory, listener } = parts;
  const inTurn = createLanes();
  return async (body) => {
    const post = postInEvent(body, self);
    if (!post) return;
    const { users, channels } = referencesOf(post);
    const people = [...(post.user === undefined ? [] : [post.user]), ...users].filter(
      (id) => id !== self.botUserId,
    );
    const named = directory.learn({ users: people, channels: [post.channel, ...channels] }, NAMES_WITHIN_MS);
    await inTurn(post.channel, async () => {
      await named;
      await listener.receive(toMessage(post, { self, dm, names: directory }));
    });
  };
}
