import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Difference, sync, type SyncDeps } from "../../src/admin/sync.ts";
import { metadataOf } from "../../src/reply/input.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
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
  return Array.fromAsync(syncing(dry));
}

/** `down`: what Telnyx answers with instead, from that conversation of its list on. */
function syncing(dry: boolean, down?: { readonly at: number; readonly error: Error }) {
  const { archive, store } = world.bench;
  const deps: SyncDeps = {
    archive,
    store,
    clock: world.deps.clock,
    telnyx: {
      ...telnyx,
      listConversations: async function* () {
        let count = 0;
        for await (const one of telnyx.listConversations()) {
          if (one.metadata["app"] !== "patchcord") continue;
          if (count === down?.at) throw down.error;
          count += 1;
          yield one;
        }
      },
    },
  };
  return sync(deps, { dry }, new AbortController().signal);
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
    expect(await differences(true)).toMatchObject([
      { kind: "missing_here", telnyxId, name: "T1 › #support", done: false },
    ]);
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

  it("gives back the metadata that a conversation is listed by, when somebody took it away there", async () => {
    const telnyxId = await openThere("C1", "support");
    await world.ask({ channel: "C1", name: "support", question: "?", telnyxId });
    const { metadata } = await telnyx.getConversation(telnyxId);
    await telnyx.updateConversation(telnyxId, { app: "another" });
    const changes = [{ key: "app", there: "another", here: "patchcord" }];
    const lost = { kind: "metadata", telnyxId, name: "T1 › #support", changes };
    expect(await differences(true)).toMatchObject([{ ...lost, done: false }]);
    expect((await differences(false))[0]).toMatchObject({ ...lost, done: true });
    expect((await telnyx.getConversation(telnyxId)).metadata).toEqual(metadata);
    expect(await differences(false)).toEqual([]);
  });

  it("tells what is gone there", async () => {
    const telnyxId = await openThere("C1", "support");
    await world.ask({ channel: "C1", name: "support", question: "?", telnyxId });
    await telnyx.deleteConversation(telnyxId);
    const conversation = { place: placeOf("C1"), generation: 1 };
    expect(await differences(false)).toMatchObject([
      { kind: "gone_there", telnyxId, conversation, name: "T1 › #support" },
    ]);
  });

  it.each([0, 201])(
    "ends with what Telnyx answered when it is away from the conversation %i on, and goes on where it was the next time",
    async (at) => {
      const ids: string[] = [];
      for (let index = 0; index < 205; index += 1) ids.push(await openThere(`C${index}`, "support"));
      const error = new TelnyxError("Telnyx is away.", {
        code: "telnyx_unavailable",
        reason: "unavailable",
        reached: "never",
      });
      const told: Difference[] = [];
      const run = async () => {
        for await (const one of syncing(false, { at, error })) told.push(one);
      };
      await expect(run()).rejects.toBe(error);
      expect(told.length).toBe(at === 0 ? 0 : 200);
      expect(told.every(({ kind, done }) => kind === "missing_here" && done)).toBe(true);
      const rest = await differences(false);
      expect([...told, ...rest].map(({ telnyxId }) => telnyxId)).toEqual(ids);
      expect(await differences(false)).toEqual([]);
    },
  );
});
