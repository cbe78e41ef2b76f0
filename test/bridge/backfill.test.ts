import { describe, expect, it } from "vitest";
import { PatchcordError } from "../../src/errors.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import type { FakeTelnyx } from "../fakes/telnyx.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();
const quiet = { call: { mentionsBot: false } };
const textsIn = (telnyx: FakeTelnyx, index = 0) =>
  telnyx.messagesOf(telnyx.created[index]!.id).map(({ text }) => text);
const copies = (telnyx: FakeTelnyx, text: string) =>
  textsIn(telnyx).filter((stored) => stored.includes(text)).length;

describe("what was said before a question", () => {
  it("is added once, though the turn broke off between adding and noting it", async () => {
    let failures = 1;
    const { chat, telnyx, settle } = await open({
      storeAs: (store) => ({
        ...store,
        markHeard: async (...facts) => {
          failures -= 1;
          if (failures >= 0) throw new PatchcordError("database_full", "the disk is full");
          await store.markHeard(...facts);
        },
      }),
    });
    const place = chat.openPlace();
    await chat.say(place, "the budget is 400", quiet);
    await chat.say(place, "what is the budget?");
    await settle(30_000);
    expect(telnyx.added).toHaveLength(2);
    expect(copies(telnyx, "400")).toBe(1);
    expect(chat.pages(place)).toHaveLength(1);
  });

  it("is not sent again once it was noted, because Telnyx forgets its keys after a day", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, "the budget is 400", quiet);
    await chat.say(place, "what is the budget?");
    await settle(5_000);
    await chat.say(place, "it is 500 now", quiet);
    const down = new TelnyxError("no", { code: "http_403", reason: "account", reached: "refused" });
    telnyx.refuse("addMessage", down);
    await chat.say(place, "and now?");
    await settle(5_000);
    await chat.say(place, "and now, please?");
    await settle(5_000);
    expect(telnyx.added.map(({ content }) => content.split("| ")[1])).toEqual([
      "the budget is 400",
      "it is 500 now",
      "and now?",
    ]);
  });

  it("is noted with whose it is", async () => {
    const noted: unknown[] = [];
    const { chat, settle } = await open({
      storeAs: (store) => ({
        ...store,
        markHeard: async (claim, generation, message) => {
          noted.push(message);
          await store.markHeard(claim, generation, message);
        },
      }),
    });
    const place = chat.openPlace();
    const { id, key, sentAt, author } = await chat.say(place, "the budget is 400", quiet);
    await chat.say(place, "what is the budget?");
    await settle(5_000);
    expect(noted).toMatchObject([{ id, key, sentAt, author }]);
  });

  it("is read from where the model has been given everything", async () => {
    const { chat, settle } = await open();
    const place = chat.openPlace();
    const first = await chat.say(place, "hello");
    await settle(3_000);
    await chat.say(place, "Bob, look", quiet);
    await chat.say(place, "what do you think?");
    await settle(3_000);
    const queries = chat.calls.filter(({ kind }) => kind === "history").map(({ query }) => query?.after);
    expect(queries).toEqual([undefined, first.id]);
  });

  it("is left out where it has no words", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, " \u200b", quiet);
    await chat.say(place, "hello");
    await settle(3_000);
    expect(telnyx.added).toEqual([]);
  });

  it("and was asked of the bot is in the conversation already, though history is read from the beginning", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    chat.fail("history", "unreachable");
    await chat.say(place, "the first question");
    await settle(3_000);
    await chat.say(place, "the second question");
    await settle(3_000);
    expect(telnyx.added).toEqual([]);
    const asked = telnyx.messagesOf(telnyx.created[0]!.id).filter(({ role }) => role === "user");
    expect(asked).toHaveLength(2);
  });

  it("has another key in another conversation", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, "the budget is 400", quiet);
    await chat.say(place, "what is the budget?");
    await settle(3_000);
    telnyx.forget(telnyx.created[0]!.id);
    await chat.say(place, "and now?");
    await settle(3_000);
    const keys = telnyx.added.filter(({ content }) => content.includes("400")).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(textsIn(telnyx, 1).filter((text) => text.includes("400"))).toHaveLength(1);
  });
});

describe("a place's conversation", () => {
  it("is made once, by the call that was stored first, whatever the place is called by then", async () => {
    let isFull = true;
    const { chat, telnyx, clock, settle } = await open({
      storeAs: (store) => ({
        ...store,
        linkConversation: async (...facts) => {
          if (isFull) throw new PatchcordError("database_full", "the disk is full");
          await store.linkConversation(...facts);
        },
      }),
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "hello", { where: { channelName: "old-name" } });
    await clock.advance(600_000);
    isFull = false;
    await chat.say(place, "hello again", { where: { channelName: "new-name" } });
    await settle(5_000);
    expect(telnyx.created).toHaveLength(1);
    expect(telnyx.created[0]).toMatchObject({
      name: "old-name",
      metadata: { channel_name: "old-name" },
    });
    expect(chat.pages(place).at(-1)).toBe("You said: hello again");
  });

  it("is not made again once its id is stored", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "one");
    await settle(3_000);
    telnyx.refuse(
      "createConversation",
      new TelnyxError("no", { code: "http_403", reason: "account", reached: "refused" }),
    );
    await chat.say(place, "two");
    await settle(3_000);
    expect(chat.pages(place)).toEqual(["You said: one", "You said: two"]);
  });
});
