import type { ModelRequest, Piece } from "./script.ts";

/** The scripted model. */
export function* answerAsModel(request: ModelRequest): Generator<Piece> {
  yield { kind: "text", text: `You said: ${request.input.at(-1)?.text ?? ""}` };
}
