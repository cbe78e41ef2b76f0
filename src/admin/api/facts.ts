import { z } from "zod";
import { KINDS, STATUSES } from "../query/field.ts";
import { SUM_BY } from "../../store/sums.ts";
import { near } from "./near.ts";

/* What is answered, as schemas: the document is made of them, and the tests hold real answers against them. */

const text = z.string();
const count = z.int().min(0);
const time = z.int().describe("Milliseconds since 1970, UTC.");
const money = z.int().min(0).describe("Millionths of a US dollar. Absent: not known.");
const duration = z.int().min(0).describe("Milliseconds since it was received.");

export const NAME_FIELDS = ["workspace", "channel", "topic", "parent", "thread", "user"] as const;

const key = { place: text.describe("Opaque: where it is."), generation: z.int().min(1) };
const place = {
  ...key,
  platform: text,
  workspaceId: text,
  workspaceName: text.exactOptional(),
  workspaceUrl: text.exactOptional(),
  channelId: text,
  channelName: text.exactOptional(),
  channelKind: z.enum(KINDS),
  channelTopic: text.exactOptional(),
  parentChannel: text.exactOptional(),
  threadId: text.exactOptional(),
  threadName: text.exactOptional(),
};

export const conversation = z
  .strictObject({
    ...place,
    telnyxId: text.exactOptional(),
    startedAt: time,
    activeAt: time,
    startedById: text,
    startedByName: text,
    firstMessageId: text.exactOptional(),
    turns: count,
    open: count,
    failed: count,
    tokens: count,
    cost: money.exactOptional(),
    formerly: z
      .array(z.strictObject({ field: z.enum(NAME_FIELDS), name: text, until: time }))
      .describe("Names that it had before, oldest first."),
    held: z.boolean().describe("A legal hold keeps it from being forgotten."),
    readable: z.boolean().describe("Whether you may read what was said."),
    excerpt: text
      .exactOptional()
      .describe("How it begins, in a few plain words. Only where you may read it, and it was not forgotten."),
    link: text.exactOptional().describe("Its first message, on its platform."),
  })
  .meta({ id: "Conversation", description: "A conversation, by its names as they are now." });

const usage = z.strictObject({
  inputTokens: count.exactOptional(),
  outputTokens: count.exactOptional(),
  reasoningTokens: count.exactOptional(),
  cachedTokens: count.exactOptional(),
});

export const turn = z
  .strictObject({
    ...place,
    id: z.int(),
    messageId: text,
    userId: text,
    userName: text,
    userNames: z.array(text).describe("Every name that the person had in this workspace, the newest first."),
    status: z.enum(STATUSES),
    state: z.enum(["received", "calling", "streaming", "answered", "done", "failed", "stopped", "postponed"]),
    model: text.exactOptional(),
    error: text.exactOptional().describe("One word: why it failed."),
    detail: text.exactOptional(),
    usage: usage.exactOptional(),
    cost: money.exactOptional(),
    receivedAt: time,
    settledAt: time.exactOptional(),
    firstText: duration.exactOptional(),
    complete: duration.exactOptional(),
    tries: count,
    pages: z.array(text).describe("The ids of the bot's messages, in order."),
    readable: z.boolean().describe("Whether you may read what was said."),
    link: text.exactOptional().describe("The message, on its platform."),
    content: z
      .strictObject({ turn: z.int(), question: text, answer: text.exactOptional() })
      .exactOptional()
      .describe("Only where you may read it, and it was not forgotten."),
  })
  .meta({ id: "Turn", description: "A message and the bot's reply, by the names that held then." });

const next = text.exactOptional().describe("Give it as `after` for what follows. Absent: there is no more.");
const asked = text.describe("The query as it was understood.");

export const conversations = z.strictObject({ rows: z.array(conversation), next, query: asked, near });
export const turns = z.strictObject({ rows: z.array(turn), next, query: asked, near });
export const shown = z.strictObject({ conversation, turns: z.array(turn), next });
export const exported = z
  .strictObject({ conversation, turns: z.array(turn) })
  .meta({ id: "ExportedConversation" });
/** What completes. */
export const COMPLETED = [...NAME_FIELDS, "model", "error", "platform"] as const;
export const names = z.strictObject({ names: z.array(text) });

const times = z.strictObject({ median: z.number(), p95: z.number() }).describe("Milliseconds.");
const sum = z
  .strictObject({
    key: text.exactOptional().describe("An id, a word or a day (UTC)."),
    name: text
      .exactOptional()
      .describe("The newest name of what the key names; of a direct message, whose it is."),
    kind: z.enum(KINDS).exactOptional().describe("Of a channel."),
    turns: count,
    conversations: count,
    people: count,
    failed: count,
    tokens: count,
    cost: money.exactOptional(),
    firstText: times.exactOptional(),
    complete: times.exactOptional(),
  })
  .meta({ id: "Sum" });
export const sums = z.strictObject({
  query: asked,
  by: z.enum(SUM_BY).exactOptional(),
  rows: z.array(sum),
  total: sum,
  near,
});

const keyOf = z.strictObject(key);
export const forgotten = z
  .strictObject({
    conversation: keyOf,
    name: text,
    turns: count,
    heard: count.describe("Messages that the model had been given without being asked by them."),
    local: z.enum(["forgotten", "would_be", "held", "open"]),
    telnyx: z.enum(["deleted", "none", "would_be", "kept", "later"]),
    why: text.exactOptional(),
  })
  .meta({ id: "Forgotten", description: "What became of one conversation that was to be forgotten." });

const optional = text.exactOptional();
const difference = { telnyxId: text, name: optional, done: z.boolean(), why: optional };
export const differing = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...difference,
      kind: z.literal("missing_here"),
      adopted: keyOf.exactOptional(),
    }),
    z.strictObject({ ...difference, kind: z.literal("gone_there"), conversation: keyOf }),
    z.strictObject({
      ...difference,
      kind: z.literal("metadata"),
      conversation: keyOf,
      changes: z.array(z.strictObject({ key: text, there: text.exactOptional(), here: text })),
    }),
  ])
  .meta({
    id: "Difference",
    description: "How Telnyx and this bridge differ, and whether it was put right.",
  });

export const held = z.strictObject({ conversations: count });
export const plan = z.strictObject({ statement: text });

const entry = z
  .strictObject({
    seq: z.int().min(1),
    at: time,
    who: text,
    via: text,
    what: text,
    about: z.int().exactOptional(),
    rows: count.exactOptional(),
    content: text.exactOptional().describe("What was asked for. Absent: it was erased."),
    hash: text,
  })
  .meta({ id: "AuditEntry" });
export const audited = z.strictObject({ rows: z.array(entry), next });
const head = z.strictObject({ seq: z.int(), hash: text });
export const verdict = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("whole"), entries: count, erased: count, head: head.exactOptional() }),
  z.strictObject({ kind: z.literal("broken"), seq: z.int(), why: text }),
]);

const heardMessage = z
  .strictObject({
    sentAt: time.exactOptional(),
    userId: text.exactOptional().describe("Absent: given before it was noted whose it is."),
    userName: text.exactOptional(),
    link: text.exactOptional(),
  })
  .meta({ id: "HeardMessage" });

export const explanation = z
  .strictObject({
    link: text,
    rules: z.array(z.strictObject({ says: text, outcome: z.enum(["decides", "passes", "not_tried"]) })),
    answered: z.boolean(),
    turn: turn.exactOptional(),
    conversation: conversation.exactOptional(),
    given: z
      .strictObject({
        input: text.exactOptional(),
        heard: count.describe("Messages that it was given without being asked by them."),
        messages: z.array(heardMessage).describe("The newest of those."),
        earlierTurns: count,
      })
      .exactOptional(),
    settings: z.record(text, text),
    gaps: z.array(text),
  })
  .meta({ id: "Explanation" });

export const me = z.strictObject({ id: text, name: text, rights: z.array(text), everything: z.boolean() });

export const problem = z
  .object({
    type: text,
    title: text,
    status: z.int(),
    detail: text,
    code: text.describe("One word, which stays the same."),
    wrong: z
      .array(z.strictObject({ in: z.enum(["path", "query", "body"]), name: text, message: text }))
      .exactOptional()
      .describe("What is wrong with the request."),
    problems: z
      .array(z.strictObject({ from: count, to: count, message: text, instead: text.exactOptional() }))
      .exactOptional()
      .describe(
        "What is wrong with the query, from `from` to before `to`, and what could stand there instead.",
      ),
  })
  .meta({ id: "Problem", description: "RFC 9457." });
