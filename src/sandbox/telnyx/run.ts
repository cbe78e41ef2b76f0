import type { Frame, StreamEvent } from "./frame.ts";
import { createOutput, newId, type OutputItem } from "./output.ts";
import type { Piece } from "./script.ts";
import type { Switches } from "./switches.ts";
import { usageOf } from "./usage.ts";

/** How a turn ended. `broken`: before its end, by the client, the connection or the script. */
export type Outcome = "completed" | "incomplete" | "failed" | "broken";

/** One model call. */
export interface Run {
  readonly model: string;
  readonly conversation: string | undefined;
  readonly instructions: string | undefined;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly tokens: { readonly history: number; readonly input: number };
  readonly pieces: AsyncIterable<Piece>;
  readonly switches: Switches;
  /** Called once, before the terminal event leaves, so that who has seen it finds the turn stored. */
  readonly settle: (outcome: Outcome, items: readonly OutputItem[]) => void;
}

/** The whole stream of a model call, from `response.created` to its one terminal event or its break. */
export async function* framesOf(run: Run): AsyncGenerator<Frame> {
  const response = createResponse(run);
  const output = createOutput(run.switches);
  const number = sequence();
  let settled = false;
  const end = (outcome: Exclude<Outcome, "broken">, fields: object = {}): Frame => {
    settled = true;
    run.settle(outcome, output.items);
    return number({ type: `response.${outcome}`, response: response(outcome, output.items, fields) });
  };

  try {
    yield number({ type: "response.created", response: response("in_progress", []) });
    yield number({ type: "response.in_progress", response: response("in_progress", []) });
    for await (const piece of run.pieces) {
      switch (piece.kind) {
        case "cut":
        case "stall":
        case "end":
          yield { kind: piece.kind };
          return;
        case "fail":
          output.close("incomplete");
          yield end("failed", { error: { code: piece.code, message: piece.message } });
          return;
        case "incomplete":
          for (const event of output.close("incomplete")) yield number(event);
          yield end("incomplete", { incomplete_details: { reason: piece.reason } });
          return;
        case "event":
          yield number(piece.event);
          break;
        case "wait":
          break;
        default:
          for (const event of output.push(piece)) yield number(event);
      }
    }
    for (const event of output.close()) yield number(event);
    yield end("completed");
  } catch (error) {
    output.close("incomplete");
    yield end("failed", { error: { code: "server_error", message: String(error) } });
  } finally {
    output.close("incomplete");
    if (!settled) run.settle("broken", output.items);
  }
}

function sequence(): (event: StreamEvent) => Frame {
  let next = 0;
  return ({ type, ...event }) => {
    const frame: Frame = { kind: "event", event: { type, sequence_number: next, ...event } };
    next += 1;
    return frame;
  };
}

function createResponse(run: Run) {
  const fixed = { id: newId("resp"), object: "response", created_at: run.createdAt };
  const settings = {
    model: run.model,
    instructions: run.instructions ?? null,
    metadata: {},
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    ...echo(run),
  };
  return (
    status: Exclude<Outcome, "broken"> | "in_progress",
    items: readonly OutputItem[],
    fields: object = {},
  ) => ({
    ...fixed,
    status,
    error: null,
    incomplete_details: null,
    output: [...items],
    usage: status === "in_progress" ? null : usageOf(run.tokens, items, run.switches.usage),
    ...settings,
    ...fields,
  });
}

function echo(run: Run): object {
  if (run.switches.echoConversation === "none") return {};
  if (run.conversation === undefined) return { conversation: null };
  return {
    conversation: run.switches.echoConversation === "string" ? run.conversation : { id: run.conversation },
  };
}
