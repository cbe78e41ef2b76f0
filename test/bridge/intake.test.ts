import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createIntake } from "../../src/bridge/intake.ts";
import { createLog } from "../../src/log.ts";
import { type Bench, openBench } from "./harness.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({
    rules: {
      channels: "mentions",
      overrides: new Map([
        ["C-every", "every_message"],
        ["C-never", "never"],
      ]),
    },
  });
});
afterEach(async () => {
  expect(bench.chat.violations).toEqual([]);
  await bench.close();
});

const quiet = { call: { mentionsBot: false } };

describe("intake", () => {
  it("leaves alone what is not meant for the bot, and stores nothing of it", async () => {
    const { chat, telnyx, settle, lines } = bench;
    const place = chat.openPlace();
    await chat.say(place, "secret gossip", quiet);
    await chat.say(place, "beep", { author: { kind: "bot" } });
    await settle(3_000);
    expect(telnyx.asked).toHaveLength(0);
    expect(lines.join("")).not.toContain("gossip");
  });

  it("goes by the channel's override", async () => {
    const { chat, settle } = bench;
    const [every, never] = [chat.openPlace({ channel: "C-every" }), chat.openPlace({ channel: "C-never" })];
    await chat.say(every, "no mention", quiet);
    await chat.say(never, "a mention");
    await settle(3_000);
    expect(chat.pages(every)).toHaveLength(1);
    expect(chat.pages(never)).toHaveLength(0);
  });

  it("follows up in a thread that the bot takes part in, and only there", async () => {
    const { chat, settle } = bench;
    const [mine, other] = [chat.openPlace(), chat.openPlace()];
    const inThread = { call: { mentionsBot: false, inThread: true } };
    await chat.say(mine, "hello");
    await settle(3_000);
    await chat.say(mine, "and more?", inThread);
    await chat.say(other, "and here?", inThread);
    await settle(3_000);
    expect(chat.pages(mine)).toHaveLength(2);
    expect(chat.pages(other)).toHaveLength(0);
  });

  it("does not let the platform be told that a message arrived that could not be stored", async () => {
    const { chat, settle } = bench;
    const place = chat.openPlace();
    await bench.now().database.close();
    await chat.say(place, "hello");
    await bench.crash();
    await chat.redeliver();
    await settle(3_000);
    expect(chat.pages(place)).toHaveLength(1);
  });

  it("rejects when the message alone cannot be stored, and what was stored is not given up for a place's names", async () => {
    const { clock } = bench;
    const { database, workers } = bench.now();
    const rules = { dm: true, channels: "mentions", overrides: new Map() } as const;
    const deps = { ...database, workers, rules, clock, log: createLog("silent"), lateAfterMs: 900_000 };
    const full = () => Promise.reject(new Error("disk full"));
    const message = await bench.chat.say(bench.chat.openPlace(), "hello");
    const unstored = createIntake({ ...deps, mailbox: { ...database.mailbox, add: full } });
    await expect(unstored.receive({ ...message, key: "another" })).rejects.toThrow("disk full");
    const unnamed = createIntake({ ...deps, store: { ...database.store, noteWhereabouts: full } });
    await unnamed.receive({ ...message, key: "a third" });
    await bench.settle(3_000);
    expect(bench.chat.pages(message.place)).toHaveLength(2);
  });

  it("writes a conversation's metadata with the names of the time when it began", async () => {
    const { chat, settle } = bench;
    const place = chat.openPlace();
    await chat.say(place, "one", { where: { channelName: "old-name" } });
    await settle(3_000);
    await chat.say(place, "two", { where: { channelName: "new-name" } });
    await settle(3_000);
    expect(chat.pages(place)).toHaveLength(2);
    expect(bench.telnyx.created[0]!.metadata).toMatchObject({ channel_name: "old-name" });
  });
});
