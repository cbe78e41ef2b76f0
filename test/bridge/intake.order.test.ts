import { expect, describe, it } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { createIntake } from "../../src/bridge/intake.ts";
import type { Workers } from "../../src/bridge/workers.ts";
import { createLog } from "../../src/log.ts";
import type { AnswerRules } from "../../src/reply/decide.ts";
import { openSqlite } from "../../src/store/open.ts";
import type { Claim, Mailbox } from "../../src/store/mailbox.ts";
import type { Store } from "../../src/store/store.ts";
import { createChat, type Said } from "../fakes/chat.ts";
import { fakeClock } from "../fakes/clock.ts";
import { MIGRATED } from "../store/migrated.ts";

const rules: AnswerRules = { dm: true, channels: "mentions", overrides: new Map() };

/** The real store, and a record of what was asked of it and of the workers, in order. */
function open({ room = true, failNames = false } = {}) {
  const clock = fakeClock();
  const chat = createChat({ clock });
  const place = chat.openPlace();
  const log = createLog("silent");
  const database = openSqlite({ path: ":memory:", begin: MIGRATED, log, clock });
  const done: string[] = [];
  const claims: Claim[] = [];
  const store: Store = {
    ...database.store,
    markGap: async (where, at) => {
      done.push("gap");
      await database.store.markGap(where, at);
    },
    noteWhereabouts: async (...facts) => {
      done.push("names");
      if (failNames) throw new Error("the disk is full");
      await database.store.noteWhereabouts(...facts);
    },
  };
  const mailbox: Mailbox = {
    ...database.mailbox,
    add: async (message, mayTake) => {
      const added = await database.mailbox.add(message, mayTake);
      done.push("stored");
      return added;
    },
  };
  const workers: Pick<Workers, "hasRoom" | "run"> = {
    hasRoom: () => room,
    run: (claim) => {
      done.push("run");
      claims.push(claim);
    },
  };
  const intake = createIntake({ mailbox, store, workers, rules, clock, log, lateAfterMs: 900_000 });
  const receive = (message: Message) => intake.receive(message);
  const say = (text: string, said?: Said) => receive(chat.add(place, text, said));
  return { done, claims, receive, say, chat, place };
}

describe("intake", () => {
  it("stores a message before anything else is done with it", async () => {
    const { done, say } = open();
    await say("hello");
    expect(done).toEqual(["stored", "run", "names"]);
  });

  it("takes a message whose place's names cannot be noted", async () => {
    const { done, claims, say } = open({ failNames: true });
    await say("hello");
    expect(done).toEqual(["stored", "run", "names"]);
    expect(claims).toHaveLength(1);
  });

  it("leaves a message in the mailbox while there is no room to answer it", async () => {
    const { done, say } = open({ room: false });
    await say("hello");
    expect(done).toEqual(["stored", "names"]);
  });

  it("does nothing about a message that it has", async () => {
    const { done, chat, place, receive } = open();
    const message = chat.add(place, "hello");
    await receive(message);
    await receive(message);
    expect(done).toEqual(["stored", "run", "names", "stored"]);
  });

  it("takes what others say to each other for a gap, and what the bot says for none", async () => {
    const { done, say } = open();
    await say("hello");
    await say("how are you, Bob?", { author: { id: "U2" }, call: { mentionsBot: false } });
    await say("beep", { author: { kind: "bot" } });
    await say("hello to you", { author: { kind: "self" } });
    expect(done.filter((what) => what === "gap")).toHaveLength(2);
  });
});
