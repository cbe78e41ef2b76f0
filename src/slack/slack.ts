import type { Message } from "../chat/message.ts";
import type { Limits, Listener, MissedQuery, Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Log } from "../log.ts";
import { createAgent, type Agent } from "./agent.ts";
import { createCommandHandler } from "./commands.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import type { SlackConfig } from "./config.ts";
import { referencesOf } from "./decode.ts";
import { LIMITS, withFiles } from "./format.ts";
import { readHistory } from "./history.ts";
import { identify, identifyAtStart, startError } from "./identify.ts";
import { createHttpHandler } from "./http.ts";
import { createIndicator, type Indicator } from "./indicate.ts";
import { createDirectory, type Directory } from "./names.ts";
import { createLanes } from "./lanes.ts";
import { findMessage } from "./lookup.ts";
import { createMissed } from "./missed.ts";
import { createPages, type Pages } from "./pages.ts";
import { type Identity, postInEvent, toMessage } from "./parse.ts";
import { createPressHandler } from "./presses.ts";
import { createIntake, type Intake } from "./receiver.ts";
import { type Answers, FILES, isAgent, missingAbilities } from "./scopes.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSockets, type Sockets } from "./sockets.ts";
import { createStreamCalls } from "./stream-calls.ts";
import { createStreamGate } from "./streaming.ts";
import { createStreams, type Streams } from "./streams.ts";
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
  readonly streams: Streams;
  readonly sessions: Sessions;
  readonly intake: Intake;
  readonly conditions: Conditions;
  readonly sockets?: Sockets;
  readonly missed: (query: MissedQuery) => AsyncIterable<Message>;
  readonly scopes: readonly string[];
}

/** Slack as a platform, with one workspace's bot token. `start` throws `PatchcordError`, in words for the operator. */
export function createSlack(deps: SlackDeps): Platform {
  const { config, clock, log } = deps;
  const stopping = new AbortController();
  const bare = createWeb({ botToken: config.botToken, apiUrl: config.apiUrl, log });
  const changed = (refusedBecause: string | undefined) => session?.conditions.token(refusedBecause);
  const web = guardToken({ web: bare, clock, log, signal: stopping.signal, changed });
  const directory = createDirectory({ web, clock, log, self: () => session?.self.botUserId });
  const indicator = createIndicator({ web, clock, log });
  const warnings: string[] = [];
  let session: Session | undefined;

  const started = () => session ?? notStarted();
  const whoAmI = async () => (session ?? (await identify(bare))).self;

  return {
    name: "slack",
    get limits() {
      return limitsFor(config, session?.scopes);
    },
    warnings,
    start: async (listener) => {
      const { self, scopes } = await identifyAtStart(bare);
      warnings.push(...missingAbilities(scopes, answersOf(config)));
      session = openSession(deps, { self, scopes, web, directory, listener, signal: stopping.signal });
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
    countsAs: (place, page, id) => started().streams.countsAs(place, page, id),
    missed: (query) => started().missed(query),
    history: (place, query) => readHistory({ web, self: started().self, directory, log }, place, query),
    find: async (link) => findMessage({ web, self: await whoAmI(), directory, dm: config.dm }, link),
    indicate: (...work) => showWork(indicator, session, ...work),
    stop: async () => {
      stopping.abort();
      if (session) await closeSession(session);
    },
    ...httpOf(deps, () => session?.intake),
  };
}

/** That an answer is on its way. */
function showWork(
  indicator: Indicator,
  session: Session | undefined,
  ...work: Parameters<Indicator["indicate"]>
): void {
  indicator.indicate(...work);
  session?.sessions.begin(...work);
}

async function closeSession({ conditions, streams, intake, sockets }: Session): Promise<void> {
  conditions.stop();
  await Promise.all([streams.close(), intake.close()]);
  await sockets?.stop();
}

function notStarted(): never {
  throw new PatchcordError("slack_not_started", "Slack was used before it was started");
}

function answersOf({
  answers = { dms: true, channels: true },
  dm,
  codeAsFileAfterPages = 0,
}: SlackConfig): Answers {
  return { ...answers, agent: answers.dms && dm === "threads", files: codeAsFileAfterPages > 0 };
}

/** Without the scope for files, and where they are not wanted, code of any length is shown on pages. */
function limitsFor(
  { codeAsFileAfterPages: afterPages = 0 }: SlackConfig,
  scopes: readonly string[] = [FILES.scope],
): Limits {
  return afterPages > 0 && scopes.includes(FILES.scope) ? withFiles(afterPages) : LIMITS;
}

function httpOf({ config, clock, log }: SlackDeps, intake: () => Intake | undefined): Pick<Platform, "http"> {
  if (config.transport.kind !== "http") return {};
  const { signingSecret } = config.transport;
  return { http: { path: EVENTS_PATH, handle: createHttpHandler({ signingSecret, clock, log, intake }) } };
}

interface Parts {
  readonly self: Identity;
  readonly scopes: readonly string[];
  readonly web: SlackWeb;
  readonly directory: Directory;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

function openSession({ config, clock, log }: SlackDeps, known: Parts): Session {
  const parts = { ...known, isAgent: isAgent(known.scopes) };
  const { botToken, apiUrl, transport, prompts = [] } = config;
  const agent = createAgent({ ...parts, log, prompts, calls: createStreamCalls({ ...parts, log }) });
  const onEvent = createListener({ ...parts, agent }, config.dm);
  const onAction = createPressHandler({ ...parts, log });
  const onCommand = createCommandHandler({ ...parts, clock, log });
  const on = { onEvent, onAction, onCommand, onAgentEvent: (body: unknown) => agent.onEvent(body) };
  const intake = createIntake({ self: parts.self, botToken, apiUrl, log, ...on });
  const conditions = createConditions((condition) => parts.listener.changed(condition));
  const missed = createMissed({ ...parts, clock, log, config });
  const isAble = parts.isAgent && config.streaming !== "edit";
  const sessions = createSessions({ ...parts, clock, log, isAble });
  const streams = openStreams({ config, clock, log }, { ...parts, sessions });
  const pages = createPages({ ...parts, clock, streams });
  const { self, scopes } = parts;
  const session = { self, scopes, streams, sessions, pages, intake, conditions, missed };
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

function openStreams(
  { config, clock, log }: SlackDeps,
  parts: Parts & { readonly isAgent: boolean; readonly sessions: Sessions },
): Streams {
  const { streaming: mode = "auto" } = config;
  const gate = createStreamGate({ ...parts, clock, log, mode });
  return createStreams({ ...parts, clock, log, gate, onStop: (press) => parts.listener.press(press) });
}

/** From an event's body to a received message. Rejects when it was not received. */
function createListener(
  parts: { self: Identity; directory: Directory; listener: Listener; agent: Agent },
  dm: SlackConfig["dm"],
): (body: unknown) => Promise<void> {
  const { self, directory, listener, agent } = parts;
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
      const message = toMessage(post, { self, dm, names: directory });
      await listener.receive(message);
      agent.received(message);
    });
  };
}
