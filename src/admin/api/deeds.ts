import { z } from "zod";
import { differing, forgotten, held } from "./facts.ts";
import { type Answer, json, type Route, route } from "./route.ts";

const query = z.string().min(1).max(20_000).describe("What it is done to: `channel:support before:90d`.");
const dry = z.boolean().describe("Only tells what would be done.");

/** What is done. */
export const DEEDS: readonly Route[] = [
  route({
    method: "post",
    path: "/forget",
    id: "forget",
    summary: "Forgets what meets a query, here and at Telnyx, and tells of each conversation",
    right: "forget",
    body: z.strictObject({
      query: z
        .string()
        .max(20_000)
        .describe("What is forgotten. With `person` it may be empty: wherever that was."),
      person: z
        .string()
        .max(200)
        .exactOptional()
        .describe("Only this person's turns: `slack:T0123ABCD:U0123ABCD`, `discord:123456789012345678`."),
      dry,
    }),
    answers: { lines: { "application/jsonl": forgotten } },
    run: async (admin, viewer, { body }) => rows(admin.forget(viewer, body)),
  }),
  route({
    method: "post",
    path: "/hold",
    id: "hold",
    summary: "Keeps what meets a query from being forgotten, or no longer",
    right: "hold",
    body: z.strictObject({ query, held: z.boolean() }),
    answers: { json: held },
    run: async (admin, viewer, { body }) =>
      json({ conversations: await admin.hold(viewer, body.query, body.held) }),
  }),
  route({
    method: "post",
    path: "/sync",
    id: "sync",
    summary: "Compares all conversations with Telnyx, and puts right what differs",
    right: "sync",
    body: z.strictObject({ dry }),
    answers: { lines: { "application/jsonl": differing } },
    run: async (admin, viewer, { body }) => rows(admin.sync(viewer, body)),
  }),
];

function rows(found: AsyncIterable<unknown>): Answer {
  return { kind: "lines", type: "application/jsonl", lines: inLines(found) };
}

async function* inLines(found: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of found) yield `${JSON.stringify(row)}\n`;
}
