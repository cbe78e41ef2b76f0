import { expect, test } from "vitest";
import { parseQuery, printQuery } from "../../../src/admin/query/query.ts";
import { widened } from "../../../src/admin/query/wider.ts";

const NOW = Date.UTC(2026, 10, 28);

test.each([
  ["user:emeka", "user:emeka*"],
  ["user:emeka,~obi after:7d sort:cost", "user:emeka*,~obi after:7d sort:cost"],
  ['channel:"sup port" OR topic:x -user:ada', 'channel:"sup port"* OR topic:x* -user:ada'],
  ["channel@then:sup refund", "channel@then:sup* refund"],
])("%s is widened to %s", (text, expected) => {
  const wider = widened(parseQuery(text, NOW)) ?? "";
  expect(wider).toBe(printQuery(parseQuery(expected, NOW)));
  expect(widened(parseQuery(wider, NOW))).toBeUndefined();
});

test.each(["", "refund", "status:failed", "-channel:support", "user:ada*", "kind:dm cost:>1"])(
  "%s has no whole names to widen",
  (text) => expect(widened(parseQuery(text, NOW))).toBeUndefined(),
);
