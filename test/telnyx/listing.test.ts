import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { listConversations } from "../../src/telnyx/listing.ts";
import type { ConversationQuery } from "../../src/telnyx/telnyx.ts";
import { fakeApi } from "./api.ts";
import { collect } from "./server.ts";

interface Row {
  readonly id: string;
  readonly created_at: string;
  readonly last_message_at: string;
}

interface Habits {
  /** Shows times in milliseconds only. */
  readonly truncates?: boolean;
  /** Rows at the most, whatever is asked. */
  readonly cap?: number;
  /** Does not understand conditions on times, and returns everything. */
  readonly deaf?: boolean;
}

const moment = (n: number) => new Date(Date.UTC(2026, 0, 1) + n).toISOString();
const row = (n: number, at = n): Row => ({
  id: `id-${n}`,
  created_at: moment(at),
  last_message_at: moment(-at),
});

/** Telnyx's list, as far as paging goes: conditions on the order's column, order, limit. */
function listOf(rows: readonly Row[], { cap = Infinity, deaf = false, truncates = false }: Habits = {}) {
  const shown = (entry: Row) => {
    const cut = (time: string) => `${time.slice(0, 23)}Z`;
    return { ...entry, created_at: cut(entry.created_at), last_message_at: cut(entry.last_message_at) };
  };
  return fakeApi((_, query) => {
    const [by, direction] = query.get("order")!.split(".") as ["created_at" | "last_message_at", string];
    const tests: Record<string, (a: string, b: string) => boolean> = {
      lt: (a, b) => a < b,
      lte: (a, b) => a <= b,
      gt: (a, b) => a > b,
      gte: (a, b) => a >= b,
    };
    const bounds = deaf ? [] : query.getAll(by).map((text) => text.split(/\.(.*)/s) as [string, string]);
    const found = rows
      .filter((entry) => bounds.every(([operator, value]) => tests[operator]!(entry[by], value)))
      .sort((a, b) => (direction === "desc" ? -1 : 1) * a[by].localeCompare(b[by]));
    const data = found.slice(0, Math.min(cap, Number(query.get("limit"))));
    return { data: truncates ? data.map(shown) : data };
  });
}

const idsOf = async (api: ReturnType<typeof fakeApi>, query?: ConversationQuery) =>
  (await collect(listConversations(api, query))).map(({ id }) => id);

describe("listConversations", () => {
  test("asks once where one page is enough", async () => {
    const api = listOf([row(1), row(2)]);
    expect(await idsOf(api)).toEqual(["id-2", "id-1"]);
    expect(api.calls.map(({ path }) => path)).toEqual(["/ai/conversations?order=created_at.desc&limit=100"]);
    expect(await idsOf(listOf([]))).toEqual([]);
  });

  test("goes on at the last row's time, under the same conditions", async () => {
    const api = listOf(Array.from({ length: 150 }, (_, i) => row(i)));
    const where = [{ column: "metadata->app", operator: "eq", value: "patchcord" }] as const;
    const or = [{ column: "name", operator: "is", value: "null" }] as const;
    const order = { by: "last_message_at", direction: "asc" } as const;
    expect(await idsOf(api, { where, or, order })).toHaveLength(150);
    const asked = api.calls.map(({ path }) => [...new URL(path, "http://x").searchParams]);
    const fixed = ([after]: string[]) => [
      ["metadata->app", "eq.patchcord"],
      ...(after === undefined ? [] : [["last_message_at", after]]),
      ["or", "(name.is.null)"],
      ["order", "last_message_at.asc"],
      ["limit", "100"],
    ];
    expect(asked).toEqual([fixed([]), fixed([`gte.${moment(-50)}`])]);
  });

  test("gives as many as were wanted, and asks for no more", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => row(i));
    const api = listOf(rows);
    expect(await idsOf(api, { limit: 3 })).toEqual(["id-299", "id-298", "id-297"]);
    expect(api.calls.map(({ path }) => path)).toEqual(["/ai/conversations?order=created_at.desc&limit=3"]);
    expect(await idsOf(listOf(rows), { limit: 150 })).toHaveLength(150);
    expect(await idsOf(listOf(rows), { limit: 0 })).toEqual([]);
  });

  test("stops asking when the caller has enough", async () => {
    const api = listOf(Array.from({ length: 300 }, (_, i) => row(i)));
    for await (const { id } of listConversations(api)) if (id === "id-250") break;
    expect(api.calls).toHaveLength(1);
  });

  test("leaves out what is no conversation", async () => {
    const api = fakeApi(() => ({ data: [{ id: "" }, { name: "x" }, 7, null, row(1)] }));
    expect(await idsOf(api)).toEqual(["id-1"]);
  });

  test("fails where it cannot go on, instead of returning a part", async () => {
    const nameless = Array.from({ length: 100 }, (_, i) => ({ id: `id-${i}` }));
    await expect(idsOf(fakeApi(() => ({ data: nameless })))).rejects.toMatchObject({
      code: "telnyx_unreadable",
    });
    await expect(idsOf(fakeApi(() => ({ rows: [] })))).rejects.toMatchObject({ code: "telnyx_unreadable" });
    await expect(idsOf(fakeApi(() => undefined))).rejects.toMatchObject({ code: "telnyx_unreadable" });
  });

  test.each([50, Infinity])(
    "fails on a server that ignores the condition and returns everything again, %d at the most",
    async (cap) => {
      const api = listOf(
        Array.from({ length: 5_000 }, (_, i) => row(i)),
        { deaf: true, cap },
      );
      await expect(idsOf(api)).rejects.toMatchObject({ code: "telnyx_unreadable" });
      expect(api.calls.length).toBeLessThan(6);
    },
  );

  test("fails where one moment has more than the server ever gives", async () => {
    const crowd = Array.from({ length: 30 }, (_, i) => row(i, 5));
    const api = listOf([...crowd, row(100, 9), row(101, 1)], { cap: 20 });
    await expect(idsOf(api)).rejects.toMatchObject({ code: "telnyx_unreadable" });
    const exact = listOf([...crowd.slice(10), row(100, 9)], { cap: 20 });
    expect(await idsOf(exact)).toHaveLength(21);
  });

  test("ends where a moment that is shown coarsely fills the last page", async () => {
    const rows = Array.from({ length: 15 }, (_, i) => row(i, 5)).map((entry, i) => ({
      ...entry,
      created_at: entry.created_at.replace("Z", `${100 + i}Z`),
    }));
    const order = { by: "created_at", direction: "asc" } as const;
    expect(await idsOf(listOf(rows, { truncates: true }), { order })).toHaveLength(15);
  });

  // Clusters of one moment, larger than pages and caps among them.
  const cluster = fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 60, max: 260 })),
  });
  const clusters = fc.array(cluster, { maxLength: 8 });
  const rowsOf = (sizes: readonly { size: number }[]) =>
    sizes.flatMap(({ size }, at) => Array.from({ length: size }, () => at)).map((at, n) => row(n, at));
  const order = fc.constantFrom(
    { by: "created_at", direction: "desc" } as const,
    { by: "created_at", direction: "asc" } as const,
    { by: "last_message_at", direction: "desc" } as const,
  );

  property.prop([clusters, order], { numRuns: 150 })(
    "finds every conversation once, in order, however many share a moment",
    async (sizes, by) => {
      const rows = rowsOf(sizes);
      const ids = await idsOf(listOf(rows), { order: by });
      expect(new Set(ids)).toEqual(new Set(rows.map(({ id }) => id)));
      expect(ids).toHaveLength(rows.length);
      const times = ids.map((id) => rows.find((entry) => entry.id === id)![by.by]);
      expect(times).toEqual(
        times.toSorted((a, b) =>
          (by.direction === "desc" ? b : a).localeCompare(by.direction === "desc" ? a : b),
        ),
      );
    },
  );

  property.prop([fc.integer({ min: 0, max: 400 }), fc.integer({ min: 10, max: 120 })], { numRuns: 100 })(
    "finds every conversation once under a silent cap",
    async (count, cap) => {
      const rows = Array.from({ length: count }, (_, i) => row(i, Math.floor(i / 5)));
      const ids = await idsOf(listOf(rows, { cap }));
      expect(ids).toHaveLength(count);
      expect(new Set(ids).size).toBe(count);
    },
  );

  property.prop([fc.integer({ min: 90, max: 330 }), order], { numRuns: 60 })(
    "finds every conversation once where times are stored finer than they are shown",
    async (count, by) => {
      // Ten in each millisecond; the time is that of both columns, and ends in microseconds.
      const rows = Array.from({ length: count }, (_, i) => {
        const time = moment(Math.floor(i / 10)).replace("Z", `${100 + (i % 10)}Z`);
        return { id: `id-${i}`, created_at: time, last_message_at: time };
      });
      const ids = await idsOf(listOf(rows, { truncates: true }), { order: by });
      expect(new Set(ids).size).toBe(count);
      expect(ids).toHaveLength(count);
    },
  );

  test("those properties meet pages that one moment fills, and several pages", () => {
    const samples = fc.sample(clusters, 150);
    const total = (sizes: readonly { size: number }[]) => sizes.reduce((sum, { size }) => sum + size, 0);
    expect(samples.filter((sizes) => sizes.some(({ size }) => size > 100)).length).toBeGreaterThan(50);
    expect(samples.filter((sizes) => total(sizes) > 200).length).toBeGreaterThan(50);
  });
});
