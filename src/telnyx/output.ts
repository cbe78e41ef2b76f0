import type { Failed, Usage } from "../reply/event.ts";
import { complaintOf, streamReasonOf } from "./errors.ts";
import { asNumber, asObject, asObjects, asString, given, type Json } from "./json.ts";

/** The text of a `message` item. A refusal is what the model has to say, so it counts as text. */
export function textOfItem(item: Json): string {
  return asObjects(item["content"]).map(textOfPart).join("");
}

export function textOfPart(part: Json): string {
  if (part["type"] === "output_text") return asString(part["text"]) ?? "";
  return part["type"] === "refusal" ? (asString(part["refusal"]) ?? "") : "";
}

export function usageOf(response: Json): Usage | undefined {
  const usage = asObject(response["usage"]);
  if (!usage) return undefined;
  const counts: Usage = given({
    inputTokens: asNumber(usage["input_tokens"]),
    outputTokens: asNumber(usage["output_tokens"]),
    reasoningTokens: asNumber(asObject(usage["output_tokens_details"])?.["reasoning_tokens"]),
    cachedTokens: asNumber(asObject(usage["input_tokens_details"])?.["cached_tokens"]),
  });
  return Object.keys(counts).length > 0 ? counts : undefined;
}

/** The terminal event for what the model's server reports of itself, in any of the shapes that `complaintOf` reads. */
export function failureOf(json: Json): Failed {
  const { codes, message } = complaintOf(json);
  const known = codes.filter((code) => code !== "error");
  const detail = [known[0], message || "no reason given"].filter(Boolean).join(": ");
  return { kind: "failed", reason: streamReasonOf(known), detail, reached: "unknown" };
}

/** We stopped reading, or there was nothing more to read: what came is not the whole answer. */
export function cutOff(detail: string): Failed {
  return { kind: "failed", reason: "cut", detail, reached: "unknown" };
}
