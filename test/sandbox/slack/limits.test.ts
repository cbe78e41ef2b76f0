import { describe, expect, it } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { createRateLimits } from "../../../src/sandbox/slack/limits.ts";
import { call, useScenes } from "./helpers.ts";

const { scene } = useScenes();

describe("createRateLimits", () => {
  it.each([
    ["tier1", 1],
    ["tier2", 20],
    ["tier3", 50],
    ["tier4", 100],
    ["status", 100],
    ["auth", 300],
  ] as const)("grants %s its calls in any minute, to each method", async (tier, calls) => {
    const clock = fakeClock();
    const limits = createRateLimits(clock);
    const take = (method: string) => limits.take(method, tier, undefined);
    expect(take("a")).toBe(0);
    await clock.advance(30_000);
    for (let i = 1; i < calls; i += 1) expect(take("a")).toBe(0);
    if (calls > 1) expect(take("a")).toBe(30);
    expect(take("b")).toBe(0);
    await clock.advance(29_001);
    expect(take("a")).toBe(1);
    await clock.advance(999);
    expect(take("a")).toBe(0);
    expect(take("a")).toBeGreaterThan(0);
  });

  it("grants posts one a second to each channel, with five seconds' worth at once", async () => {
    const clock = fakeClock();
    const limits = createRateLimits(clock);
    const post = (channel: string) => limits.take("chat.postMessage", "message", channel);
    for (let i = 0; i < 5; i += 1) expect(post("C1")).toBe(0);
    expect(post("C1")).toBe(5);
    expect(post("C2")).toBe(0);
    await clock.advance(5000);
    for (let i = 0; i < 20; i += 1) {
      expect(post("C1")).toBe(0);
      await clock.advance(1000);
    }
  });

  it("grants a workspace 300 posts a minute over all channels", () => {
    const limits = createRateLimits(fakeClock());
    const post = (i: number) => limits.take("chat.postMessage", "message", `C${i}`);
    for (let i = 0; i < 300; i += 1) expect(post(i)).toBe(0);
    expect(post(300)).toBe(60);
  });

  it("does not count what it refuses", async () => {
    const clock = fakeClock();
    const limits = createRateLimits(clock);
    limits.take("a", "tier1", undefined);
    await clock.advance(59_000);
    limits.take("a", "tier1", undefined);
    await clock.advance(1000);
    expect(limits.take("a", "tier1", undefined)).toBe(0);
  });
});

describe("a workspace with limits", () => {
  const METHODS = [
    ["chat.update", 50],
    ["chat.delete", 50],
    ["chat.postEphemeral", 100],
    ["conversations.replies", 50],
    ["conversations.history", 50],
    ["conversations.info", 50],
    ["conversations.list", 20],
    ["conversations.members", 100],
    ["users.conversations", 50],
    ["conversations.open", 50],
    ["users.info", 100],
    ["team.info", 50],
    ["bots.info", 50],
    ["reactions.add", 50],
    ["assistant.threads.setStatus", 100],
    ["auth.test", 300],
  ] as const;

  it.each(METHODS)(
    "answers %s with 429 and Retry-After after %i calls in a minute",
    async (method, calls) => {
      const { twin } = await scene({ limits: "documented", clock: fakeClock() });
      for (let i = 0; i < calls; i += 1) expect((await call(twin, method)).status).toBe(200);
      const refused = await call(twin, method);
      expect(refused.status).toBe(429);
      expect(refused.headers.get("retry-after")).toBe("60");
      expect(refused.body).toEqual({ ok: false, error: "ratelimited" });
    },
  );

  it("limits posts by channel, and opening sockets", async () => {
    const { twin, harbour } = await scene({ limits: "documented", clock: fakeClock() });
    const other = twin.addChannel({ name: "other" });
    const post = async (channel: string) =>
      (await call(twin, "chat.postMessage", { channel, text: "x" })).status;
    for (let i = 0; i < 5; i += 1) expect(await post(harbour)).toBe(200);
    expect(await post(harbour)).toBe(429);
    expect(await post(other)).toBe(200);
    expect(twin.messages(harbour)).toHaveLength(5);
    const open = async () => (await call(twin, "apps.connections.open", {}, twin.appToken)).status;
    for (let i = 0; i < 50; i += 1) expect(await open()).toBe(200);
    expect(await open()).toBe(429);
  });

  it("has none when they are off", async () => {
    const { twin, harbour } = await scene({ limits: "off", clock: fakeClock() });
    for (let i = 0; i < 10; i += 1) {
      expect((await call(twin, "chat.postMessage", { channel: harbour, text: "x" })).status).toBe(200);
    }
  });
});
