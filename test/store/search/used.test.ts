import { describe, expect, it } from "vitest";
import type { Condition } from "../../../src/store/archive.ts";
import { conjuncts, plain } from "../../../src/store/search/condition.ts";
import { inWords, withOneModel } from "../../../src/store/search/used.ts";
import { sqliteBench } from "../bench.ts";

const used = { model: ["GLM-5", "kimi-k2", "qwen"], error: ["Broke", "timeout"] };
const model = (...values: string[]): Condition => ({ kind: "word", field: "model", values });
const part = (field: "model" | "error", value: string): Condition => ({
  kind: "part",
  field,
  match: "contains",
  value,
});
const not = (of: Condition): Condition => ({ kind: "not", of });
const resolved = (where: Condition) => withOneModel(conjuncts(inWords(plain(where), used)), used);
const is = (...values: string[]) => ({ kind: "is", atom: model(...values) });

describe("what is said of models", () => {
  it("means those models that there are, in any case of their letters", () => {
    expect(resolved(part("model", "m-"))).toEqual([is("GLM-5")]);
    expect(resolved(part("error", "bro"))).toEqual([
      { kind: "is", atom: { kind: "word", field: "error", values: ["Broke"] } },
    ]);
  });

  it("has to hold of one", () => {
    expect(resolved({ kind: "all", of: [part("model", "i"), not(model("qwen"))] })).toEqual([is("kimi-k2")]);
    expect(resolved({ kind: "all", of: [not(part("model", "glm")), not(model("kimi-k2"))] })).toEqual([
      { kind: "isnt", atom: model("GLM-5", "kimi-k2"), others: ["qwen"] },
    ]);
  });

  it("never holds where no model is left, and always where none is left out", () => {
    expect(resolved({ kind: "all", of: [model("qwen"), model("kimi-k2")] })).toEqual([
      { kind: "any", of: [] },
    ]);
    expect(resolved(part("model", "none"))).toEqual([{ kind: "any", of: [] }]);
    expect(resolved(not(part("model", "none")))).toEqual([]);
  });

  it("may be any of very many at once", async () => {
    const { archive, close } = sqliteBench();
    const of = Array.from({ length: 60 }, (_, at) => part(at % 2 === 0 ? "model" : "error", `m${at}`));
    const groups = (["day", "week", "month", "user", "channel", "model", "status"] as const).map((by) => ({
      by,
    }));
    const [sum] = await archive.sums({ kind: "any", of }, [{}, ...groups]);
    expect(sum?.[0]?.turns).toBe(0);
    await close();
  });
});
