import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exported, type ExportedPart, exportOf, type ExportRequest } from "../../src/admin/export.ts";
import { createRedactor } from "../../src/admin/redact.ts";
import type { Viewer } from "../../src/admin/viewer.ts";
import type { Archive } from "../../src/store/archive.ts";
import { adminWorld, type AdminWorld, inChannel, ROOT, viewer } from "./world.ts";

const GRACE = { id: "U1", name: "Grace Hopper" };
const LINUS = { id: "U2", name: "Linus" };

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
  await world.ask({ channel: "C1", name: "support", question: "Can I have a refund?" });
  await world.ask({ channel: "C1", name: "helpdesk", question: "And a voucher?", user: LINUS });
  await world.ask({ channel: "C2", name: "board", kind: "private", question: "Whom do we refund?" });
});
afterEach(() => world.bench.close());

const redactor = createRedactor({ key: new Uint8Array(32), patterns: [/voucher/g] });
const all = async (
  request: Omit<ExportRequest, "format">,
  by: Viewer = ROOT,
  archive: Archive = world.bench.archive,
) => {
  const what = exportOf(world.clock, by, { ...request, format: "jsonl" });
  await archive.refresh();
  return Array.fromAsync(exported({ ...world.deps, archive, redactor }, what));
};
const questions = ({ turns }: ExportedPart) => turns.map(({ content }) => content?.question);

/** The same archive, of which no more than two turns are read at once. */
const inTwos = (): Archive => {
  const { archive } = world.bench;
  return { ...archive, turnsIn: (of, part) => archive.turnsIn(of, { ...part, limit: 2 }) };
};

describe("an export", () => {
  it("holds the turns that meet the query, by conversation, oldest first", async () => {
    const found = await all({ query: "channel:support", redact: false });
    expect(found.map(questions)).toEqual([["Can I have a refund?", "And a voucher?"]]);
    const [one] = await all({ query: "channel:support user:linus", redact: false });
    expect(one?.turns.map(({ userName }) => userName)).toEqual(["Linus"]);
  });

  it("holds no other generation of the same place", async () => {
    const [, second] = await all({ query: "sort:+started", redact: false });
    const key = { place: second?.conversation.place ?? "", generation: 1 } as const;
    await world.bench.erasure.wish({ conversation: key as never });
    await world.ask({ channel: "C2", name: "board", kind: "private", question: "Again?" });
    const found = await all({ query: "channel:board refund", redact: false });
    expect(found.map(questions)).toEqual([["Whom do we refund?"]]);
  });

  it("gives a conversation that is too long in parts, which together are the whole", async () => {
    for (const question of ["three", "four", "five"]) await world.ask({ channel: "C1", question });
    const request = { query: "sort:+started", redact: false };
    const [whole, other] = await all(request);
    const parts = await all(request, ROOT, inTwos());
    expect(parts.map(({ turns, begins, ends }) => [turns.length, begins, ends])).toEqual([
      [2, true, false],
      [2, false, false],
      [1, false, true],
      [1, true, true],
    ]);
    expect(parts.slice(0, 3).flatMap(({ turns }) => turns)).toEqual(whole?.turns);
    expect(parts.at(-1)).toEqual(other);
    expect(new Set(parts.slice(0, 3).map(({ conversation }) => conversation))).toEqual(
      new Set([whole?.conversation]),
    );
  });

  it("lets others have the process before each part", async () => {
    for (let question = 0; question < 6; question += 1) await world.ask({ channel: "C1", question: "more" });
    let [others, exporting] = [0, true];
    const other = () => {
      others += 1;
      if (exporting) setImmediate(other);
    };
    setImmediate(other);
    const parts = await all({ query: "", redact: false }, ROOT, inTwos());
    exporting = false;
    expect(parts).toHaveLength(5);
    expect(others).toBeGreaterThanOrEqual(parts.length);
  });

  it("says what may be read by the grants of who asks, and reads nothing else", async () => {
    const reader = viewer({ where: inChannel("C1", "C2"), reads: "content", private: false });
    const found = await all({ query: "sort:+started", redact: false }, reader);
    expect(found.map(questions)).toEqual([["Can I have a refund?", "And a voucher?"], [undefined]]);
    expect(found.map(({ conversation }) => conversation.readable)).toEqual([true, false]);
    const elsewhere = viewer({ where: inChannel("C2"), reads: "metadata", private: false });
    expect((await all({ query: "", redact: false }, elsewhere)).map(questions)).toEqual([[undefined]]);
  });

  it("is refused to who has no right to it", async () => {
    const reader = { ...ROOT, rights: new Set(["read" as const]) };
    await expect(all({ query: "", redact: false }, reader)).rejects.toMatchObject({ code: "not_allowed" });
  });
});

describe("an export that is redacted", () => {
  it("names nobody", async () => {
    await world.ask({
      channel: "C1",
      name: "helpdesk",
      question: "I am Linus, grace hopper knows me: linus@example.com, +49 170 1234567",
      user: LINUS,
    });
    const text = JSON.stringify(await all({ query: "channel:helpdesk", redact: true }));
    expect(text).not.toMatch(/linus|grace|hopper|U1"|U2"|voucher|1234567/i);
    expect(text).toMatch(/I am person-[0-9a-f]{8}, person-[0-9a-f]{8} knows me: \[email\], \[phone\]/);
  });

  it.each([
    ["a.b+c@d.example", "[email]"],
    ["DE89 3704 0044 0532 0130 00", "[iban]"],
    ["4111-1111-1111-1111", "[card]"],
    ["1.2.3.4", "[ip]"],
    ["fe80:0:0:0:a:b:c:d", "[ip]"],
    ["(030) 123/45-67", "([phone]"],
    ["voucher", "[redacted]"],
    ["xoxb-1234567890", "[secret]"],
    ["Order 17 of 2026-11, at 10:30", "Order 17 of 2026-11, at 10:30"],
  ])("has for %s in what was said: %s", async (said, instead) => {
    await world.ask({ channel: "C5", question: `So: ${said}.`, user: GRACE });
    const [found] = await all({ query: "channel:C5", redact: true });
    expect(questions(found!)[0]).toBe(`So: ${instead}.`);
  });

  it("calls a person the same wherever they are named on a platform, and otherwise on another or with another key", async () => {
    const [found] = await all({ query: "channel:support", redact: false });
    if (!found) throw new Error("nothing was found");
    const aliasOn = (platform: string, key = 0) => {
      const by = createRedactor({ key: new Uint8Array(32).fill(key), patterns: [] });
      const { conversation, turns } = by.of({ ...found.conversation, platform }, [])(found);
      expect(turns[0]?.userId).toBe(conversation.startedById);
      return conversation.startedById;
    };
    expect(aliasOn("slack")).toBe(aliasOn("slack"));
    expect(new Set([aliasOn("slack"), aliasOn("discord"), aliasOn("slack", 1)]).size).toBe(3);
  });

  it("does not say in another way how a conversation begins", async () => {
    const [whole] = await all({ query: "channel:support", redact: false });
    if (!whole) throw new Error("nothing was found");
    const conversation = { ...whole.conversation, excerpt: "Call Grace at +49 170 12" };
    const redacted = redactor.of(conversation, [])({ ...whole, conversation });
    expect(redacted.conversation).not.toHaveProperty("excerpt");
  });

  it("names nobody who asked in another part of it, or what the query leaves out", async () => {
    const ada = { id: "U300", name: "Ada King" };
    for (const question of ["Ask Ada King, or @u300", "Is ada king there?", "Who is she?"])
      await world.ask({ channel: "C1", question, user: GRACE });
    await world.ask({ channel: "C1", question: "Here", user: ada });
    const parts = await all({ query: "", redact: true }, ROOT, inTwos());
    expect(JSON.stringify(parts)).not.toMatch(/ada king|u300/i);
    expect(JSON.stringify(await all({ query: "user:grace", redact: true }))).not.toMatch(/ada king|u300/i);
  });

  it("names nobody whose messages were only heard", async () => {
    const heard = [{ id: "U400", name: "Ida Rhodes" }];
    await world.ask({ channel: "C1", question: "What does Ida Rhodes mean, @U400?", user: GRACE, heard });
    const text = JSON.stringify(await all({ query: "", redact: true }));
    expect(text).not.toMatch(/ida rhodes|u400/i);
    expect(text).toMatch(/What does person-[0-9a-f]{8} mean/);
  });

  it("takes a name for one in any case, and prefers the longer of two", async () => {
    const [ann, annie] = [
      { id: "U4", name: "Ann K" },
      { id: "U5", name: "Ann Kelvin" },
    ];
    await world.ask({ channel: "C3", question: "ANN \u212A asked Ann Kelvin, and Ann Kelvinson", user: ann });
    await world.ask({ channel: "C3", question: "I did", user: annie });
    const [found] = await all({ query: "channel:C3", redact: true });
    const alias = (of: string) => found?.turns.find(({ id }) => `${id}` === of)?.userName;
    const [first, second] = (found?.turns ?? []).map(({ id }) => `${id}`);
    expect(questions(found!)[0]).toBe(
      `${alias(first ?? "")} asked ${alias(second ?? "")}, and Ann Kelvinson`,
    );
  });
});
