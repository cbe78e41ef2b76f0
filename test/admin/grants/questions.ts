import fc from "fast-check";
import type { Everything } from "./prune.ts";

/** What is asked: keys, ids and links also of what may not be seen. */
export interface Questions {
  readonly queries: readonly string[];
  readonly everything: Everything;
  readonly links: readonly string[];
}

const ATOMS = [
  "channel:support",
  "channel@then:board",
  "channel:~board",
  "workspace:acme",
  "user:alice",
  "user:zoë",
  "kind:dm",
  "kind:private",
  "status:failed",
  "status:forgotten",
  "model:secret*",
  "error:timeout",
  "cost:>0.0001",
  "tokens:>160",
  "thread:~17",
  "topic:~refunds",
  "started:2023-11-14",
  // Misspelt: what is near is told.
  "channel:suport",
  "channel:bord",
  "user:alcie",
  "model:secrt",
];
const TEXTS = ["refund", "secret", '"the secret"', "answered", "secre"];
const term = fc
  .tuple(fc.constantFrom("", "-"), fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...ATOMS)))
  .map(([not, atom]) => not + atom);
export const query = fc.oneof(
  fc.constant(""),
  term,
  fc.tuple(term, term).map(([a, b]) => `${a} ${b}`),
  fc.tuple(term, term, term).map(([a, b, c]) => `(${a} OR ${b}) ${c}`),
);
