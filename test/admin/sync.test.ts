import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Difference, sync, type SyncDeps } from "../../src/admin/sync.ts";
import { metadataOf } from "../../src/reply/input.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { adminWorld, type AdminWorld, placeOf } from "./world.ts";

let world: AdminWorld;
let telnyx: FakeTelnyx;
beforeEach(() => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
});
afterEach(() => world.bench.close());

const author = { id: "U1", name: "Grace Hopper" };
/** Opens a conversation at Telnyx as the bridge does. */
async function openThere(channel: string, channelName: string): Promise<string> {
  const where = { workspaceId: "T1", channelId: channel, channelKind: "public", channelName } as const;
  const metadata = metadataOf({ platform: "slack", place: placeOf(channel), where, author }, 1);
  return (await telnyx.createConversation({ metadata }, channel)).id;
}

async function differences(dry: boolean): Promise<readonly Difference[]> {
  const { archive, store } = world.bench;
  const deps: SyncDeps = {
    archive,
    store,
    clock: world.deps.clock,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
  };
  return Array.fromAsync(sync(deps, { dry }, new AbortController().signal));
}

describe("sync", () => {
  it("says nothing where both are the same", async () => {
    await world.ask({
      channel: "C1",
      name: "support",
      question: "?",
      telnyxId: await openThere("C1", "support"),
    });
    expect(await differences(false)).toEqual([]);
  });

  it("puts right at Telnyx what a channel is called now", async () => {
    const telnyxId = await openThere("C1", "support");
    await world.ask({ channel: "C1", name: "support", question: "?", telnyxId });
    await world.ask({ channel: "C1", name: "helpdesk", question: "??" });
    const changes = [{ key: "channel_name", there: "support", here: "helpdesk" }];
    expect(await differences(true)).toMatchObject([{ kind: "metadata", telnyxId, changes, done: false }]);
    expect(await differences(false)).toMatchObject([{ kind: "metadata", changes, done: true }]);
    expect((await telnyx.getConversation(telnyxId)).metadata).toMatchObject({
      channel_name: "helpdesk",
      channel_id: "C1",
    });
    expect(await differences(false)).toEqual([]);
  });

  it("adopts a conversation that carries our metadata and was lost here", async () => {
    const telnyxId = await openThere("C1", "support");
    expect(await differences(true)).toMatchObject([{ kind: "missing_here", telnyxId, done: false }]);
    expect(await world.bench.store.conversation(placeOf("C1"))).toBeUndefined();
    const adopted = { place: placeOf("C1"), generation: 1 };
    expect(await differences(false)).toMatchObject([{ kind: "missing_here", telnyxId, done: true, adopted }]);
    expect(await world.bench.store.conversation(placeOf("C1"))).toMatchObject({ telnyxId, generation: 1 });
    expect((await differences(false)).filter(({ kind }) => kind !== "metadata")).toEqual([]);
  });

  it("leaves alone what names no place, and a place that has another conversation", async () => {
    await telnyx.createConversation({ metadata: { app: "patchcord", channel_id: "C1" } }, "old");
    await world.ask({ channel: "C2", question: "?", telnyxId: await openThere("C2", "b") });
    await telnyx.createConversation(
      { metadata: { app: "patchcord", platform: "slack", place: placeOf("C2"), generation: "1" } },
      "twice",
    );
    const missing = (await differences(false)).filter(({ kind }) => kind === "missing_here");
    expect(missing).toMatchObject([
      { done: false, why: expect.stringMatching(/names no place/) as string },
      { done: false, why: expect.stringMatching(/another conversation/) as string },
    ]);
  });

  it("tells what is gone there", async () => {
    const telnyxId = await openThere("C1", "support");
    await world.ask({ channel: "C1", name: "support", question: "?", telnyxId });
    await telnyx.deleteConversation(telnyxId);
    const conversation = { place: placeOf("C1"), generation: 1 };
    expect(await differences(false)).toMatchObject([{ kind: "gone_there", telnyxId, conversation }]);
  });
});
