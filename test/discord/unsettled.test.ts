import { describe, expect, test } from "vitest";
import { messageId } from "../../src/discord/place.ts";
import { createUnsettled, type Doubt, type Unsettled } from "../../src/discord/unsettled.ts";
import { PlatformRefusal, type RefusalKind } from "../../src/errors.ts";
import { postKey } from "../contracts/platform-bench.ts";

const REFUSALS = ["rate_limited", "rejected", "unreachable", "gone", "unauthorized"] as const;
const posted = { id: messageId("7"), content: "hi" };

/** Makes an attempt that ends like this, and returns the doubt that it was told of. */
async function attempt(unsettled: Unsettled, page: number, end?: RefusalKind, repeated = false) {
  let told: Doubt | undefined;
  const outcome = unsettled.attempt(postKey(page, { repeated }), async (doubt) => {
    told = doubt;
    if (end) throw new PlatformRefusal(end, "x", "y");
    return posted.id;
  });
  await outcome.catch(() => undefined);
  return told;
}

describe("what became of a post", () => {
  test("is in doubt after a failure that says nothing of it, until it is known", async () => {
    const unsettled = createUnsettled();
    expect(await attempt(unsettled, 0, "unavailable")).toBeUndefined();
    for (const end of REFUSALS) expect(await attempt(unsettled, 0, end)).toEqual({});
    expect(await attempt(unsettled, 0)).toEqual({});
    expect(await attempt(unsettled, 0)).toBeUndefined();
  });

  test.each(REFUSALS)("is not in doubt after it was %s", async (end) => {
    const unsettled = createUnsettled();
    await attempt(unsettled, 0, end);
    expect(await attempt(unsettled, 0)).toBeUndefined();
  });

  test("is in doubt when an earlier process may have made it", async () => {
    expect(await attempt(createUnsettled(), 0, undefined, true)).toEqual({});
  });

  test("is told by the gateway, also while the attempt is still on its way", async () => {
    const unsettled = createUnsettled();
    const answer = Promise.withResolvers<never>();
    const first = unsettled.attempt(postKey(0), () => answer.promise);
    unsettled.hear(postKey(0).text, posted);
    unsettled.hear(postKey(1).text, { id: messageId("8"), content: "nobody waits for this" });
    answer.reject(new PlatformRefusal("unavailable", "x", "y"));
    await first.catch(() => undefined);
    expect(await attempt(unsettled, 0, "rate_limited")).toEqual({ heard: posted });
    expect(await attempt(unsettled, 0)).toEqual({ heard: posted });
    expect(await attempt(unsettled, 1, undefined, true)).toEqual({});
  });

  test("is forgotten, oldest first, when there is too much of it", async () => {
    const unsettled = createUnsettled();
    for (let page = 0; page <= 1_000; page += 1) await attempt(unsettled, page, "unavailable");
    expect(await attempt(unsettled, 1)).toEqual({});
    expect(await attempt(unsettled, 1_000)).toEqual({});
    expect(await attempt(unsettled, 0)).toBeUndefined();
  });
});
