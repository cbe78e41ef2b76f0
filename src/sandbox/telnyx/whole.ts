import type { ServerResponse } from "node:http";
import { openaiError, type Answer } from "./answers.ts";
import { isTerminal, type Frame } from "./frame.ts";

/** The JSON form: the terminal event's response. Undefined where the script broke the connection off instead. */
export async function answerWhole(
  response: ServerResponse,
  frames: AsyncIterable<Frame>,
  gone: AbortSignal,
): Promise<Answer | undefined> {
  let last: Frame | undefined;
  for await (const frame of frames) {
    if (frame.kind === "cut") {
      response.socket?.resetAndDestroy();
      return undefined;
    }
    if (frame.kind === "stall") {
      await new Promise((resolve) => gone.addEventListener("abort", resolve, { once: true }));
      return undefined;
    }
    if (frame.kind === "event") last = frame;
  }
  if (last?.kind === "event" && isTerminal(last)) return { status: 200, body: last.event["response"] };
  return openaiError(500, {
    code: "server_error",
    message: "The model ended without an answer.",
    type: "server_error",
  });
}
