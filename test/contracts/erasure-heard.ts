import { expect, it } from "vitest";
import { ALICE, asking, BOB, KEY, PLACE, type World } from "./erasure-scene.ts";
import { messageIn } from "./store-bench.ts";

/** Forgetting whose messages a conversation was given without being asked by them. */
export function hearing(world: World): void {
  const CAROL = { id: "UCarol", name: "Carol Okapi", kind: "person" } as const;
  const alice = { person: { id: "UAlice", names: [] } };
  const owners = async () => {
    const rows = await world.bench().query("SELECT author FROM heard ORDER BY message_key");
    return rows.map(({ author }) => author);
  };

  it("of one person takes that what was heard is theirs, and leaves what is others', until no turn is left", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    await ask({ name: "m1", author: BOB, heard: [ALICE, CAROL, { ...ALICE, name: "Zebra" }] });
    await bench.archive.refresh();
    expect(await bench.archive.heardOf({ platform: "chat", userId: "UAlice" })).toEqual({
      messages: 2,
      conversations: 1,
      names: expect.arrayContaining(["Alice Zebrawood", "Zebra"]),
      unknown: false,
    });
    expect(await bench.archive.heardIn(KEY, { userId: "UAlice" })).toBe(2);
    expect(await bench.archive.heardIn(KEY, {})).toBe(3);
    expect(await bench.erasure.erase(await world.wish(alice))).toEqual({
      kind: "erased",
      turns: 0,
      heard: 2,
    });
    expect(await owners()).toEqual(["forgotten", "UCarol", "forgotten"]);
    expect(await bench.archive.heardIn(KEY, {})).toBe(1);
    expect((await bench.archive.given(1))?.heardMessages.map(({ userId, id }) => [userId, id])).toEqual([
      ["forgotten", undefined],
      ["UCarol", "m1-heard-1"],
      ["forgotten", undefined],
    ]);
    const bob = { person: { id: "UBob", names: [] } };
    expect(await bench.erasure.erase(await world.wish(bob))).toEqual({ kind: "erased", turns: 1, heard: 0 });
    expect(await world.stored()).not.toMatch(/alice|carol|zebrawood|okapi/i);
  });

  it("of what was given before a time takes what was heard before it", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    await ask({ name: "m1", heard: [BOB] });
    await bench.pass(100);
    const before = bench.now();
    await ask({ name: "m2", heard: [CAROL] });
    expect(await bench.erasure.erase(await world.wish({ before }))).toMatchObject({ turns: 1, heard: 1 });
    expect(await owners()).toEqual(["forgotten", "UCarol"]);
  });

  it("tells of what was given before it was noted that it is somebody's, and forgets it with the whole", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1", heard: [BOB, CAROL] });
    await bench.query(
      "UPDATE heard SET author = NULL, author_name = NULL, message_id = NULL, sent_at = NULL",
    );
    await bench.archive.refresh();
    const carol = { platform: "chat", workspaceId: "T1", userId: "UCarol" };
    expect(await bench.archive.heardOf(carol)).toEqual({
      messages: 0,
      conversations: 0,
      names: [],
      unknown: true,
    });
    expect(await bench.archive.heardOf({ ...carol, workspaceId: "T2" })).toMatchObject({ unknown: false });
    expect((await bench.archive.given(1))?.heardMessages).toEqual([{}, {}]);
    expect(await bench.erasure.erase(await world.wish())).toMatchObject({ heard: 2 });
    expect(await owners()).toEqual(["forgotten", "forgotten"]);
    expect(await bench.archive.heardOf(carol)).toMatchObject({ unknown: false });
  });

  it("keeps what is on hold, and knows a message again that is forgotten", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1", author: BOB, heard: [ALICE] });
    const asked = await world.wish(alice);
    await bench.erasure.hold([KEY], "cli:ada", true);
    expect(await bench.erasure.erase(asked)).toEqual({ kind: "held" });
    expect(await owners()).toEqual(["UAlice"]);
    await bench.erasure.hold([KEY], "cli:ada", false);
    await bench.erasure.erase(await world.wish(alice));
    const { key } = messageIn(PLACE, "m1-heard-0");
    expect(await bench.store.heard(PLACE, 1, [key])).toEqual(new Set([key]));
  });
}
