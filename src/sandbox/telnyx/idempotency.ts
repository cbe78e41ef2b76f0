import { Refused, telnyxError, type Answer } from "./answers.ts";
import { refusalAnswer } from "./refusal.ts";
import type { TwinRequest } from "../server.ts";
import type { Clock } from "../../clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export type Idempotency = (
  request: TwinRequest,
  organization: string,
  work: () => Promise<Answer>,
) => Promise<Answer>;

/**
 * `Idempotency-Key`, as developers.telnyx.com, Idempotency has it: a key belongs to organization, method and path; the
 * same key with other bytes is 422, one in progress 409, one that is no key 400; only successes are kept, for a day.
 * Of keys it takes the narrower of the two documented alphabets (the Node SDK's, without the colon).
 */
export function createIdempotency(clock: Clock): Idempotency {
  const records = new Map<string, { content: string; answer: Answer | undefined; at: number }>();

  return async (request, organization, work) => {
    const key = request.headers["idempotency-key"];
    if (key === undefined) return work();
    // Node joins a header that came twice with a comma, which no key contains.
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(key))
      throw new Refused(
        telnyxError(400, { code: "10015", title: "Bad request", detail: "Invalid Idempotency-Key." }),
      );
    const id = JSON.stringify([key, organization, request.method, request.path]);
    const content = `${request.query.toString()}\n${request.body.toString("latin1")}`;
    const known = records.get(id);
    if (known && clock.now() - known.at < DAY_MS) {
      if (known.content !== content)
        throw new Refused(
          telnyxError(422, {
            code: "10027",
            title: "Unprocessable entity",
            detail: "This idempotency key was used with another request.",
          }),
        );
      if (!known.answer) throw new Refused(refusalAnswer("conflict"));
      return known.answer;
    }
    records.set(id, { content, answer: undefined, at: clock.now() });
    try {
      const answer = await work();
      records.set(id, { content, answer, at: clock.now() });
      return answer;
    } catch (error) {
      records.delete(id);
      throw error;
    }
  };
}
