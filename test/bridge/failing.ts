import type { Failed, ReplyEvent } from "../../src/reply/event.ts";
import type { FakeModel } from "../fakes/telnyx.ts";

/** What came in place of an answer, or behind its beginning. */
export const failed = (reason: Failed["reason"], reached: Failed["reached"] = "refused"): Failed => ({
  kind: "failed",
  reason,
  reached,
  detail: "secret detail",
});

/** A model that says these events. */
export const only = (...events: ReplyEvent[]): FakeModel =>
  async function* () {
    yield* events;
  };

/** Plays one model after the other; the last one stays. */
export function inTurn(...models: FakeModel[]): FakeModel {
  let count = 0;
  return (request, history) => {
    const model = models[Math.min(count, models.length - 1)]!;
    count += 1;
    return model(request, history);
  };
}
