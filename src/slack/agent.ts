import type { Message } from "../chat/message.ts";
import type { Listener, Press } from "../chat/platform.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Prompt } from "./config.ts";
import { inert } from "./inert.ts";
import { record, text } from "./json.ts";
import type { Identity } from "./parse.ts";
import { decodePlace, encodePlace, isId, isTs } from "./place.ts";
import type { StreamCalls } from "./stream-calls.ts";
import type { SlackWeb } from "./web.ts";

/** What an agent has beside its messages: suggestions in its direct message, titles of threads, and Slack's own Stop. */
export interface Agent {
  /** Handles an event that is no message. Rejects when a wish to stop was not stored. */
  onEvent(body: unknown): Promise<void>;
  /** A message was received: if it begins a thread of a direct message, it gives it its title. */
  received(message: Message): void;
}

export interface AgentDeps {
  readonly web: SlackWeb;
  readonly log: Log;
  readonly self: Identity;
  readonly listener: Pick<Listener, "press">;
  readonly calls: Pick<StreamCalls, "settle">;
  readonly prompts: readonly Prompt[];
  /** Slack lets the app do all this. */
  readonly isAgent: boolean;
}

/** A title's characters: as many as a list of threads shows. Slack takes 200 (docs.slack.dev, agents.sessions.setStatus). */
const TITLE_LENGTH = 60;

export function createAgent({ web, log, self, listener, calls, prompts, isAgent }: AgentDeps): Agent {
  // What is missing then is an ornament: nobody waits for it.
  const adorn = (method: string, args: Readonly<Record<string, unknown>>) => {
    if (!isAgent) return;
    web.call(method, args).catch((error: unknown) => {
      const code = error instanceof PlatformRefusal ? error.code : undefined;
      log.debug({ method, code, err: asError(error) }, "an ornament of the direct message was refused");
    });
  };
  return {
    onEvent: async (body) => {
      const opened = paneIn(body);
      if (opened !== undefined && prompts.length > 0)
        adorn("assistant.threads.setSuggestedPrompts", { channel_id: opened, prompts });
      const press = stopIn(body, self);
      if (!press) return;
      const nothingToStop = await listener.press(press);
      // Slack shows the thread as being worked on until it is told otherwise; who stops it does so at the reply's end.
      if (nothingToStop !== undefined) await calls.settle(press.place);
    },
    received: ({ place, call, where, text: said, author }) => {
      const { channel, threadTs } = decodePlace(place);
      const title = titleOf(said);
      if (where.channelKind !== "dm" || !call.startsPlace || author.kind !== "person" || title === "") return;
      adorn("assistant.threads.setTitle", { channel_id: channel, thread_ts: threadTs, title });
    },
  };
}

/** The beginning of what was asked, in a line, that calls nobody whoever reads it. */
export function titleOf(markdown: string): string {
  const words = markdown
    .toWellFormed()
    .replaceAll(/[*_`~#>|]+/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim();
  const letters = Array.from(words);
  if (letters.length <= TITLE_LENGTH) return inert(words);
  const beginning = letters.slice(0, TITLE_LENGTH - 1).join("");
  return inert(`${beginning.trimEnd()}…`);
}

/** The direct message that a person has opened (docs.slack.dev, app_home_opened). */
function paneIn(body: unknown): string | undefined {
  const { type, tab, channel } = record(record(body)["event"]);
  return type === "app_home_opened" && tab === "messages" ? text(channel) : undefined;
}

/** The press of Slack's own Stop (docs.slack.dev, agent_session_stopped). It names no turn: what is at work in the thread is meant. */
export function stopIn(body: unknown, self: Identity): Press | undefined {
  const envelope = record(body);
  const event = record(envelope["event"]);
  const [team = self.team, channel, threadTs, user] = [
    text(envelope["team_id"]),
    ...["channel", "thread_ts", "user"].map((key) => text(event[key])),
  ];
  if (event["type"] !== "agent_session_stopped" || !channel || !threadTs || !user) return undefined;
  if (!isId(team) || !isId(channel) || !isTs(threadTs)) return undefined;
  const place = encodePlace({ team, channel, threadTs });
  return { platform: "slack", place, action: "stop", by: { id: user, name: user, kind: "person" } };
}
