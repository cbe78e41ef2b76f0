import { afterEach, beforeEach, expect, test } from "vitest";
import type { Condition, Platform } from "../../src/chat/platform.ts";
import { systemClock } from "../../src/clock.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { createConditions } from "../../src/slack/conditions.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { createSlack } from "../../src/slack/slack.ts";
import { draft, final, postKey, refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { configFor, silent } from "./harness.ts";

let twin: SlackTwin;
const running: Platform[] = [];
beforeEach(async () => {
  twin = await startSlackTwin({ delivery: { ackTimeoutMs: 2_000, retryAfterMs: [] } });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((slack) => slack.stop()));
  await twin.close();
});

async function connect(transport: "socket" | "http") {
  const config = configFor(twin, { transport, dm: "threads" });
  let probe = () => {};
  // Only the wait between two probes is so long.
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) =>
      ms === 300_000 ? new Promise<void>((resolve) => (probe = resolve)) : systemClock.sleep(ms, signal),
  };
  const slack = createSlack({ config, clock, log: silent });
  running.push(slack);
  const conditions: Condition[] = [];
  await slack.start({
    receive: async () => {},
    press: async () => undefined,
    command: async () => "",
    changed: (condition) => void conditions.push(condition),
  });
  await until("it listens", () => conditions.length > 0);
  return { slack, conditions, probe: () => probe() };
}
const listening = { part: "", kind: "listening", resumed: false };

test.each(["socket", "http"] as const)(
  "a bot token that is revoked while it runs (%s) is told, spares Slack every call, and is told when it is well",
  async (transport) => {
    const { slack, conditions, probe } = await connect(transport);
    const user = twin.addUser({ name: "ada" });
    const channel = twin.openDm(user);
    const place = encodePlace({ team: twin.team.id, channel });
    const id = await slack.post(place, draft("one"), postKey(0));
    twin.refuseToken("bot", "account_inactive");
    expect((await refusal(slack.edit(place, id, final("two")))).kind).toBe("unauthorized");
    await until("it is told", () => conditions.length === 2);
    expect(conditions[1]).toEqual({
      part: "",
      kind: "refused",
      why: "Slack refuses SLACK_BOT_TOKEN (auth.test: account_inactive)",
    });
    const calls = twin.calls.length;
    for (let page = 1; page < 9; page += 1)
      expect((await refusal(slack.post(place, draft("x"), postKey(page)))).kind).toBe("unauthorized");
    expect(twin.calls).toHaveLength(calls);
    probe();
    await until("Slack was asked", () => twin.calls.length === calls + 1);
    twin.acceptToken("bot");
    await until("it is asked again, and told", () => {
      probe();
      return conditions.length === 3;
    });
    expect(conditions).toEqual([listening, conditions[1], listening]);
    await slack.edit(place, id, final("two"));
  },
);

test("a start that is refused tells nothing, and asks no more", async () => {
  twin.refuseToken("bot");
  await expect(connect("socket")).rejects.toThrow(/SLACK_BOT_TOKEN/);
  expect(twin.calls).toHaveLength(1);
});

test("what is the same as before is not told again; the token comes before the sockets", () => {
  const told: Condition[] = [];
  const conditions = createConditions((condition) => void told.push(condition));
  conditions.token(undefined);
  conditions.hearing({ kind: "listening" });
  conditions.hearing({ kind: "listening" });
  conditions.hearing({ kind: "connecting", why: "a" });
  conditions.hearing({ kind: "connecting", why: "b" });
  conditions.token("no");
  conditions.hearing({ kind: "listening" });
  conditions.hearing({ kind: "dead", why: "c" });
  conditions.token(undefined);
  conditions.hearing({ kind: "listening" });
  conditions.stop();
  conditions.hearing({ kind: "dead", why: "d" });
  expect(told).toEqual([
    listening,
    { part: "", kind: "connecting", why: "a" },
    { part: "", kind: "refused", why: "no" },
    { part: "", kind: "dead", why: "c" },
    listening,
  ]);
});
