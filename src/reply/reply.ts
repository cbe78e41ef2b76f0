import type { Done, Failed, ReplyEvent, ToolCall, Usage } from "./event.ts";
import { failureNotice, incompleteNotice, lateNotice } from "./notice.ts";
import { isBlank } from "./text.ts";

/** The bot's answer while it forms, and when it is whole. Nothing here knows how it is shown. */
export interface Reply {
  /**
   * `waiting` for the first event. `thinking`: reasons or calls tools. The last four never change again; what is `postponed` is begun
   * anew when somebody asks for it.
   */
  readonly phase: "waiting" | "thinking" | "writing" | "done" | "failed" | "stopped" | "postponed";
  /** Markdown, exactly as the model wrote it. */
  readonly text: string;
  readonly tools: readonly ToolCall[];
  /** One line to show before the text. */
  readonly preface?: string;
  /** One or two sentences to show after the text: why it ended as it did. */
  readonly notice?: string;
  readonly usage?: Usage;
  /** Why the model stopped early, in its own word. */
  readonly incomplete?: string;
  /** Only in `failed` and `stopped`. */
  readonly failure?: Failed;
}

/** A reply before its first event. With `text`, one that goes on from a checkpoint. */
export function newReply(start: { preface?: string | undefined; text?: string } = {}): Reply {
  const { preface, text = "" } = start;
  return {
    phase: isBlank(text) ? "waiting" : "writing",
    text,
    tools: [],
    ...(preface !== undefined && { preface }),
  };
}

/** What is said in place of an answer to what was asked `agoMs` ago, while nobody listened. */
export function postponed(agoMs: number): Reply {
  return { ...newReply(), phase: "postponed", notice: lateNotice(agoMs) };
}

/** The reply, ended where it is, unless it is whole. `text`: as much of it as an earlier run had. */
export function stopped(reply: Reply, text = ""): Reply {
  if (reply.phase === "done") return reply;
  const longest = text.length > reply.text.length ? { ...reply, text } : reply;
  return fail(longest, { kind: "failed", reason: "aborted", detail: "stopped", reached: "unknown" });
}

/** Nothing more will come. */
export function isOver({ phase }: Reply): boolean {
  return phase === "done" || phase === "failed" || phase === "stopped" || phase === "postponed";
}

/** The reply after `event`. After a terminal event nothing changes. */
export function advance(reply: Reply, event: ReplyEvent): Reply {
  if (isOver(reply)) return reply;
  switch (event.kind) {
    case "text":
      return event.delta === "" ? reply : { ...reply, phase: "writing", text: reply.text + event.delta };
    case "thinking":
      return reply.phase === "thinking" ? reply : { ...reply, phase: "thinking" };
    case "tool":
      return { ...reply, phase: "thinking", tools: [...reply.tools, event.call] };
    case "done":
      return finish(reply, event);
    case "failed":
      return fail(reply, event);
    default:
      return event satisfies never;
  }
}

function finish(reply: Reply, { usage, incomplete }: Done): Reply {
  const ended: Reply = {
    ...reply,
    ...(usage !== undefined && { usage }),
    ...(incomplete !== undefined && { incomplete }),
  };
  if (isBlank(reply.text)) return fail(ended, wordless(incomplete));
  if (incomplete === undefined) return { ...ended, phase: "done" };
  return { ...ended, phase: "done", notice: incompleteNotice(incomplete) };
}

function fail(reply: Reply, failure: Failed): Reply {
  return {
    ...reply,
    phase: failure.reason === "aborted" ? "stopped" : "failed",
    failure,
    notice: failureNotice(failure.reason, {
      partial: !isBlank(reply.text),
      retryAfterMs: failure.retryAfterMs,
    }),
  };
}

/** An answer that ended in order without a word is no answer to the person who waits for it. */
function wordless(incomplete: string | undefined): Failed {
  return {
    kind: "failed",
    reason: incomplete === "content_filter" ? "content_filter" : "empty",
    detail: incomplete === undefined ? "ended well, without text" : `ended without text: ${incomplete}`,
    reached: "unknown",
  };
}
