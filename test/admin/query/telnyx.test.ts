import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuery } from "../../../src/admin/query/query.ts";
import { atTelnyx, toTelnyx } from "../../../src/admin/query/telnyx.ts";
import type { Filter, TelnyxConversation } from "../../../src/telnyx/telnyx.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const plan = (text: string) => toTelnyx(parseQuery(text, NOW).where);
const eq = (column: string, value: string) => ({ column, operator: "eq", value });

describe("toTelnyx", () => {
  it("makes filters of what is the same letter by letter", () => {
    expect(plan("platform:slack kind:dm telnyx:abc generation:2")).toEqual({
      where: [
        eq("metadata->platform", "slack"),
        eq("metadata->channel_kind", "dm"),
        eq("id", "abc"),
        eq("metadata->generation", "2"),
      ],
      or: [],
      after: [],
      unknown: [],
    });
    expect(plan("channel:C0123ABCD,C0456EFGH")).toMatchObject({
      or: [eq("metadata->channel_id", "C0123ABCD"), eq("metadata->channel_id", "C0456EFGH")],
      after: [],
    });
  });

  it("asks by when a conversation began, and by when it was still going on", () => {
    expect(plan("started:2026-11-01 after:2026-11-02").where).toEqual([
      { column: "created_at", operator: "gte", value: "2026-11-01T00:00:00.000Z" },
      { column: "created_at", operator: "lt", value: "2026-11-02T00:00:00.000Z" },
      { column: "last_message_at", operator: "gte", value: "2026-11-02T00:00:00.000Z" },
    ]);
  });

  it("leaves names, negations and groups to be looked at afterwards, and a second choice as well", () => {
    const { where, or, after } = plan(
      "channel:support -kind:dm (kind:dm OR kind:public) platform:slack,discord",
    );
    expect(where).toEqual([]);
    expect(or).toEqual([eq("metadata->channel_kind", "dm"), eq("metadata->channel_kind", "public")]);
    expect(after).toHaveLength(3);
  });

  it("says what Telnyx does not know", () =>
    expect(plan("cost:>1 refund -(status:failed OR user:bob) channel@then:x").unknown).toEqual([
      "cost",
      "text",
      "status",
      "user",
      "channel@then",
    ]));
});

const conversation = fc.record({
  id: fc.constantFrom("abc", "abd"),
  createdAt: fc.constantFrom("2026-11-01T00:00:00.000Z", "2026-11-05T12:00:00.000Z"),
  lastMessageAt: fc.constantFrom("2026-11-06T00:00:00.000Z", "2026-11-07T00:00:00.000Z"),
  metadata: fc.record({
    platform: fc.constantFrom("slack", "discord"),
    channel_id: fc.constantFrom("C0123ABCD", "C0456EFGH"),
    channel_name: fc.constantFrom("Support", "süpport", "sales"),
    channel_kind: fc.constantFrom("public", "dm"),
    generation: fc.constantFrom("1", "2"),
  }),
});
const asked = fc
  .array(
    fc.constantFrom(
      "platform:slack",
      "channel:C0123ABCD,C0456EFGH",
      "channel:support",
      "-kind:dm",
      "(kind:dm OR platform:discord)",
      "generation:2",
      "generation:>1",
      "started:2026-11-01",
      "after:2026-11-06T12:00Z",
      "before:2026-11-02",
      "telnyx:abc",
      "status:failed",
      "(status:done OR kind:public)",
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(" "));

/** What PostgREST makes of these filters. */
function passes(
  { column, operator, value }: Filter,
  { id, createdAt, lastMessageAt = "", metadata }: TelnyxConversation,
): boolean {
  const cells: Readonly<Record<string, unknown>> = {
    id,
    created_at: createdAt,
    last_message_at: lastMessageAt,
  };
  const cell = String(cells[column] ?? metadata[column.replace("metadata->", "")]);
  if (operator === "eq") return cell === value;
  return operator === "gte" ? cell >= value : cell < value;
}

describe("atTelnyx", () => {
  it("finds, after the filters, exactly what the whole condition finds", () => {
    const seen = { found: 0, filtered: 0 };
    fc.assert(
      fc.property(asked, conversation, (text, row) => {
        const { where } = parseQuery(text, NOW);
        const { where: filters, or, after } = toTelnyx(where);
        const listed =
          filters.every((one) => passes(one, row)) && (or.length === 0 || or.some((one) => passes(one, row)));
        const whole = atTelnyx(where, row);
        if (whole === true) seen.found += 1;
        if (!listed) seen.filtered += 1;
        expect(listed && after.every((one) => atTelnyx(one, row) === true)).toBe(whole === true);
      }),
      { numRuns: 1_000 },
    );
    expect(seen.found).toBeGreaterThan(50);
    expect(seen.filtered).toBeGreaterThan(300);
  });

  it("compares names folded, and says nothing of what Telnyx does not know", () => {
    const row = { id: "a", createdAt: "2026-11-01", metadata: { channel_name: "Süpport", workspace_id: 7 } };
    const at = (text: string) => atTelnyx(parseQuery(text, NOW).where, row);
    expect(at("channel:support")).toBe(true);
    expect(at("workspace:7")).toBe(false);
    expect(at("status:failed")).toBeUndefined();
    expect(at("-status:failed")).toBeUndefined();
    expect(at("status:failed OR channel:support")).toBe(true);
  });
});
