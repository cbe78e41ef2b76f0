import type { Api } from "./api.ts";
import { unreadable } from "./errors.ts";
import { asNumber, asObject, asObjects, asString, given } from "./json.ts";
import type { Model } from "./telnyx.ts";
import type { Price } from "../reply/event.ts";

const PATH = "/ai/openai/models";

/** Every model, also those that write no text: callers filter by `task`. */
export async function listModels(api: Api, signal?: AbortSignal): Promise<readonly Model[]> {
  const answer = asObject(await api.call({ method: "GET", path: PATH, signal }));
  if (!Array.isArray(answer?.["data"])) throw unreadable(`GET ${PATH}`, "there is no list in the answer");
  return asObjects(answer["data"]).flatMap((json) => {
    const id = asString(json["id"]);
    if (id === undefined) return [];
    return {
      id,
      // The reference's own default.
      task: asString(json["task"]) ?? "text-generation",
      recommended: json["recommended_for_assistants"] === true,
      ...given({ contextLength: asNumber(json["context_length"]), price: priceIn(json["pricing"]) }),
    };
  });
}

/** `{prompt, cached_prompt, completion, currency, unit}`, the amounts as decimal text (Telnyx API reference, List models). */
function priceIn(value: unknown): Price | undefined {
  const json = asObject(value);
  if (json?.["currency"] !== "USD" || json["unit"] !== "1M_tokens") return undefined;
  const [prompt, cachedPrompt, completion] = ["prompt", "cached_prompt", "completion"].map((key) =>
    amount(json[key]),
  );
  if (prompt === undefined || completion === undefined) return undefined;
  return { prompt, completion, ...given({ cachedPrompt }) };
}

function amount(value: unknown): number | undefined {
  const text = asString(value)?.trim();
  const dollars = text === undefined || text === "" ? asNumber(value) : Number(text);
  return dollars !== undefined && Number.isFinite(dollars) && dollars >= 0 ? dollars : undefined;
}
