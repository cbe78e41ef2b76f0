import type { SlackChange } from "../slack/types.ts";
import type { ViewSign } from "./view.ts";

/** Slack's own button, which stops whatever the bot does in a thread. */
export const SLACK_STOP = "slack-stop";

type Told = Extract<SlackChange, { kind: "status" | "session" }>;

/** What Slack's clients show about the threads in which the bot works: its status, the title, and the button that stops it. */
export function createSlackSigns(bot: string): { note(change: Told): void; all(): readonly ViewSign[] } {
  const threads = new Map<string, ViewSign>();
  return {
    note: (change) => {
      const { channel: room, threadTs: root } = change;
      const before = threads.get(`${room} ${root}`) ?? { room, root, text: "" };
      threads.set(
        `${room} ${root}`,
        change.kind === "status" ? withStatus(before, bot, change) : withSession(before, change),
      );
    },
    all: () => [...threads.values()],
  };
}

function withStatus(before: ViewSign, bot: string, { status, loading }: Extract<Told, { kind: "status" }>) {
  const { meanwhile: _old, ...rest } = before;
  if (status === "") return { ...rest, text: "" };
  return { ...rest, text: `${bot} ${status}`, ...(loading.length > 0 && { meanwhile: loading }) };
}

function withSession(before: ViewSign, { session }: Extract<Told, { kind: "session" }>): ViewSign {
  const { title: _title, stop: _stop, ...rest } = before;
  return {
    ...rest,
    ...(session.title !== undefined && { title: session.title }),
    ...(session.status === "processing" && { stop: SLACK_STOP }),
  };
}
