import { z } from "zod";
import type { Place } from "../../chat/place.ts";
import { bytesOf } from "../body.ts";
import { EXPORT_FORMATS, typeOf } from "../written.ts";
import { SUM_BY } from "../../store/sums.ts";
import { readsAll } from "../viewer.ts";
import {
  audited,
  conversations,
  explanation,
  exported,
  me,
  COMPLETED,
  names,
  plan,
  shown,
  sums,
  turns,
  verdict,
} from "./facts.ts";
import { json, type Route, route } from "./route.ts";
import { PatchcordError } from "../../errors.ts";

const MOST_ROWS = 1_000;
/** No query that is read by people is longer. */
const LONGEST_QUERY = 20_000;

const query = z
  .string()
  .max(LONGEST_QUERY)
  .describe("What to find: `channel:support status:failed after:7d`. Empty: everything that you may see.");
const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(MOST_ROWS)
  .default(50)
  .describe("How many rows at the most.");
const after = z.string().max(500).exactOptional().describe("A page's `next`.");
const list = z.strictObject({ query: query.default(""), limit, after });
const yesNo = z.enum(["true", "false"]).default("false");

/** What is looked at. */
export const READING: readonly Route[] = [
  route({
    method: "get",
    path: "/me",
    id: "me",
    summary: "Who you are here, and what you have a right to",
    right: "read",
    answers: { json: me },
    run: async (_, viewer) => {
      const { id, name, rights } = viewer;
      return json({ id, name, rights: [...rights], everything: readsAll(viewer) });
    },
  }),
  route({
    method: "get",
    path: "/conversations",
    id: "listConversations",
    summary: "Conversations that meet a query",
    right: "read",
    query: list,
    answers: { json: conversations },
    run: async (admin, viewer, asked) => json(await admin.conversations(viewer, asked.query)),
  }),
  route({
    method: "get",
    path: "/conversations/{place}/{generation}",
    id: "showConversation",
    summary: "A conversation and its turns, the oldest first",
    right: "read",
    params: z.strictObject({ place: z.string().max(500), generation: z.coerce.number().int().min(1) }),
    query: z.strictObject({ limit, after }),
    answers: { json: shown },
    run: async (admin, viewer, { params, query: part }) => {
      const key = { place: params.place as Place, generation: params.generation };
      const found = await admin.show(viewer, key, part);
      if (!found)
        throw new PatchcordError("not_found", "There is no such conversation, or it is not yours to see.");
      return json(found);
    },
  }),
  route({
    method: "get",
    path: "/turns",
    id: "listTurns",
    summary: "Turns that meet a query: each a message and the bot's reply",
    right: "read",
    query: list,
    answers: { json: turns },
    run: async (admin, viewer, asked) => json(await admin.turns(viewer, asked.query)),
  }),
  route({
    method: "get",
    path: "/usage",
    id: "sumUsage",
    summary: "Sums over the turns that meet a query",
    right: "read",
    query: z.strictObject({
      query: query.default(""),
      by: z.enum(SUM_BY).exactOptional().describe("One row for each of these."),
      limit: z.coerce.number().int().min(1).max(400).exactOptional(),
    }),
    answers: { json: sums },
    run: async (admin, viewer, asked) => json(await admin.usage(viewer, asked.query)),
  }),
  route({
    method: "get",
    path: "/names",
    id: "completeNames",
    summary:
      "Names that begin so, or models and errors of whose word it is a part, the most recently used first",
    right: "read",
    query: z.strictObject({ field: z.enum(COMPLETED), prefix: z.string().max(200).default("") }),
    answers: { json: names },
    run: async (admin, viewer, { query: { field, prefix } }) =>
      json({ names: await admin.names(viewer, field, prefix) }),
  }),
  route({
    method: "get",
    path: "/plan",
    id: "planQuery",
    summary: "The statement that a query becomes",
    right: "read",
    query: list,
    answers: { json: plan },
    run: async (admin, viewer, asked) => json({ statement: admin.plan(viewer, asked.query) }),
  }),
  route({
    method: "get",
    path: "/explain",
    id: "explainMessage",
    summary: "Why the bot answered a message or did not, what the model was given, and what came of it",
    right: "read",
    query: z.strictObject({
      link: z.string().max(2_000).describe("The message's link, as its platform copies it, or `turn:17`."),
    }),
    answers: { json: explanation },
    run: async (admin, viewer, asked) => json(await admin.explain(viewer, asked.query.link)),
  }),
  route({
    method: "get",
    path: "/export",
    id: "exportConversations",
    summary: "All that was said in what meets a query, as it comes",
    right: "export",
    query: z.strictObject({
      query,
      format: z.enum(EXPORT_FORMATS).default("jsonl"),
      redact: yesNo.describe("With pseudonyms for names, and without what the configured patterns find."),
    }),
    answers: {
      lines: { "application/jsonl": exported, "text/csv": z.string(), "text/markdown": z.string() },
    },
    run: async (admin, viewer, asked) => {
      const { format, redact, query: text } = asked.query;
      const found = admin.export(viewer, { query: text, redact: redact === "true", format });
      return {
        kind: "lines",
        type: typeOf(format),
        lines: bytesOf(found),
        file: `conversations.${EXTENSIONS[format]}`,
      };
    },
  }),
  route({
    method: "get",
    path: "/audit",
    id: "listAudit",
    summary: "What was looked at and done, the newest first",
    right: "audit",
    query: z.strictObject({
      who: z.string().max(200).exactOptional().describe("By this one alone: `slack:T1:U1`."),
      what: z.string().max(500).exactOptional().describe("Of these kinds alone: `export,forget`."),
      since: z.coerce.number().int().exactOptional().describe("Milliseconds since 1970, UTC."),
      limit,
      after,
    }),
    answers: { json: audited },
    run: async (admin, viewer, { query: { what, ...search } }) =>
      json(await admin.audit(viewer, { ...search, ...(what !== undefined && { what: what.split(",") }) })),
  }),
  route({
    method: "get",
    path: "/audit/verify",
    id: "verifyAudit",
    summary: "Whether the audit is as it was written",
    right: "audit",
    query: z.strictObject({
      head: z
        .string()
        .regex(/^\d{1,15}:[0-9a-f]{64}$/, "it is a number, a colon and 64 characters, as this answers it")
        .exactOptional()
        .describe("An entry that was noted elsewhere, `seq:hash`: it has to be there as it was."),
    }),
    answers: { json: verdict },
    run: async (admin, viewer, { query: { head } }) => {
      const [seq, hash = ""] = head?.split(":") ?? [];
      return json(await admin.verify(viewer, seq === undefined ? undefined : { seq: Number(seq), hash }));
    },
  }),
];

const EXTENSIONS = { jsonl: "jsonl", csv: "csv", markdown: "md" } as const;
