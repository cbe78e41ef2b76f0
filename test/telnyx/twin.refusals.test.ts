import { describe, expect, test } from "vitest";
import type { TwinRequest } from "../../src/sandbox/server.ts";
import { refusal, type RefusalName } from "../../src/sandbox/telnyx/refusal.ts";
import { collect } from "./server.ts";
import { until } from "../eventually.ts";
import { ask, startOnTwin } from "./twin.ts";

const responses = ({ path }: TwinRequest) => path.endsWith("/responses");

describe("a refused turn", () => {
  test.each<[RefusalName, string, string, number]>([
    ["unauthorized", "account", "refused", 1],
    ["disabled", "account", "refused", 1],
    ["inactive", "account", "refused", 1],
    ["bad_request", "rejected", "refused", 1],
    ["unprocessable", "rejected", "refused", 1],
    ["conflict", "unavailable", "refused", 1],
    ["timeout", "timeout", "unknown", 1],
    ["server_error", "unavailable", "unknown", 1],
    ["bad_gateway", "unavailable", "unknown", 1],
    ["unavailable", "unavailable", "unknown", 1],
    ["gateway_timeout", "unavailable", "unknown", 1],
    ["rate_limited", "rate_limited", "refused", 3],
  ])("%s is %s, %s, and sent %d times", async (name, reason, reached, sent) => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: responses, times: 9, effect: refusal(name) });
    expect(await on.respond(ask("x"))).toMatchObject([{ kind: "failed", reason, reached }]);
    expect(on.posts()).toBe(sent);
  });

  test.each(["cut", "swallow"] as const)("%s: sent once, and perhaps at work", async (kind) => {
    await using on = await startOnTwin();
    on.twin.inject({ matches: responses, times: 9, effect: { kind } });
    expect(await on.respond(ask("x"))).toMatchObject([{ kind: "failed", reason: "cut", reached: "unknown" }]);
    expect(on.posts()).toBe(1);
  });

  test.each(["delta", "epoch", "retry_after", "retry_after_date", "both"] as const)(
    "tells its wait by %s",
    async (rateLimitHeaders) => {
      await using on = await startOnTwin({ switches: { requestsPerMinute: 1, rateLimitHeaders } });
      await on.respond(ask("x"));
      const [last] = await on.respond(ask("y"));
      expect(last).toMatchObject({ kind: "failed", reason: "rate_limited", reached: "refused" });
      const wait = last!.kind === "failed" ? last!.retryAfterMs! : 0;
      expect(wait).toBeGreaterThan(50_000);
      expect(wait).toBeLessThanOrEqual(62_000);
      expect(on.posts()).toBe(2);
    },
  );

  test.each([404, 400, 422] as const)("names what is gone, by %d", async (status) => {
    await using on = await startOnTwin({ switches: { unknownConversation: status, unknownModel: status } });
    const { id } = on.twin.state.addConversation();
    for (const notFoundShape of ["telnyx", "detail", "empty"] as const) {
      on.twin.switches.notFoundShape = notFoundShape;
      const gone = ask("x", { conversation: "6a09cdc3-8948-47f0-aa62-74ac943d6c58" });
      expect(await on.respond(gone)).toMatchObject([{ reason: "conversation_gone", reached: "refused" }]);
    }
    const unknown = ask("x", { conversation: id, model: "no/such-model" });
    expect(await on.respond(unknown)).toMatchObject([{ reason: "model_gone", reached: "refused" }]);
    expect(on.twin.state.messages(id)).toEqual([]);
  });

  test("tells apart what is not gone", async () => {
    await using on = await startOnTwin();
    const disabled = on.twin.state.addConversation({ metadata: { ai_disabled: "true" } });
    expect(await on.respond(ask("x", { conversation: disabled.id }))).toMatchObject([
      { reason: "rejected", detail: expect.stringContaining("ai_disabled") as string },
    ]);
    const { id } = on.twin.state.addConversation();
    const tooLong = ask("x ".repeat(700_000), { conversation: id });
    expect(await on.respond(tooLong)).toMatchObject([
      { reason: "rejected", detail: expect.stringContaining("context") as string },
    ]);
    on.twin.switches.accountDisabled = true;
    expect(await on.respond(ask("x", { conversation: id }))).toMatchObject([{ reason: "account" }]);
  });

  test("waits its turn elsewhere: a conversation that is busy is not gone", async () => {
    await using on = await startOnTwin({ switches: { overlap: "refuse" }, speed: { firstTokenMs: 10_000 } });
    const { id } = on.twin.state.addConversation();
    const stop = new AbortController();
    const running = collect(on.telnyx.respond(ask("x", { conversation: id }), stop.signal));
    await until("the first is running", () => on.twin.live() === 1);
    expect(await on.respond(ask("y", { conversation: id }))).toMatchObject([
      { reason: "unavailable", reached: "refused" },
    ]);
    stop.abort();
    await running;
  });
});
