import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgottenLine } from "../../src/admin/forgotten-line.ts";
import type { Forgotten } from "../../src/admin/forget.ts";
import type { Grant, Viewer } from "../../src/admin/viewer.ts";
import { everyRow } from "../contracts/erasure-scene.ts";
import { forgettingContract, serviceOf } from "../contracts/forgetting.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { sqliteBench } from "../store/bench.ts";
import { adminWorld, type AdminWorld, inChannel, ROOT, viewer } from "./world.ts";

let world: AdminWorld;
let telnyx: FakeTelnyx;
const LINUS = { id: "U2", name: "Linus Torvald" };
const admin = () => serviceOf(world, telnyx);
const openThere = async (name: string) => (await telnyx.createConversation({ name }, name)).id;
const forget = (
  query: string,
  { as = ROOT, dry = false, person }: { person?: string; dry?: boolean; as?: Viewer } = {},
) => Array.fromAsync(admin().forget(as, { query, dry, ...(person !== undefined && { person }) }));
const brief = (lines: readonly Forgotten[]) =>
  lines.map(({ name, turns, local, telnyx: at }) => [name, turns, local, at]);
const said = async (query: string) =>
  (await admin().turns(ROOT, { query })).rows.flatMap(({ content }) => content?.question ?? []);

beforeEach(async () => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
  const support = { channel: "C1", name: "support", telnyxId: await openThere("C1") };
  await world.ask({ ...support, question: "Where is order 17?" });
  await world.ask({ ...support, question: "And order 18?", user: LINUS });
});
afterEach(() => world.bench.close());

describe("what was heard", () => {
  it("forgets also where nothing of a person was asked, but only heard, and leaves what others said there", async () => {
    const carol = { id: "U3", name: "Carol Okapi" };
    await world.ask({
      channel: "C4",
      name: "lunch",
      question: "What did they order?",
      heard: [carol, LINUS, carol],
      telnyxId: await openThere("C4"),
    });
    await admin().turns(ROOT, { query: "order -user:okapi" });
    const person = "slack:T1:U3";
    expect(brief(await forget("", { person: "slack:T2:U3" }))).toEqual([]);
    const [would] = await forget("", { person, dry: true });
    expect(would).toMatchObject({
      name: "T1 › #lunch",
      turns: 0,
      heard: 2,
      local: "would_be",
      telnyx: "would_be",
    });
    expect(await forget("channel:support", { person })).toEqual([]);
    const lines = await forget("", { person });
    expect(lines).toMatchObject([{ turns: 0, heard: 2, local: "forgotten", telnyx: "deleted" }]);
    expect(forgottenLine(lines[0]!)).toMatch(
      /: 0 turns and 2 heard messages, forgotten here, deleted at Telnyx \(as a whole/,
    );
    expect(await everyRow(world.bench)).not.toMatch(/okapi/i);
    expect(await said("channel:lunch")).toEqual(["What did they order?"]);
    expect(await forget("", { person, dry: true })).toEqual([]);
    expect(await forget("channel:lunch", { dry: true })).toMatchObject([{ turns: 1, heard: 1 }]);
  });

  it("forgets what was heard of a person only where the viewer may forget, and tells of it only to those who see all", async () => {
    await world.ask({ channel: "C4", name: "lunch", question: "Well?", heard: [LINUS] });
    const grant: Grant = { where: inChannel("C1"), reads: "content", private: false };
    const some: Viewer = { ...viewer(grant), rights: new Set(["read", "forget"]) };
    expect(brief(await forget("", { as: some, person: "slack:T1:U2", dry: true }))).toEqual([
      ["T1 › #support", 1, "would_be", "would_be"],
    ]);
    await expect(admin().heard(some, "slack:T1:U2")).rejects.toMatchObject({ code: "not_allowed" });
    await expect(admin().heard(ROOT, "Linus")).rejects.toMatchObject({ code: "person_invalid" });
    expect(await admin().heard(ROOT, "slack:T1:U2")).toMatchObject({ messages: 1, names: ["Linus Torvald"] });
    expect(await admin().heard({ ...some, id: "slack:T1:U2" }, "slack:T1:U2")).toMatchObject({ messages: 1 });
  });
});

forgettingContract("SQLite", () => sqliteBench(), 40);
