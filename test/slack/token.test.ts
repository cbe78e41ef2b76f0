import { describe, expect, test } from "vitest";
import { PlatformRefusal, type RefusalKind } from "../../src/errors.ts";
import type { Json } from "../../src/slack/json.ts";
import { guardToken } from "../../src/slack/token.ts";
import { refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeWeb, keptLog } from "./kit.ts";

const refuse = (kind: RefusalKind, code: string) =>
  Promise.reject<Json>(new PlatformRefusal(kind, `slack_${code}`, code));
const revoked = () => refuse("unauthorized", "token_revoked");

function open(answers: Parameters<typeof fakeWeb>[0]) {
  const web = fakeWeb(answers);
  const clock = fakeClock();
  const { log, lines } = keptLog();
  const told: (string | undefined)[] = [];
  const stopping = new AbortController();
  const guarded = guardToken({
    web,
    clock,
    log,
    signal: stopping.signal,
    changed: (because) => void told.push(because),
  });
  const probes = () => web.calls.filter(({ method }) => method === "auth.test").length;
  const errors = () => lines.filter(({ level }) => level === 50).map(({ code }) => code);
  const update = () => refusal(guarded.call("chat.update"));
  return { web, guarded, clock, told, stopping, probes, errors, update };
}

describe("a token that Slack refuses", () => {
  test("is asked about once, told once, and used no more; a probe each five minutes finds it well again", async () => {
    let isRevoked = true;
    const answer = () => (isRevoked ? revoked() : {});
    const { web, guarded, clock, told, probes, errors, update } = open({
      "chat.update": answer,
      "auth.test": answer,
    });
    expect((await update()).kind).toBe("unauthorized");
    await until("it is told", () => told.length === 1);
    expect(told).toEqual(["Slack refuses SLACK_BOT_TOKEN (token_revoked)"]);
    for (let i = 0; i < 50; i += 1)
      expect(await update()).toMatchObject({ kind: "unauthorized", code: "slack_token_revoked" });
    expect([web.calls.length, probes()]).toEqual([2, 1]);
    await clock.advance(299_000);
    expect(probes()).toBe(1);
    await clock.advance(1_000);
    await clock.advance(300_000);
    expect([probes(), told.length, errors().length]).toEqual([3, 1, 1]);
    isRevoked = false;
    await clock.advance(300_000);
    expect(told).toEqual([expect.any(String), undefined]);
    expect(await guarded.call("chat.update")).toEqual({});
    isRevoked = true;
    await update();
    await until("it is told again", () => told.length === 3);
  });

  test("by one method alone is good for all others", async () => {
    const { web, guarded, told, probes } = open({
      "assistant.threads.setStatus": () => refuse("unauthorized", "not_allowed_token_type"),
      "auth.test": () => ({}),
      "chat.update": () => ({}),
    });
    await refusal(guarded.call("assistant.threads.setStatus"));
    await until("Slack was asked", () => probes() === 1);
    expect(await guarded.call("chat.update")).toEqual({});
    expect(web.calls).toHaveLength(3);
    expect(told.filter((because) => because !== undefined)).toEqual([]);
  });

  test("is asked about again by the next refusal where Slack could not be asked", async () => {
    const { told, probes, update, clock } = open({
      "chat.update": revoked,
      "auth.test": (_, count) => (count === 1 ? refuse("unavailable", "no_answer") : revoked()),
    });
    await update();
    await until("Slack was asked", () => probes() === 1);
    await clock.advance(0);
    expect(told).toEqual([]);
    await update();
    await until("it is told", () => told.length === 1);
    expect(clock.sleeping()).toBe(1);
  });

  test("stays refused while a probe has no answer", async () => {
    const { told, probes, update, clock } = open({
      "chat.update": revoked,
      "auth.test": (_, count) => (count === 2 ? refuse("unavailable", "no_answer") : revoked()),
    });
    await update();
    await until("it is told", () => told.length === 1);
    await clock.advance(300_000);
    expect((await update()).kind).toBe("unauthorized");
    await clock.advance(300_000);
    expect([probes(), told.length]).toEqual([3, 1]);
  });
});

test.each(["rate_limited", "unavailable", "unreachable", "rejected", "gone"] as const)(
  "a call that is %s says nothing of the token",
  async (kind) => {
    const { web, update } = open({ "chat.update": () => refuse(kind, "x") });
    expect((await update()).kind).toBe(kind);
    expect(web.calls).toHaveLength(1);
  },
);

test("nothing is probed once it is stopped", async () => {
  const { stopping, told, update, clock, probes } = open({ "chat.update": revoked, "auth.test": revoked });
  await update();
  await until("it is told", () => told.length === 1);
  stopping.abort();
  await clock.advance(600_000);
  expect([clock.sleeping(), probes()]).toEqual([0, 1]);
});
