import type { StreamFault } from "./faults.ts";
import type { Piece } from "./script.ts";

/** The faults that change what the model says: the pieces as if the model itself had said so. */
export function disturbPieces(
  pieces: AsyncIterable<Piece>,
  faults: readonly StreamFault[],
): AsyncIterable<Piece> {
  return faults.reduce(disturb, pieces);
}

function disturb(pieces: AsyncIterable<Piece>, fault: StreamFault): AsyncIterable<Piece> {
  switch (fault.kind) {
    case "empty":
      return instead([]);
    case "reasoning_only":
      return instead([
        { kind: "reasoning", text: "The user wants an answer. I think about it and say nothing." },
      ]);
    case "refusal":
      return instead([{ kind: "refusal", text: fault.text ?? "I'm sorry, but I can't help with that." }]);
    case "incomplete":
      return endedBy(pieces, { kind: "incomplete", reason: fault.reason ?? "max_output_tokens" }, Infinity);
    case "failed": {
      const { code = "server_error", message = "The model failed to answer.", after = 3 } = fault;
      return endedBy(pieces, { kind: "fail", code, message }, after);
    }
    default:
      return pieces;
  }
}

async function* instead(pieces: readonly Piece[]): AsyncGenerator<Piece> {
  yield* pieces;
}

/** The first `count` pieces, and then `last`, which ends the answer. */
async function* endedBy(pieces: AsyncIterable<Piece>, last: Piece, count: number): AsyncGenerator<Piece> {
  let left = count;
  if (left > 0) {
    for await (const piece of pieces) {
      yield piece;
      left -= 1;
      if (left <= 0) break;
    }
  }
  yield last;
}
