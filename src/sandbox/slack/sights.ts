import { showMessage } from "./message.ts";
import type { SlackSights } from "./contract.ts";
import type { Files } from "./files.ts";
import type { SlackChange } from "./types.ts";
import type { Statuses } from "./web/method.ts";
import { viewChannel, type World, type WorldChange } from "./world.ts";

/** What a person at a screen sees of the workspace, now and as it changes. */
export function createSights(
  world: World,
  statuses: Statuses,
  files: Files,
): Pick<SlackSights, "messages" | "subscribe" | "status" | "file"> {
  return {
    file: files.file,
    messages: (channel, threadTs) =>
      world
        .messagesIn(world.channel(channel).id)
        .filter((one) =>
          threadTs === undefined
            ? one.threadTs === undefined || one.threadTs === one.ts || one.subtype === "thread_broadcast"
            : one.ts === threadTs || one.threadTs === threadTs,
        )
        .map((one) => showMessage(world, one)),
    subscribe: (listener) =>
      world.watch((change) => {
        const seen = changeSeen(world, change);
        if (seen) listener(seen);
      }),
    status: statuses.get,
  };
}

function changeSeen(world: World, change: WorldChange): SlackChange | undefined {
  switch (change.kind) {
    case "posted":
      return { kind: "posted", message: showMessage(world, change.message) };
    case "changed":
      return { kind: "edited", message: showMessage(world, change.message) };
    case "reacted":
      return { kind: "reacted", message: showMessage(world, change.message) };
    case "deleted":
      return { kind: "deleted", message: showMessage(world, change.previous) };
    case "joined":
    case "left":
    case "channel":
      return { kind: "channel", channel: viewChannel(change.channel) };
    case "ephemeral":
    case "status":
    case "session":
    case "prompts":
      return change;
    case "stopped":
    case "home":
      return undefined;
    default:
      return change satisfies never;
  }
}
