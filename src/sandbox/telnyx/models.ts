/** A model as `GET /ai/openai/models` lists it. `created` is a date, unlike OpenAI's. */
export interface TwinModel {
  readonly id: string;
  readonly organization: string;
  readonly context_length: number;
  readonly task: "text-generation" | "feature-extraction" | "audio-text-to-text";
  readonly recommended_for_assistants: boolean;
  readonly parameters: number;
  readonly tier: "small" | "medium" | "large" | "unlisted";
}

/** Some of what Telnyx's rate limit page lists (developers.telnyx.com, Inference), and one that writes no text. */
export const DEFAULT_MODELS: readonly TwinModel[] = [
  model("zai-org/GLM-5.3", { context_length: 202_752, parameters: 753e9, recommended_for_assistants: true }),
  model("zai-org/GLM-5.3-Flash", { context_length: 131_072, parameters: 30e9, tier: "medium" }),
  model("zai-org/GLM-5.1-FP8", { context_length: 202_752, parameters: 753e9 }),
  model("moonshotai/Kimi-K2.6", { context_length: 262_144, parameters: 1e12 }),
  model("Qwen/Qwen3.8-27B", { context_length: 131_072, parameters: 27e9, tier: "medium" }),
  model("thenlper/gte-large", {
    context_length: 512,
    parameters: 335e6,
    tier: "small",
    task: "feature-extraction",
  }),
];

export function model(id: string, fields: Partial<TwinModel> = {}): TwinModel {
  return {
    id,
    organization: id.split("/")[0] ?? "",
    context_length: 131_072,
    task: "text-generation",
    recommended_for_assistants: false,
    parameters: 1e9,
    tier: "large",
    ...fields,
  };
}

export function showModel(listed: TwinModel) {
  return {
    ...listed,
    object: "model",
    created: "2026-01-01T00:00:00Z",
    owned_by: "Telnyx",
    languages: ["en"],
    parameters_str: `${listed.parameters / 1e9}B`,
    license: "MIT",
    is_vision_supported: false,
    is_fine_tunable: false,
    max_completion_tokens: null,
    regions: ["us-central-1"],
    service_tiers: ["default"],
    pricing: {
      prompt: "0.300000",
      cached_prompt: "0.060000",
      completion: "1.200000",
      currency: "USD",
      unit: "1M_tokens",
    },
  };
}
