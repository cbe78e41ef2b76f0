import { describe, expect, it } from "vitest";
import { modelProblems } from "../../src/bridge/models.ts";

const model = (id: string, task = "text-generation") => ({ id, task, recommended: false });
const models = [
  model("moonshotai/Kimi-K2.6"),
  model("zai-org/GLM-5.3"),
  model("thenlper/gte-large", "feature-extraction"),
];

describe("the configured models", () => {
  it("are right when Telnyx has them all", () => {
    expect(modelProblems(models, ["zai-org/GLM-5.3", "moonshotai/Kimi-K2.6", "zai-org/GLM-5.3"])).toEqual([]);
  });

  it("have each wrong one named once, with the nearest", () => {
    const problems = modelProblems(models, ["zai-org/GLM-5", "zai-org/GLM-5", "moonshotai/Kimi-K2.6"]);
    expect(problems).toEqual([
      expect.stringMatching(/^model zai-org\/GLM-5 .*the nearest are zai-org\/GLM-5\.3/),
    ]);
  });

  it("must be able to write text", () => {
    const [problem] = modelProblems(models, ["thenlper/gte-large"]);
    expect(problem).toContain("text models");
    expect(problem?.replace("model thenlper/gte-large", "")).not.toContain("gte-large");
  });
});
