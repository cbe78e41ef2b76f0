import { afterEach, beforeEach, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Viewer } from "../../src/admin/viewer.ts";
import { everyRow } from "../contracts/erasure-scene.ts";
import { serviceOf } from "../contracts/forgetting.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { adminWorld, type AdminWorld, inChannel, ROOT } from "./world.ts";

const CAROL = { id: "U3", name: "Carol Okapi" };
const GRACE = { id: "U1", name: "Grace Hopper" };
const GROUP = { channel: "G1", kind: "group_dm", name: "Carol Okapi and Grace Hopper" } as const;
const person = `slack:T1:${CAROL.id}`;
let world: AdminWorld;
let telnyx: FakeTelnyx;

const open = async (name: string) => (await telnyx.createConversation({ name }, name)).id;
const thread = (channel: string, at: number) => `slack:T1:${channel}:1700000000.00090${at}` as Place;
const forget = (as: Viewer, query = "") =>
  Array.fromAsync(serviceOf(world, telnyx).forget(as, { query, dry: false, person }));
const left = async () =>
  (await serviceOf(world, telnyx).turns(ROOT, { query: "" })).rows.flatMap(
    ({ content }) => content?.question ?? [],
  );

/** Carol asks in one thread of the group, Grace in the other, and in a group and a channel that Carol never said anything in. */
beforeEach(async () => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
  for (const [at, user, question] of [
    [1, CAROL, "Lunch?"],
    [2, GRACE, "Dinner?"],
  ] as const)
    await world.ask({ ...GROUP, user, question, place: thread("G1", at), telnyxId: await open(`G1-${at}`) });
  const other = { ...GROUP, channel: "G2", name: "Grace Hopper and Linus" };
  await world.ask({ ...other, user: GRACE, question: "Tea?", telnyxId: await open("G2") });
  await world.ask({
    channel: "C1",
    name: "okay",
    user: GRACE,
    question: "Well?",
    telnyxId: await open("C1"),
  });
});
afterEach(() => world.bench.close());

it("a group's name goes with whoever is in it also from threads in which others alone spoke", async () => {
  const lines = await forget(ROOT);
  expect(lines.map(({ turns, local, telnyx: there }) => [turns, local, there])).toEqual([
    [1, "forgotten", "deleted"],
    [0, "forgotten", "deleted"],
  ]);
  expect(await everyRow(world.bench)).not.toMatch(/okapi/i);
  expect(await left()).toEqual(["Well?", "Tea?", "Dinner?"]);
  const there = await Array.fromAsync(telnyx.listConversations());
  expect(there.map(({ name }) => String(name)).toSorted()).toEqual(["C1", "G2"]);
  expect(await forget(ROOT), "nothing is left to forget").toEqual([]);
});

it("it does so for people themselves, who see nothing of those threads", async () => {
  const own = { kind: "word", field: "userId", values: [CAROL.id] } as const;
  const herself: Viewer = {
    id: person,
    name: CAROL.name,
    via: "chat",
    grants: [{ where: own, reads: "content", private: true }],
    rights: new Set(["read", "forget"]),
  };
  expect(await forget(herself)).toHaveLength(2);
  expect(await everyRow(world.bench)).not.toMatch(/okapi/i);
});

it("an admin takes it where they may forget, and a legal hold keeps it", async () => {
  const some = (...channels: string[]): Viewer => ({
    ...ROOT,
    grants: [{ where: inChannel(...channels), reads: "metadata", private: true }],
  });
  expect(await forget(some("G2", "C1"))).toEqual([]);
  await serviceOf(world, telnyx).hold(ROOT, "user:U1 channel:G1", true);
  expect((await forget(some("G1"))).map(({ local }) => local)).toEqual(["forgotten", "held"]);
  expect(await left()).toContain("Dinner?");
});
