import type { SlackDeeds, SlackSights } from "./contract.ts";
import { defined } from "./defined.ts";
import { streamingState } from "./message.ts";
import { edit } from "./posting.ts";
import type { SlackPrompt, SlackSession } from "./types.ts";
import type { World } from "./world.ts";

/** What Slack keeps of an agent's conversations: each thread's session, and what is suggested in a direct message. */
export interface Agents {
  readonly session: SlackSights["session"];
  setSession(channel: string, threadTs: string, change: Partial<SlackSession>): void;
  readonly prompts: SlackSights["prompts"];
  setPrompts(channel: string, prompts: readonly SlackPrompt[]): void;
  readonly face: Pick<SlackDeeds, "stopSession" | "openHome"> & Pick<SlackSights, "session" | "prompts">;
}

export function createAgents(world: World): Agents {
  const sessions = new Map<string, SlackSession>();
  const suggested = new Map<string, readonly SlackPrompt[]>();
  const session = (channel: string, threadTs: string) => sessions.get(`${channel} ${threadTs}`);
  const prompts = (channel: string) => suggested.get(channel) ?? [];
  const setSession = (channel: string, threadTs: string, change: Partial<SlackSession>) => {
    const next = { status: "active", ...session(channel, threadTs), ...change } as const;
    sessions.set(`${channel} ${threadTs}`, next);
    world.emit({ kind: "session", channel, threadTs, session: next });
  };
  return {
    session,
    setSession,
    prompts,
    setPrompts: (channel, all) => {
      suggested.set(channel, all);
      world.emit({ kind: "prompts", channel, prompts: all });
    },
    face: {
      session,
      prompts,
      openHome: (user, tab) => {
        const dm = [...world.channels.values()].find(
          ({ kind, members }) => kind === "im" && members.includes(user),
        );
        if (!dm) throw new Error(`${user} has no direct message with the bot in the Slack twin`);
        world.emit({ kind: "home", channel: dm.id, user, tab });
      },
      stopSession: (channel, threadTs, user) => {
        if (session(channel, threadTs)?.status !== "processing")
          throw new Error(`nothing goes on under ${threadTs} in the Slack twin`);
        world.emit({
          kind: "stopped",
          channel,
          threadTs,
          user,
          streams: stopStreams(world, channel, threadTs),
        });
      },
    },
  };
}

/** Slack stops what is streamed in the thread, then tells the app; the session stays as it is (docs.slack.dev, agent_session_stopped). */
function stopStreams(world: World, channel: string, threadTs: string): readonly string[] {
  const open = world
    .repliesTo(channel, threadTs)
    .filter((message) => streamingState(world, message) === "in_progress");
  for (const message of open) {
    const since = message.stream?.since ?? 0;
    edit(world, message, { ...message, ...defined({ stream: { since, stopped: true, byUser: true } }) });
  }
  return open.map(({ ts }) => ts);
}
