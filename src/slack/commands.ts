import type { Command } from "../chat/command.ts";
import type { Listener } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { formatPage } from "./format.ts";
import { record, text } from "./json.ts";
import type { Identity } from "./parse.ts";
import { encodePlace, isId } from "./place.ts";
import type { SlackWeb } from "./web.ts";

/** Between tries to bring an answer. It is for one person alone, who would at worst read it twice. */
const PAUSES_MS = [1_000, 4_000];
/** How long Slack may take to accept an answer. */
const ACCEPT_MS = 10_000;

export interface CommandDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly listener: Pick<Listener, "command">;
  readonly clock: Clock;
  readonly log: Log;
}

/** A command, and where its answer goes. */
interface Given {
  readonly command: Omit<Command, "manages">;
  readonly responseUrl: string;
}

/** The command in a body that Slack sends (docs.slack.dev, Slash commands): undefined for everything else. Total. */
export function commandIn(body: unknown): Given | undefined {
  const {
    command,
    team_id: team,
    channel_id: channel,
    user_id: user,
    user_name,
    response_url,
    ...rest
  } = record(body);
  const ids = [team, channel, user].flatMap((id) => (typeof id === "string" && isId(id) ? [id] : []));
  const [workspaceId, channelId, userId] = ids;
  const responseUrl = text(response_url);
  if (text(command) === undefined || responseUrl === undefined) return undefined;
  if (workspaceId === undefined || channelId === undefined || userId === undefined) return undefined;
  return {
    responseUrl,
    command: {
      platform: "slack",
      workspaceId,
      // Slack takes no commands in threads.
      place: encodePlace({ team: workspaceId, channel: channelId }),
      by: { id: userId, name: text(user_name) ?? userId, kind: "person" },
      words: text(rest["text"]) ?? "",
    },
  };
}

/** Takes slash commands that Slack was told of already, and answers whoever gave them, alone. What it resolves to never rejects. */
export function createCommandHandler(deps: CommandDeps): (body: unknown) => Promise<void> {
  const { web, self, listener, log } = deps;
  return async (body) => {
    const given = commandIn(body);
    if (!given) return log.info("a command came from Slack that cannot be read");
    const { command, responseUrl } = given;
    const manages = () => isAdmin(web, self, command);
    try {
      await bring(deps, responseUrl, await listener.command({ ...command, manages }));
    } catch (error) {
      // The address is a secret as long as it is good: it is not said.
      const { message: why } = asError(error);
      log.warn({ place: command.place, why }, "the answer to a command could not be brought");
    }
  };
}

/** Whoever is of another workspace, and in a channel that both share, runs theirs and not ours. Throws `PlatformRefusal`. */
async function isAdmin(
  web: SlackWeb,
  self: Identity,
  { workspaceId, by }: Given["command"],
): Promise<boolean> {
  if (workspaceId !== self.team) return false;
  return manages(record((await web.call("users.info", { user: by.id }))["user"]), self.team);
}

/** Whether a user, as users.info tells of one, is an admin or owner of this workspace (docs.slack.dev, User object). */
export function manages(user: Readonly<Record<string, unknown>>, team: string): boolean {
  const { team_id, deleted, is_admin, is_owner, is_primary_owner } = user;
  if (team_id !== team || deleted === true) return false;
  return is_admin === true || is_owner === true || is_primary_owner === true;
}

/** By the `response_url`, which works where the bot is no member, too: five answers in half an hour. */
async function bring({ clock }: CommandDeps, url: string, markdown: string): Promise<void> {
  const body = JSON.stringify({ response_type: "ephemeral", ...formatPage(markdown) });
  for (const pause of [...PAUSES_MS, undefined]) {
    const status = await post(clock, url, body).catch((error: unknown) => asError(error).message);
    if (status === 200) return;
    const mayPass = typeof status === "string" || status === 429 || status >= 500;
    if (!mayPass || pause === undefined) throw new Error(`Slack answered ${status}`);
    await clock.sleep(pause);
  }
}

async function post(clock: Clock, url: string, body: string): Promise<number> {
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(ACCEPT_MS, done.signal).then(
    () => late.abort(new Error("no answer in time")),
    () => undefined,
  );
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "error",
      signal: late.signal,
    });
    await response.body?.cancel();
    return response.status;
  } finally {
    done.abort();
  }
}
