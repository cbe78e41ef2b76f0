import { describe, expect, test } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { start, type Client } from "./client.ts";

/** Five conversations with what a filter can tell apart. */
const ROWS = [
  { name: "Voice A", metadata: { channel_id: "C1", kind: "public" }, createdAt: "2026-01-01T00:00:00.000Z" },
  { name: "Voice B", metadata: { channel_id: "C2", kind: "private" }, createdAt: "2026-02-01T00:00:00.000Z" },
  { name: "voice c", metadata: { channel_id: "C1", note: "a,b(c)" }, createdAt: "2026-03-01T00:00:00.000Z" },
  { name: "100%", metadata: { channel_id: "+13128675309" }, createdAt: "2026-04-01T00:00:00.000Z" },
  { name: "", metadata: { "odd.key": "x" }, createdAt: "2026-05-01T00:00:00.000Z" },
];

async function withRows(options = {}): Promise<Client> {
  const client = await start(options);
  for (const row of ROWS) client.twin.state.addConversation(row);
  return client;
}

/** The indexes of the rows that a query lists, oldest first unless it has an order. */
async function list(client: Client, query: string): Promise<number[]> {
  const order = query.includes("order=") ? "" : "&order=created_at.asc";
  const { status, body } = await client.call("GET", `/ai/conversations?${query}${order}`);
  expect(status).toBe(200);
  return body.data.map((row: { created_at: string }) =>
    ROWS.findIndex((known) => known.createdAt === row.created_at),
  );
}

const enc = encodeURIComponent;

describe("filters", () => {
  test.each([
    ["eq on metadata", "metadata-%3Echannel_id=eq.C1", [0, 2]],
    ["an arrow that is not encoded", "metadata->channel_id=eq.C1", [0, 2]],
    ["two filters are both true", "metadata-%3Echannel_id=eq.C1&metadata-%3Ekind=eq.public", [0]],
    ["neq, which a missing key is not", "metadata-%3Ekind=neq.public", [1]],
    ["not.eq, which a missing key is not either", "metadata-%3Ekind=not.eq.public", [1]],
    ["is.null", "metadata-%3Ekind=is.null", [2, 3, 4]],
    ["not.is.null", "metadata-%3Ekind=not.is.null", [0, 1]],
    ["in", "metadata-%3Echannel_id=in.(C2,C1)", [0, 1, 2]],
    ["in with quotes", `metadata-%3Enote=in.(${enc('"a,b(c)"')},x)`, [2]],
    ["like, by case", "name=like.Voice%25", [0, 1]],
    ["like with a star", "name=like.Voice*", [0, 1]],
    ["like with one character", "name=like.Voice%20_", [0, 1]],
    ["like takes signs as they are", "name=like.V.ice%25", []],
    ["like with an escaped percent", `name=like.${enc("100\\%")}`, [3]],
    ["ilike", "name=ilike.voice%25", [0, 1, 2]],
    ["not.like", "name=not.like.Voice%25", [2, 3, 4]],
    ["gte and lt on one column", "created_at=gte.2026-02-01&created_at=lt.2026-04-01", [1, 2]],
    ["gt", "created_at=gt.2026-04-01T00:00:00Z", [4]],
    ["lte", "created_at=lte.2026-01-01T01:00:00%2B01:00", [0]],
    ["last_message_at", "last_message_at=gte.2026-05-01", [4]],
    ["an encoded plus", "metadata-%3Echannel_id=eq.%2B13128675309", [3]],
    ["a bare plus, which is a space", "metadata-%3Echannel_id=eq.+13128675309", []],
    ["plus as space", "name=eq.Voice+A", [0]],
    ["an encoded percent", "name=eq.100%25", [3]],
    ["an id that is none", "id=eq.123", []],
    ["a key with a dot", "metadata-%3Eodd.key=eq.x", [4]],
  ])("%s", async (_what, query, rows) => {
    expect(await list(await withRows(), query)).toEqual(rows);
  });

  test.each([
    ["or", "(metadata->kind.eq.public,metadata->kind.eq.private)", [0, 1]],
    ["or over columns", "(name.ilike.voice*,created_at.gte.2026-05-01)", [0, 1, 2, 4]],
    ["and inside or", "(and(metadata->channel_id.eq.C1,name.eq.Voice A),name.eq.100%)", [0, 3]],
    ["escaped quotes", '(name.eq."a\\"b,c",name.eq."Voice B")', [1]],
    ["quoted values", '(metadata->note.eq."a,b(c)",name.eq."Voice B")', [1, 2]],
    ["not inside or", "(metadata->kind.not.is.null,name.eq.x)", [0, 1]],
    ["in inside or", "(metadata->channel_id.in.(C2,C9),name.eq.x)", [1]],
    ["a quoted column", '("metadata->odd.key".eq.x,name.eq.x)', [4]],
    ["unknown or true is true", "(metadata->kind.neq.public,name.eq.100%)", [1, 3]],
  ])("%s", async (_what, or, rows) => {
    expect(await list(await withRows(), `or=${enc(or)}`)).toEqual(rows);
  });

  test("filter by id", async () => {
    const client = await withRows();
    const { id } = client.twin.state.conversations()[2]!;
    expect(await list(client, `id=eq.${id}`)).toEqual([2]);
    expect(await list(client, `id=neq.${id}`)).toEqual([0, 1, 3, 4]);
  });

  const MALFORMED = [
    ["no operator", "name=Voice"],
    ["an unknown operator", "name=is_like.V"],
    ["an unknown column", "assistant_id=eq.1"],
    ["a double arrow", "metadata-%3E%3Ek=eq.1"],
    ["no time", "created_at=gte.yesterday"],
    ["like on a time", "created_at=like.2026%25"],
    ["is with a value", "name=is.Voice"],
    ["in without parentheses", "name=in.a,b"],
    ["or without parentheses", "or=name.eq.a"],
    ["or that is not closed", `or=${enc('(name.eq."a,name.eq.b)')}`],
    ["an order by nothing known", "order=size.desc"],
  ] as const;

  test.each(MALFORMED)("%s is refused with 422, naming the parameter", async (_what, query) => {
    const { call } = await withRows();
    const { status, body } = await call("GET", `/ai/conversations?${query}`);
    expect(status).toBe(422);
    expect(body.detail[0].loc).toEqual(["query", [...new URLSearchParams(query).keys()][0]]);
  });

  test.each(MALFORMED)("%s lists everything when switched to ignore", async (_what, query) => {
    const { call } = await withRows({ switches: { malformedFilter: "ignore" } });
    expect((await call("GET", `/ai/conversations?${query}`)).body.data).toHaveLength(5);
  });
});

describe("order and limit", () => {
  test.each([
    ["created_at.desc", [4, 3, 2, 1, 0]],
    ["created_at", [0, 1, 2, 3, 4]],
    ["name.desc,created_at.asc", [2, 1, 0, 3, 4]],
    ["metadata->kind.asc,created_at.desc", [1, 0, 4, 3, 2]],
    ["metadata->kind.asc.nullsfirst,created_at.asc", [2, 3, 4, 1, 0]],
    ["metadata->kind.desc,created_at.asc", [2, 3, 4, 0, 1]],
    ["metadata->kind.desc.nullslast,created_at.asc", [0, 1, 2, 3, 4]],
  ])("%s", async (order, rows) => {
    expect(await list(await withRows(), `order=${enc(order)}`)).toEqual(rows);
  });

  test("without an order the rows come in none, but always the same", async () => {
    const client = await start();
    const made = Array.from({ length: 20 }, () => client.twin.state.addConversation().id);
    const ids = async () =>
      (await client.call("GET", "/ai/conversations")).body.data.map((row: { id: string }) => row.id);
    const first: string[] = await ids();
    expect(first.toSorted()).toEqual(made.toSorted());
    expect(first).not.toEqual(made);
    expect(await ids()).toEqual(first);
  });

  test("a limit is kept, has a default and a silent cap", async () => {
    const client = await withRows({ switches: { listDefault: 3, listCap: 4 } });
    expect(await list(client, "limit=2")).toEqual([0, 1]);
    expect(await list(client, "")).toEqual([0, 1, 2]);
    expect(await list(client, "limit=1000")).toEqual([0, 1, 2, 3]);
    for (const limit of ["0", "-1", "x", "1.5"])
      expect((await client.call("GET", `/ai/conversations?limit=${limit}`)).status).toBe(422);
  });

  test("the answer is `data` alone, and keyset paging reaches every row", async () => {
    const client = await withRows();
    const { body } = await client.call("GET", "/ai/conversations");
    expect(Object.keys(body)).toEqual(["data"]);
    const seen: number[] = [];
    for (let before = ""; seen.length < 5; before = `&created_at=lt.${ROWS[seen.at(-1)!]!.createdAt}`)
      seen.push(...(await list(client, `order=created_at.desc&limit=2${before}`)));
    expect(seen).toEqual([4, 3, 2, 1, 0]);
  });

  test("a new conversation shows only after the lag, but can be read at once", async () => {
    const clock = fakeClock();
    const client = await start({ clock, switches: { listLagMs: 500 } });
    const id = await client.conversation();
    const listed = async () => (await client.call("GET", "/ai/conversations")).body.data.length;
    expect(await listed()).toBe(0);
    expect((await client.call("GET", `/ai/conversations/${id}`)).status).toBe(200);
    await clock.advance(500);
    expect(await listed()).toBe(1);
  });
});
