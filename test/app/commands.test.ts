import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/admin/access/people.ts";
import { commandsFor } from "../../src/app/commands.ts";
import { createCommands } from "../../src/bridge/commands.ts";
import type { Place } from "../../src/chat/place.ts";
import { createLog } from "../../src/log.ts";
import { adminWorld, type AdminWorld, placeOf, ROOT } from "../admin/world.ts";
import { serviceOf } from "../contracts/forgetting.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";

const GRACE = { id: "U1", name: "Grace Hopper" };
const LINUS = { id: "U2", name: "Linus [Torvalds](https://evil.example)" };
const EVERYBODY = { reads: "content", private: false, rights: [] } as const;

let world: AdminWorld;
let telnyx: FakeTelnyx;
const service = () => serviceOf(world, telnyx);

/** What somebody is answered who types it behind `/patchcord`. */
async function typed(
  words: string,
  by: { readonly id: string; readonly name: string },
  { manages = false, workspaceId = "T1" } = {},
): Promise<string> {
  const access = createAccess([
    { who: "slack:workspace-admins", where: "", ...EVERYBODY },
    { who: "slack:T1:U9", where: "channel:support", ...EVERYBODY },
  ]);
  const commands = createCommands({ handlers: commandsFor(service(), access), log: createLog("silent") });
  const command = { platform: "slack", workspaceId, place: "slack:T1:C1" as Place, words };
  return commands(
    { ...command, by: { ...by, kind: "person" }, manages: async () => manages },
    { pageLength: 1_900 },
  );
}
const open = async (name: string) => (await telnyx.createConversation({ name }, name)).id;
const there = async () => (await Array.fromAsync(telnyx.listConversations())).map(({ name }) => name);
const questions = async () => {
  const { rows } = await service().turns(ROOT, { query: "" });
  return rows.flatMap(({ content }) => content?.question ?? []).toSorted();
};

beforeEach(async () => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
  await world.ask({
    channel: "C1",
    name: "support",
    inThread: true,
    question: "Where is *order* 17?",
    telnyxId: await open("one"),
  });
  await world.ask({
    channel: "C2",
    name: "random",
    question: "My own?",
    telnyxId: await open("two"),
    user: LINUS,
  });
  await world.ask({
    channel: "D1",
    kind: "dm",
    question: "A secret.",
    telnyxId: await open("three"),
    user: LINUS,
  });
});
afterEach(() => world.bench.close());

describe("conversations", () => {
  it("are told to whoever runs the workspace, with links, and none of another workspace", async () => {
    const answer = await typed("conversations", LINUS, { manages: true });
    expect(answer).toMatch(/^3 conversations, the newest first/u);
    expect(answer).toContain(
      String.raw`[\#support › Where is \*order\* 17?](https://acme.slack.com/archives/C1/p`,
    );
    expect(answer).toContain(String.raw`begun by Linus \[Torvalds\]\(https\://evil\.example\)`);
    expect(await typed("conversations channel:support", LINUS, { manages: true })).toMatch(
      /^1 conversation,/u,
    );
    expect(await typed("conversations", LINUS, { manages: true, workspaceId: "T2" })).toMatch(
      /^No conversation/u,
    );
  });

  it("are told as far as was granted, text only where it may be read, and not at all to others", async () => {
    expect(await typed("conversations", { id: "U9", name: "Ada" })).toMatch(/^1 conversation, /u);
    const all = await typed("conversations", LINUS, { manages: true });
    expect(all).toContain("DM with Linus");
    expect(all).not.toContain("secret");
    expect(await typed("conversations secret", LINUS, { manages: true })).toMatch(/^No conversation/u);
    expect(await typed("conversations order", LINUS, { manages: true })).toMatch(/^1 conversation, /u);
    expect(await typed("conversations", GRACE)).toMatch(/^You may not see conversations here/u);
  });

  it("that are not there are told with what may have been meant", async () => {
    const answer = await typed("conversations channel:suport", LINUS, { manages: true });
    expect(answer).toContain(String.raw`meets channel\:suport by itself\. Near it:`);
    expect(answer).toContain(String.raw`- channel\:support`);
  });

  it("are not found by a wrong query, which is answered with what is wrong", async () => {
    const answer = await typed("conversations chanel:support", LINUS, { manages: true });
    expect(answer).toMatch(/At character 1.*Did you mean .*channel/u);
  });
});

describe("people", () => {
  it("are shown what they asked themselves, wherever, and nothing of others", async () => {
    const answer = await typed("my data", LINUS);
    expect(answer).toMatch(/^Of you 2 questions in 2 conversations/u);
    expect(answer).toContain("My own?");
    expect(answer).toContain(String.raw`A secret\.`);
    expect(answer).not.toContain("order");
    expect(await typed("my data", { id: "U2", name: "Other" }, { workspaceId: "T2" })).toMatch(/^Nothing/u);
    expect(await typed("my data", { id: "U7", name: "New" })).toMatch(/^Nothing that you asked me is kept/u);
  });

  it("are told what is not in it: what was only heard, and what was taken over from Telnyx", async () => {
    const place = placeOf("C9");
    const metadata = { platform: "slack", workspace_id: "T1", channel_id: "C9", started_by_id: LINUS.id };
    await world.bench.store.adoptConversation(place, {
      generation: 1,
      telnyxId: "from-elsewhere",
      metadata,
      since: world.bench.now(),
      at: world.bench.now(),
    });
    for (const text of ["my data", "forget me", "forget me now", "my data"])
      expect(await typed(text, LINUS)).toMatch(
        /What was said in conversations that I took over from Telnyx.*whoever runs this bot/u,
      );
    expect((await service().conversations(ROOT, { query: "channel:C9" })).rows).toHaveLength(1);
  });

  it("are shown and forgotten what they said without asking, and are told what was given before that was noted", async () => {
    const carol = { id: "U3", name: "Carol Okapi" };
    await world.ask({
      channel: "C5",
      name: "lunch",
      question: "What did they order?",
      heard: [carol, LINUS, carol],
      telnyxId: await open("five"),
    });
    const mine = await typed("my data", carol);
    expect(mine).toMatch(
      /^No question of yours is kept\. In 1 conversation I was given 2 messages of yours/u,
    );
    expect(mine).toMatch(/what they say is at Telnyx alone/u);
    expect(mine).not.toMatch(/order|before I took note/u);
    expect(await typed("my data", LINUS)).toMatch(/^Of you 2 questions .* given 1 message of yours/u);
    expect(await typed("forget me", carol)).toMatch(
      /^This would forget 0 questions .* 2 messages of yours that did not ask me, in 1 conversation/u,
    );
    expect(await typed("forget me now", carol)).toMatch(
      /^Forgotten: .* 2 messages of yours .* in 1 conversation/u,
    );
    expect(await typed("my data", carol)).toMatch(/^Nothing/u);
    expect(await typed("my data", LINUS)).toMatch(/given 1 message of yours/u);
    expect(await questions()).toContain("What did they order?");
    expect(await there()).not.toContain("five");
    await world.bench.query("UPDATE heard SET author = NULL WHERE author = 'U2'");
    expect(await typed("my data", carol)).toMatch(
      /^Nothing.* I was given .* before I took note of whose it was/u,
    );
  });

  it("are forgotten when they say it twice, here and at Telnyx, and nobody else is", async () => {
    const would = await typed("forget me", LINUS);
    expect(would).toMatch(/^This would forget 2 questions of yours .* 2 conversations.*`forget me now`/u);
    expect(await questions()).toHaveLength(3);
    expect(await typed("forget me now", LINUS)).toMatch(
      /^Forgotten: 2 questions of yours .* 2 conversations/u,
    );
    expect(await questions()).toEqual(["Where is *order* 17?"]);
    expect(await there()).toEqual(["one"]);
    expect(await typed("forget me now", LINUS)).toMatch(/^Nothing/u);
    const { rows } = await world.bench.audit.list({ limit: 50 });
    expect(rows.map(({ who, via, what }) => `${who} ${via} ${what}`)).toContain("slack:T1:U2 chat forget");
  });

  it("are told what must be kept", async () => {
    await service().hold(ROOT, `place:${placeOf("D1")}`, true);
    expect(await typed("forget me", LINUS)).toMatch(
      /1 question of yours.* 1 conversation must be kept for now/u,
    );
    expect(await typed("forget me now", LINUS)).toMatch(
      /1 question of yours.* 1 conversation must be kept for now/u,
    );
    expect(await questions()).toHaveLength(2);
  });
});
