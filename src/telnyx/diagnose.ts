import type { Api } from "./api.ts";
import { getConversation } from "./conversations.ts";
import { aborted, type Complaint } from "./errors.ts";
import { given } from "./json.ts";
import { listModels } from "./models.ts";
import { TelnyxError, type ResponseRequest } from "./telnyx.ts";

/** The statuses behind which an unknown conversation or model may hide: which is used for what is not documented. */
const SUSPECT: ReadonlySet<number> = new Set([400, 404, 422]);

/**
 * Finds out what a refused Responses call was refused for, by asking: is the conversation there, is the model on the
 * list? Words and codes alone would be a guess. What cannot be found out now leaves the error as it was; a 404 then says
 * `unavailable`, because a conversation must not be given up on suspicion.
 */
export async function diagnose(
  api: Api,
  error: TelnyxError,
  subject: { readonly request: ResponseRequest; readonly complaint: Complaint },
  signal?: AbortSignal,
): Promise<TelnyxError> {
  const { request, complaint } = subject;
  const { status } = error;
  if (status === undefined || !SUSPECT.has(status) || error.reason !== "rejected") return error;
  try {
    const conversation = request.conversation && (await lookUp(api, request.conversation, signal));
    if (conversation === "gone") return as(error, "conversation_gone");
    if (conversation === "disabled") return as(error, "rejected", "answers are disabled (ai_disabled)");
    const certain = complaint.codes.includes("model_not_found");
    const suspected = status === 404 || complaint.param === "model" || /\bmodel\b/i.test(complaint.message);
    if (certain || (suspected && !(await isListed(api, request.model, signal))))
      return as(error, "model_gone");
  } catch (caught) {
    if (!(caught instanceof TelnyxError)) throw caught;
    if (caught.reason === "aborted") return aborted("refused");
  }
  return status === 404 ? as(error, "unavailable") : error;
}

async function lookUp(api: Api, id: string, signal?: AbortSignal): Promise<"there" | "gone" | "disabled"> {
  try {
    const { metadata } = await getConversation(api, id, signal);
    return String(metadata["ai_disabled"]) === "true" ? "disabled" : "there";
  } catch (error) {
    if (error instanceof TelnyxError && error.reason === "conversation_gone") return "gone";
    throw error;
  }
}

async function isListed(api: Api, model: string, signal?: AbortSignal): Promise<boolean> {
  return (await listModels(api, signal)).some(({ id }) => id === model);
}

function as(error: TelnyxError, reason: TelnyxError["reason"], note?: string): TelnyxError {
  const { status, reached, retryAfterMs, requestId } = error;
  return new TelnyxError(note === undefined ? error.message : `${error.message}; ${note}`, {
    code: `telnyx_${reason}`,
    reason,
    reached,
    ...given({ status, retryAfterMs, requestId }),
  });
}
