import { describe, expect, test } from "vitest";
import { createLog } from "../../src/log.ts";
import { CAREFUL, PATIENT, retry, type RetryPolicy } from "../../src/telnyx/retry.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { fakeClock } from "../fakes/clock.ts";
import { settle } from "./server.ts";

type Facts = ConstructorParameters<typeof TelnyxError>[1];
const failure = (facts: Partial<Facts>) =>
  new TelnyxError("failed", { code: "telnyx_x", reason: "unavailable", reached: "unknown", ...facts });

/** Runs `errors` one after the other, then success; returns when each attempt was made and how it ended. */
async function run(policy: RetryPolicy, errors: readonly Error[], random = 0, signal?: AbortSignal) {
  const clock = fakeClock();
  const at: number[] = [];
  const attempt = (before: number) => {
    expect(before).toBe(at.length);
    at.push(clock.monotonic());
    const error = errors[before];
    return error ? Promise.reject(error) : Promise.resolve("done");
  };
  const deps = { clock, log: createLog("silent"), random: () => random };
  const result = await settle(clock, retry(deps, policy, attempt, signal)).catch((error: unknown) => error);
  expect(clock.sleeping()).toBe(0);
  return { at, result };
}

describe("retry", () => {
  test("waits twice as long each time, half of it at random", async () => {
    const errors = [failure({}), failure({}), failure({})];
    expect(await run(PATIENT, errors)).toEqual({ at: [0, 250, 750, 1_750], result: "done" });
    expect((await run(PATIENT, errors, 0.5)).at).toEqual([0, 375, 1_125, 2_625]);
  });

  test("gives up with the last error", async () => {
    const errors = [1, 2, 3, 4, 5].map(() => failure({}));
    expect(await run(PATIENT, errors)).toMatchObject({ at: { length: 4 }, result: errors[3] });
    const never = errors.map(() => failure({ reached: "never" }));
    expect(await run(CAREFUL, never)).toMatchObject({ at: { length: 3 }, result: never[2] });
  });

  test("waits as long as it is told to, and a little more at random", async () => {
    const asked = [failure({ reason: "rate_limited", status: 429, reached: "refused", retryAfterMs: 4_000 })];
    expect(await run(PATIENT, asked)).toEqual({ at: [0, 4_000], result: "done" });
    expect((await run(PATIENT, asked, 0.5)).at).toEqual([0, 4_125]);
    expect((await run(CAREFUL, asked)).at).toEqual([0, 4_000]);
  });

  test("does not wait longer than it has patience", async () => {
    const long = (retryAfterMs: number) =>
      failure({ reason: "rate_limited", status: 429, reached: "refused", retryAfterMs });
    expect((await run(PATIENT, [long(30_001)])).at).toEqual([0]);
    expect((await run(PATIENT, [long(30_000)])).at).toEqual([0, 30_000]);
    expect((await run(CAREFUL, [long(5_001)])).at).toEqual([0]);
  });

  test("ends at once when it is stopped in a wait, and says what had become of the call", async () => {
    const stop = new AbortController();
    const clock = fakeClock();
    const deps = { clock, log: createLog("silent"), random: () => 0 };
    const error = failure({ reached: "refused", reason: "rate_limited", retryAfterMs: 20_000 });
    const running = retry(deps, PATIENT, () => Promise.reject(error), stop.signal);
    await clock.advance(1_000);
    expect(clock.sleeping()).toBe(1);
    stop.abort();
    await expect(running).rejects.toMatchObject({ reason: "aborted", reached: "refused" });
    expect(clock.sleeping()).toBe(0);
  });

  test("logs why it tries again in one line, without a stack: whoever gets the last error logs that", async () => {
    const lines: string[] = [];
    const clock = fakeClock();
    const log = createLog("info", [], { write: (line) => void lines.push(line) });
    const attempt = (before: number) =>
      before === 0 ? Promise.reject(failure({ status: 503 })) : Promise.resolve("done");
    await settle(clock, retry({ clock, log, random: () => 0 }, PATIENT, attempt));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 40,
        code: "telnyx_x",
        status: 503,
        why: "failed",
        wait: 250,
        attempt: 1,
      }),
    ]);
    expect(lines.join("")).not.toContain("stack");
  });

  test("leaves errors alone that are not Telnyx's", async () => {
    const defect = new TypeError("a defect");
    expect(await run(PATIENT, [defect])).toEqual({ at: [0], result: defect });
  });
});

describe("what is repeated", () => {
  const all = [
    "rate_limited",
    "unavailable",
    "timeout",
    "cut",
    "account",
    "conversation_gone",
    "rejected",
    "aborted",
  ] as const;

  test("PATIENT: whatever may pass by itself", () => {
    expect(all.filter((reason) => PATIENT.repeatable(failure({ reason })))).toEqual(all.slice(0, 4));
    for (const code of ["telnyx_unreadable", "telnyx_too_long"])
      expect(PATIENT.repeatable(failure({ code, reason: "cut" }))).toBe(false);
  });

  test("CAREFUL: only what cannot have reached the server, and a 429", () => {
    const repeated = all.flatMap((reason) =>
      (["never", "refused", "unknown"] as const).flatMap((reached) =>
        [undefined, 409, 429, 500, 503].flatMap((status) => {
          const error = failure({ reason, reached, ...(status === undefined ? {} : { status }) });
          return CAREFUL.repeatable(error) ? `${reason} ${reached} ${status}` : [];
        }),
      ),
    );
    expect(repeated.filter((text) => !text.includes("never"))).toEqual(["rate_limited refused 429"]);
    expect(repeated).toContain("unavailable never undefined");
    expect(repeated).not.toContain("rejected never undefined");
    expect(repeated).not.toContain("aborted never undefined");
  });
});
