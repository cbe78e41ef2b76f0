import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, openBench } from "./harness.ts";

let folder: string;
let bench: Bench;
let isFull: boolean;
/** A disk that is full at times: nothing new can be stored. */
const fullAtTimes = (store: Store): Store => ({
  ...store,
  takesPart: async (...args) => {
    if (isFull) throw new Error("the disk is full");
    return store.takesPart(...args);
  },
});
beforeEach(async () => {
  isFull = false;
  folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  bench = await openBench({ path: join(folder, "test.db"), storeAs: fullAtTimes });
  bench.telnyx.model(() => say("Answered."));
  await bench.clock.advance(6_000);
});
afterEach(async () => {
  expect(bench.chat.violations).toEqual([]);
  await bench.close();
  expect(bench.clock.sleeping()).toBe(0);
  rmSync(folder, { recursive: true });
});

const problems = () => bench.now().health.problems().join();
const listenedUntil = () => bench.now().database.store.listenedUntil("fake", "");

describe("a message that was heard and could not be stored", () => {
  it("holds the watermark before it, until it is delivered again", async () => {
    const { chat, clock } = bench;
    const place = chat.openPlace();
    isFull = true;
    const { sentAt } = await chat.say(place, "hello");
    await clock.advance(30_000);
    expect(await listenedUntil()).toBeLessThan(sentAt);
    expect(problems()).toMatch(/does not take what is written/);
    isFull = false;
    await chat.redeliver();
    await clock.advance(10_000);
    expect(await listenedUntil()).toBeGreaterThan(sentAt);
    expect([chat.pages(place).length, problems()]).toEqual([1, ""]);
  });

  it("is read, when the platform does not deliver it again", async () => {
    const { chat, clock } = bench;
    const place = chat.openPlace();
    isFull = true;
    await chat.say(place, "hello");
    isFull = false;
    await clock.advance(50_000);
    expect([chat.pages(place).length, problems() === ""]).toEqual([0, false]);
    await clock.advance(30_000);
    expect([chat.pages(place).length, problems()]).toEqual([1, ""]);
    const readings = chat.calls.filter(({ kind }) => kind === "missed").length;
    await clock.advance(600_000);
    expect(chat.calls.filter(({ kind }) => kind === "missed")).toHaveLength(readings);
    expect(await listenedUntil()).toBeGreaterThan(clock.now() - 10_000);
  });

  it("is answered by the next process when this one is killed before", async () => {
    const { chat, clock } = bench;
    const place = chat.openPlace();
    isFull = true;
    await chat.say(place, "hello");
    await clock.advance(20_000);
    isFull = false;
    await bench.crash();
    await bench.settle(10_000);
    expect(chat.pages(place)).toHaveLength(1);
  });
});

describe("the watermark", () => {
  it("stands still while the platform is not heard, and is noted a last time at a stop", async () => {
    const { clock } = bench;
    const { process, bridge } = bench.now();
    const cutAt = clock.now();
    process.cut();
    await clock.advance(60_000);
    expect(await listenedUntil()).toBeLessThanOrEqual(cutAt);
    await process.restore({ resumed: true });
    await clock.advance(3_000);
    const stopped = bridge.stop(0);
    await clock.advance(1);
    await stopped;
    expect(await listenedUntil()).toBeGreaterThanOrEqual(clock.now() - 1);
  });
});

describe("a platform that refuses the bot", () => {
  it("is left alone until that changes, is told of once, and loses nothing", async () => {
    const { chat, clock } = bench;
    const { process } = bench.now();
    const place = chat.openPlace();
    process.tell({ part: "", kind: "refused", why: "the token was revoked" });
    process.tell({ part: "", kind: "refused", why: "the token was revoked" });
    await chat.say(place, "hello");
    await clock.advance(120_000);
    expect(chat.calls.filter(({ kind }) => kind === "post")).toEqual([]);
    expect(problems()).toMatch(/refuses the bot.*revoked/);
    expect(bench.lines.filter((line) => line.includes("refuses the bot"))).toHaveLength(1);
    process.tell({ part: "", kind: "listening", resumed: false });
    await clock.advance(10_000);
    expect([chat.pages(place).length, problems()]).toEqual([1, ""]);
  });

  it("in the middle of a reply has it finished when that changes", async () => {
    const { chat, clock, telnyx } = bench;
    const { process } = bench.now();
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(5_000);
      yield { kind: "text", delta: " and half." };
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(2_000);
    chat.fail("edit", "unauthorized");
    await clock.advance(4_000);
    process.tell({ part: "", kind: "refused", why: "the token was revoked" });
    await clock.advance(600_000);
    expect(chat.pages(place)).not.toEqual(["Half and half."]);
    process.tell({ part: "", kind: "listening", resumed: false });
    await clock.advance(30_000);
    expect(chat.pages(place)).toEqual(["Half and half."]);
  });

  it("and says nothing of it is not tried for ever", async () => {
    const { chat, clock } = bench;
    chat.fail("post", "unauthorized", { times: 99 });
    await chat.say(chat.openPlace(), "hello");
    await clock.advance(600_000);
    expect(chat.calls.filter(({ kind }) => kind === "post").length).toBeLessThan(10);
  });

  it("lets a stop through", async () => {
    const { chat, clock } = bench;
    const { process, bridge } = bench.now();
    process.tell({ part: "", kind: "refused", why: "the token was revoked" });
    await chat.say(chat.openPlace(), "hello");
    let isStopped = false;
    void bridge.stop(25_000).then(() => (isStopped = true));
    await clock.advance(1_000);
    expect(isStopped).toBe(true);
  });
});

it("a part that begins to connect is no trouble; one that goes on trying is", async () => {
  const { process } = bench.now();
  process.tell({ part: "new", kind: "connecting", why: "it is being connected to" });
  expect(problems()).toBe("");
  process.tell({ part: "new", kind: "connecting", why: "nobody answers" });
  expect(problems()).toMatch(/nobody answers/);
});

it("a connection that cannot be brought back is a new process's to try", async () => {
  bench.now().process.tell({ part: "", kind: "dead", why: "it was tried for ten minutes" });
  expect(bench.now().dead).toEqual([expect.objectContaining({ code: "connection_dead" })]);
  expect(problems()).toMatch(/cannot be brought back/);
});

it("a part that another process listens to is well, and nothing of it is noted or read", async () => {
  const { clock, chat } = bench;
  const before = await listenedUntil();
  bench.now().process.tell({ part: "", kind: "elsewhere" });
  await clock.advance(60_000);
  expect([await listenedUntil(), problems(), chat.calls.length]).toEqual([before, "", 0]);
});
