import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../src/admin/audit.ts";
import { type RetainRule, retainRuleIn } from "../../src/admin/retain.ts";
import { startForgetting } from "../../src/app/forgetting.ts";
import { createHealth } from "../../src/bridge/health.ts";
import { createLog } from "../../src/log.ts";
import { alone } from "../../src/store/alone.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { adminWorld, type AdminWorld, placeOf } from "../admin/world.ts";
import { fakeClock } from "../fakes/clock.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";

const DAY = 86_400_000;
let world: AdminWorld;
let telnyx: FakeTelnyx;
const openThere = async (name: string) => (await telnyx.createConversation({ name }, name)).id;
const there = async () => (await Array.fromAsync(telnyx.listConversations())).map(({ name }) => name);
const ALL = { where: { kind: "all", of: [] }, sort: { by: "started", direction: "asc" }, limit: 99 } as const;
const statuses = async () => {
  await world.bench.archive.refresh();
  return (await world.bench.archive.turns(ALL)).rows.map(({ status }) => status);
};
const told = async () =>
  (await world.bench.audit.list({ limit: 50 })).rows.map(({ who, via, what, content, rows }) => [
    who,
    via,
    what,
    content,
    rows,
  ]);

/** The bot's part, on a clock that the test moves together with the database's. */
function start(rules: readonly RetainRule[] = []) {
  const clock = fakeClock(world.bench.now());
  const health = createHealth(createLog("silent"));
  const forgetting = startForgetting({
    database: { ...world.bench, replicas: alone() },
    recorder: createRecorder({ audit: world.bench.audit, clock }),
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    rules,
    clock,
    health,
    log: createLog("silent"),
  });
  return { clock, health, stop: () => forgetting.stop() };
}

beforeEach(() => {
  world = adminWorld();
  telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
});
afterEach(() => world.bench.close());

describe("the bot", () => {
  it("goes on with what was wished until Telnyx has deleted it, and leaves nothing running", async () => {
    await world.ask({ channel: "C1", question: "zebra", telnyxId: await openThere("one") });
    const down = new TelnyxError("down", { code: "http_503", reason: "unavailable", reached: "unknown" });
    telnyx.refuse("deleteConversation", down);
    await world.bench.erasure.wish({ conversation: { place: placeOf("C1"), generation: 1 } });
    const bot = start();
    await bot.clock.advance(1_000);
    expect([await statuses(), await there(), await told()]).toEqual([["forgotten"], ["one"], []]);
    await bot.clock.advance(60_000);
    expect(await there()).toEqual([]);
    expect(await told()).toEqual([["forgetting", "bot", "forget.later", `${placeOf("C1")} 1`, 1]]);
    await bot.clock.advance(60_000);
    expect(await told()).toHaveLength(1);
    expect(bot.health.problems()).toEqual([]);
    await bot.stop();
    expect(bot.clock.sleeping()).toBe(0);
  });

  it("tells that it cannot forget, and goes on when it can", async () => {
    let broken = true;
    const whole = world.bench.erasure;
    const erasure = {
      ...whole,
      due: async (now: number, limit: number) => {
        if (broken) throw new Error("the disk is full");
        return whole.due(now, limit);
      },
    };
    world = { ...world, bench: { ...world.bench, erasure } };
    const bot = start();
    await bot.clock.advance(1_000);
    expect(bot.health.problems()).toHaveLength(1);
    broken = false;
    await bot.clock.advance(30_000);
    expect(bot.health.problems()).toEqual([]);
    await bot.stop();
  });

  it("forgets what is older than the rules allow, but for what is on hold, and records it", async () => {
    await world.ask({ channel: "D1", kind: "dm", question: "old", telnyxId: await openThere("dm") });
    await world.ask({ channel: "D2", kind: "dm", question: "held", telnyxId: await openThere("held") });
    await world.ask({ channel: "C1", question: "public", telnyxId: await openThere("public") });
    await world.bench.erasure.hold([{ place: placeOf("D2"), generation: 1 }], "cli:ada", true);
    await world.bench.pass(60 * DAY);
    await world.ask({ channel: "D1", kind: "dm", question: "new" });
    await world.bench.pass(31 * DAY);
    const bot = start([retainRuleIn("90d where kind:dm"), retainRuleIn("3650d")]);
    await bot.clock.advance(1_000);
    expect(await statuses()).toEqual(["forgotten", "done", "done", "done"]);
    expect(await there()).toEqual(["held", "public"]);
    expect(await told()).toEqual([
      ["retention", "bot", "forget.end", "", 2],
      ["retention", "bot", "forget", "retain: 90d where kind:dm", undefined],
    ]);
    await bot.clock.advance(3_700_000);
    expect(await told()).toHaveLength(2);
    await bot.stop();
    await world.bench.pass(60 * DAY);
    const later = start([retainRuleIn("90d where kind:dm")]);
    await later.clock.advance(1_000);
    expect(await statuses()).toEqual(["forgotten", "done", "done", "forgotten"]);
    await later.stop();
  });
});

describe("a rule", () => {
  it("says how long, and where by place alone", () => {
    expect(retainRuleIn(" 90d  where kind:dm ")).toMatchObject({
      text: "90d  where kind:dm",
      ageMs: 90 * DAY,
    });
    expect(retainRuleIn("2w")).toMatchObject({ ageMs: 14 * DAY, where: { kind: "all", of: [] } });
    for (const wrong of ["", "kind:dm", "90 where kind:dm", "5m", "12h where kind:dm", "90d where"])
      expect(() => retainRuleIn(wrong), wrong).toThrow(/how long/);
    expect(() => retainRuleIn("90d where user:alice")).toThrow(/A rule goes by where/);
    expect(() => retainRuleIn("90d where chanel:x")).toThrow(/channel/);
  });
});
