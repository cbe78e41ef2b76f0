import type { TelnyxConversation } from "../telnyx/telnyx.ts";
import { called, calledInFull } from "./called.ts";
import { KINDS } from "./query/field.ts";

/** What a conversation at Telnyx is called: by our metadata, or else by the name that it has there. Undefined: it has neither. */
export function calledThere(row: TelnyxConversation): string | undefined {
  const workspace = factOf(row, "workspace_name") ?? factOf(row, "workspace_id");
  const channel = factOf(row, "channel_name") ?? factOf(row, "channel_id");
  const kind = KINDS.find((one) => one === factOf(row, "channel_kind")) ?? "public";
  const threadName = factOf(row, "thread_name");
  const startedByName = factOf(row, "started_by_name");
  const isNamed = channel !== undefined || kind === "dm" || kind === "group_dm";
  if (!isNamed) return [workspace, threadName].filter(Boolean).join(" › ") || row.name || undefined;
  const names = {
    ...(workspace !== undefined && { workspaceName: workspace }),
    workspaceId: "",
    ...(channel !== undefined && { channelName: channel }),
    channelId: "",
    channelKind: kind,
    ...(threadName !== undefined && { threadName }),
    ...(startedByName !== undefined && { startedByName }),
  };
  return workspace === undefined ? called(names) : calledInFull(names);
}

/** What its metadata says, where that is text. */
export function factOf({ metadata }: TelnyxConversation, key: string): string | undefined {
  const value = metadata[key];
  return typeof value === "string" ? value : undefined;
}
