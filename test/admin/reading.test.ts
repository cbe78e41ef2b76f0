import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Shown } from "../../src/admin/admin.ts";
import { QueryError } from "../../src/admin/query/error.ts";
import { createReading } from "../../src/admin/reading.ts";
import type { Viewer } from "../../src/admin/viewer.ts";
import { adminWorld, type AdminWorld, inChannel, placeOf, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
const reading = () => createReading(world.deps);
beforeEach(async () => {
  world = adminWorld();
  await world.ask({
    channel: "C1",
    name: "support",
    question: "Can I have a refund?",
    answer: "Yes, of 5 euros.",
  });
  await world.ask({
    channel: "C1",
    name: "helpdesk",
    question: "And a voucher?",
    user: { id: "U2", name: "Linus" },
  });
  await world.ask({ channel: "C2", name: "board", kind: "private", question: "Whom do we refund?" });
  await world.ask({ channel: "D1", kind: "dm", question: "My refund, please" });
});
afterEach(() => world.bench.close());

const channelsOf = (rows: readonly { readonly channelId: string }[]) =>
  rows.map(({ channelId }) => channelId).sort();

describe("conversations", () => {
  it("are found by a name that they had, and by what was said in them", async () => {
    const formerly = await reading().conversations(ROOT, { query: "channel:support" });
    expect(channelsOf(formerly.rows)).toEqual(["C1"]);
    expect(formerly.rows[0]).toMatchObject({ channelName: "helpdesk", turns: 2, readable: true });
    expect((await reading().conversations(ROOT, { query: "channel@now:support" })).rows).toEqual([]);
    const said = await reading().conversations(ROOT, { query: "refund" });
    expect(channelsOf(said.rows)).toEqual(["C1", "C2", "D1"]);
  });

  it("come page by page", async () => {
    const first = await reading().conversations(ROOT, { query: "sort:+started", limit: 2 });
    const second = await reading().conversations(ROOT, {
      query: "sort:+started",
      limit: 2,
      after: first.next ?? "",
    });
    expect([...first.rows, ...second.rows].map(({ channelId }) => channelId)).toEqual(["C1", "C2", "D1"]);
    expect(second.next).toBeUndefined();
  });

  it("link to their first message, and turns to theirs", async () => {
    const { rows } = await reading().conversations(ROOT, { query: "channel:helpdesk" });
    expect(rows[0]?.link).toBe(
      "https://acme.slack.com/archives/C1/p1700000000000101?thread_ts=1700000000.000100&cid=C1",
    );
    const said = await reading().turns(ROOT, { query: "voucher" });
    expect(said.rows[0]?.link).toMatch(/^https:\/\/acme\.slack\.com\/archives\/C1\/p1700000000000102\?/);
  });

  it("say how they begin, to whoever may read that", async () => {
    const excerpts = async (who: Viewer) =>
      (await reading().conversations(who, { query: "sort:+started" })).rows.map(({ excerpt }) => excerpt);
    expect(await excerpts(ROOT)).toEqual(["Can I have a refund?", "Whom do we refund?", "My refund, please"]);
    const everywhere = inChannel("C1", "C2", "D1");
    expect(await excerpts(viewer({ where: everywhere, reads: "metadata", private: true }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await excerpts(viewer({ where: everywhere, reads: "content", private: false }))).toEqual([
      "Can I have a refund?",
      undefined,
      undefined,
    ]);
    const key = { place: placeOf("C2"), generation: 1 };
    const shown = await reading().show(ROOT, key);
    expect(shown?.conversation.excerpt).toBe("Whom do we refund?");
  });

  it("do not say to somebody who sees their own turns alone what another asked first", async () => {
    const own = { kind: "word", field: "userId", values: ["U2"] } as const;
    const linus = viewer({ where: own, reads: "content", private: true });
    const { rows } = await reading().conversations(linus, { query: "" });
    expect(rows.map(({ channelId, readable, excerpt }) => [channelId, readable, excerpt])).toEqual([
      ["C1", true, undefined],
    ]);
  });

  it("are refused to a query that is wrong, with the place", async () => {
    await expect(reading().conversations(ROOT, { query: "chanel:x" })).rejects.toBeInstanceOf(QueryError);
  });
});

describe("a conversation", () => {
  const asked = (shown: Shown | undefined) => shown?.turns.map(({ id }) => id);

  it("begins with a turn of its own that is asked for, and by none of another place", async () => {
    await world.ask({ channel: "C1", name: "helpdesk", question: "Anything else?" });
    const key = { place: placeOf("C1"), generation: 1 };
    expect(asked(await reading().show(ROOT, key))).toEqual([1, 2, 5]);
    expect(asked(await reading().show(ROOT, key, { from: 2 }))).toEqual([2, 5]);
    expect(asked(await reading().show(ROOT, key, { from: 3 }))).toEqual([1, 2, 5]);
    expect(asked(await reading().show(ROOT, key, { from: 99 }))).toEqual([1, 2, 5]);
  });
});

describe("a viewer with a grant", () => {
  const metadata = viewer({ where: inChannel("C1", "C2", "D1"), reads: "metadata", private: false });
  const content = viewer({ where: inChannel("C1", "C2"), reads: "content", private: false });

  it("sees nothing beyond it, in lists, sums, names and by key", async () => {
    expect(channelsOf((await reading().conversations(content, { query: "" })).rows)).toEqual(["C1", "C2"]);
    expect((await reading().usage(content, { query: "by:channel" })).total.turns).toBe(3);
    expect(await reading().show(content, { place: placeOf("D1"), generation: 1 })).toBeUndefined();
    expect(await reading().names(content, "channel", "")).not.toContain("D1");
    expect((await reading().conversations(viewer(), { query: "" })).rows).toEqual([]);
  });

  it("for what is known of conversations reads nothing of what was said, and cannot find out by asking for it", async () => {
    const { rows } = await reading().turns(metadata, { query: "" });
    expect(rows).toHaveLength(4);
    expect(rows.every(({ readable, content: said }) => !readable && said === undefined)).toBe(true);
    expect((await reading().turns(metadata, { query: "refund" })).rows).toEqual([]);
    expect((await reading().turns(metadata, { query: "-refund" })).rows).toHaveLength(4);
  });

  it("for what was said reads what is private only where the grant says so", async () => {
    const { rows } = await reading().turns(content, { query: "refund" });
    expect(channelsOf(rows)).toEqual(["C1"]);
    const board = await reading().show(content, { place: placeOf("C2"), generation: 1 });
    expect(board?.conversation.readable).toBe(false);
    expect(board?.turns[0]?.content).toBeUndefined();
    const trusted = viewer({ where: inChannel("C2"), reads: "content", private: true });
    const read = await reading().show(trusted, { place: placeOf("C2"), generation: 1 });
    expect(read?.turns[0]?.content?.question).toBe("Whom do we refund?");
  });

  it("goes by what a channel is now: what became private is private", async () => {
    await world.ask({ channel: "C1", name: "helpdesk", kind: "private", question: "Quietly now" });
    const { rows } = await reading().turns(content, { query: "refund" });
    expect(rows).toEqual([]);
  });

  it("without the right to look is told so", async () => {
    const nobody = { ...content, rights: new Set([]) };
    await expect(reading().conversations(nobody, { query: "" })).rejects.toMatchObject({
      code: "not_allowed",
    });
  });
});

describe("the platforms that complete a query", () => {
  it("are those of what the viewer sees", async () => {
    await world.bench.archive.refresh();
    expect(await reading().names(ROOT, "platform", "")).toEqual(["slack"]);
    expect(await reading().names(ROOT, "platform", "SL")).toEqual(["slack"]);
    expect(await reading().names(ROOT, "platform", "lack")).toEqual([]);
    expect(await reading().names(viewer(), "platform", "")).toEqual([]);
  });
});

describe("the models that complete a query", () => {
  it("are found by any part of their names, those that begin so first, and only where the viewer sees something", async () => {
    const models = ["zai-org/GLM-5.3", "moonshotai/Kimi-K2.6", "glm/mini", "meta/Llama"];
    for (const [index, model] of models.entries())
      await world.bench.query(`UPDATE turn SET model = '${model}', indexed = false WHERE id = ${index + 1}`);
    await world.bench.archive.refresh();
    expect(await reading().names(ROOT, "model", "GLM")).toEqual(["glm/mini", "zai-org/GLM-5.3"]);
    expect(await reading().names(ROOT, "model", "")).toHaveLength(4);
    const support = viewer({ where: inChannel("C1"), reads: "metadata", private: false });
    expect(await reading().names(support, "model", "")).toEqual(["moonshotai/Kimi-K2.6", "zai-org/GLM-5.3"]);
    await world.bench.query(
      `UPDATE turn SET state = 'failed', error = 'timeout: 60 s', indexed = false WHERE id = 1`,
    );
    await world.bench.archive.refresh();
    expect(await reading().names(support, "error", "ti")).toEqual(["timeout"]);
    expect(await reading().names(viewer(), "error", "")).toEqual([]);
  });
});
