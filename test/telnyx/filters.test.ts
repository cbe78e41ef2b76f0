import { describe, expect, test } from "vitest";
import { listQuery } from "../../src/telnyx/filters.ts";
import type { Filter } from "../../src/telnyx/telnyx.ts";

const order = { by: "created_at", direction: "desc" } as const;
const decoded = (query: string) => [...new URLSearchParams(query)];
const where = (...filters: Filter[]) => decoded(listQuery({ where: filters, or: [], order, limit: 7 }));

describe("listQuery", () => {
  test.each<[Filter, string, string]>([
    [{ column: "id", operator: "eq", value: "123" }, "id", "eq.123"],
    [{ column: "name", operator: "like", value: "Voice%" }, "name", "like.Voice%"],
    [{ column: "name", operator: "ilike", value: "*é*" }, "name", "ilike.*é*"],
    [{ column: "created_at", operator: "gte", value: "2025-01-01" }, "created_at", "gte.2025-01-01"],
    [
      { column: "last_message_at", operator: "lte", value: "2025-06-01" },
      "last_message_at",
      "lte.2025-06-01",
    ],
    [{ column: "metadata->k", operator: "neq", value: "a+b &c=d#" }, "metadata->k", "neq.a+b &c=d#"],
    [{ column: "metadata->k", operator: "not.is", value: "null" }, "metadata->k", "not.is.null"],
    [{ column: "id", operator: "in", value: "(a,b)" }, "id", "in.(a,b)"],
  ])("sends %o", (filter, name, value) => {
    expect(where(filter)).toEqual([
      [name, value],
      ["order", "created_at.desc"],
      ["limit", "7"],
    ]);
  });

  test("encodes names and values, so that a plus stays a plus", () => {
    const filter: Filter = { column: "metadata->telnyx_agent_target", operator: "eq", value: "+13128675309" };
    expect(listQuery({ where: [filter], or: [], order, limit: 5 })).toBe(
      "metadata-%3Etelnyx_agent_target=eq.%2B13128675309&order=created_at.desc&limit=5",
    );
  });

  test("names one column twice for a range", () => {
    const range = where(
      { column: "created_at", operator: "gte", value: "2025-01-01" },
      { column: "created_at", operator: "lt", value: "2025-02-01" },
    );
    expect(range.slice(0, 2)).toEqual([
      ["created_at", "gte.2025-01-01"],
      ["created_at", "lt.2025-02-01"],
    ]);
  });

  test("puts alternatives into one list, and quotes what is syntax there", () => {
    const or: Filter[] = [
      { column: "created_at", operator: "gte", value: "2025-04-01" },
      { column: "metadata->channel_name", operator: "eq", value: 'a,b "c" (d)\\' },
      { column: "id", operator: "in", value: "(x,y)" },
    ];
    expect(decoded(listQuery({ where: [], or, order, limit: 1 }))[0]).toEqual([
      "or",
      '(created_at.gte.2025-04-01,metadata->channel_name.eq."a,b \\"c\\" (d)\\\\",id.in.(x,y))',
    ]);
  });
});
