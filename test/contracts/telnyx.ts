import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ReplyEvent } from "../../src/reply/event.ts";
import {
  type ResponseRequest,
  type StoredMessage,
  type Telnyx,
  TelnyxError,
} from "../../src/telnyx/telnyx.ts";

/** What the suite needs of Telnyx's side. */
export interface TelnyxHarness {
  readonly telnyx: Telnyx;
  /** A model that is there. */
  readonly model: string;
  /** From now on the model answers this, in a few pieces. */
  answer(text: string): void;
  /** From now on the model says something, and then nothing more. */
  fallSilent(): void;
  /** From now on the model says something, and fails. */
  fail(): void;
  close(): Promise<void>;
}

/** What `Telnyx` promises to the bridge, and what the bridge takes for granted of Telnyx itself. */
export function describeTelnyx(name: string, open: () => Promise<TelnyxHarness>): void {
  let harness: TelnyxHarness;
  beforeEach(async () => {
    harness = await open();
  });
  afterEach(() => harness.close());
  describeConversations(name, () => harness);
  describeMessages(name, () => harness);
  describeResponses(name, () => harness);
}

const ask = (
  { model }: TelnyxHarness,
  text: string,
  more: Partial<ResponseRequest> = {},
): ResponseRequest => ({
  model,
  input: [{ role: "user", content: [{ type: "input_text", text }] }],
  ...more,
});

async function all(events: AsyncIterable<ReplyEvent>): Promise<ReplyEvent[]> {
  const seen: ReplyEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

const textIn = (events: readonly ReplyEvent[]) =>
  events.map((event) => (event.kind === "text" ? event.delta : "")).join("");
const isEnd = ({ kind }: ReplyEvent) => kind === "done" || kind === "failed";
const lines = (messages: readonly StoredMessage[]) => messages.map(({ role, text }) => `${role}: ${text}`);
const create = ({ telnyx }: TelnyxHarness) =>
  telnyx.createConversation({ metadata: { app: "patchcord" } }, randomUUID());

async function gone({ telnyx }: TelnyxHarness, id: string): Promise<string> {
  await telnyx.deleteConversation(id);
  return id;
}

function describeConversations(name: string, at: () => TelnyxHarness): void {
  describe(`${name}: a conversation`, () => {
    test("is made once for one key, and is the same then", async () => {
      const body = { name: "support", metadata: { app: "patchcord", channel_id: "C1" } };
      const key = randomUUID();
      const [first, again, other] = [
        await at().telnyx.createConversation(body, key),
        await at().telnyx.createConversation(body, key),
        await at().telnyx.createConversation(body, randomUUID()),
      ];
      expect(again.id).toBe(first.id);
      expect(other.id).not.toBe(first.id);
      expect(first).toMatchObject(body);
      expect((await at().telnyx.getConversation(first.id)).metadata).toMatchObject(body.metadata);
    });

    test("is refused for a key that made another one", async () => {
      const key = randomUUID();
      await at().telnyx.createConversation({ metadata: { a: "1" } }, key);
      const refusal = at().telnyx.createConversation({ metadata: { a: "2" } }, key);
      await expect(refusal).rejects.toMatchObject({ reason: "rejected", reached: "refused", status: 422 });
    });

    test("keeps the metadata that an update leaves out", async () => {
      const { id } = await at().telnyx.createConversation({ metadata: { a: "1", b: "2" } }, randomUUID());
      await at().telnyx.updateConversation(id, { b: "3" });
      expect((await at().telnyx.getConversation(id)).metadata).toMatchObject({ a: "1", b: "3" });
    });

    test("that was deleted is gone for every call", async () => {
      const id = await gone(at(), (await create(at())).id);
      for (const call of [
        () => at().telnyx.getConversation(id),
        () => at().telnyx.getMessages(id),
        () => at().telnyx.addMessage(id, { role: "user", content: "hi" }, randomUUID()),
        () => at().telnyx.updateConversation(id, {}),
        () => at().telnyx.deleteConversation(id),
      ]) {
        const error: unknown = await call().catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(TelnyxError);
        expect(error).toMatchObject({ reason: "conversation_gone", reached: "refused" });
      }
      const events = await all(at().telnyx.respond(ask(at(), "hi", { conversation: id })));
      expect(events).toEqual([
        expect.objectContaining({ kind: "failed", reason: "conversation_gone", reached: "refused" }),
      ]);
    });
  });
}

function describeMessages(name: string, at: () => TelnyxHarness): void {
  describe(`${name}: messages`, () => {
    test("are added once for one key in one conversation", async () => {
      const [one, two] = [await create(at()), await create(at())];
      const key = randomUUID();
      const said = { role: "user", content: "hello", sentAt: "2026-01-01T10:00:00.000Z" } as const;
      await at().telnyx.addMessage(one.id, said, key);
      await at().telnyx.addMessage(one.id, said, key);
      await at().telnyx.addMessage(two.id, said, key);
      await at().telnyx.addMessage(one.id, said, randomUUID());
      expect(lines(await at().telnyx.getMessages(one.id))).toEqual(["user: hello", "user: hello"]);
      expect(lines(await at().telnyx.getMessages(two.id))).toEqual(["user: hello"]);
    });

    test("are refused for a key that added another one", async () => {
      const { id } = await create(at());
      const key = randomUUID();
      await at().telnyx.addMessage(id, { role: "user", content: "one" }, key);
      const refusal = at().telnyx.addMessage(id, { role: "user", content: "two" }, key);
      await expect(refusal).rejects.toMatchObject({ reason: "rejected", status: 422 });
    });

    test("come by when they were sent, not by when they were added", async () => {
      const { id } = await create(at());
      const add = (content: string, minute: number) =>
        at().telnyx.addMessage(
          id,
          { role: "user", content, sentAt: `2026-01-01T10:0${minute}:00.000Z` },
          randomUUID(),
        );
      await add("third", 3);
      await add("first", 1);
      await add("second", 2);
      at().answer("later");
      await all(at().telnyx.respond(ask(at(), "asked", { conversation: id })));
      await add("between", 4);
      expect(lines(await at().telnyx.getMessages(id))).toEqual([
        "user: first",
        "user: second",
        "user: third",
        "user: between",
        "user: asked",
        "assistant: later",
      ]);
    });
  });
}

function describeResponses(name: string, at: () => TelnyxHarness): void {
  describe(`${name}: a response`, () => {
    test("is text in pieces and one end, and is stored whole, with its instructions, when the end is told", async () => {
      const { id } = await create(at());
      const text = "Grüße, 👩‍👩‍👧!\n\n```js\nlet x;\n```\nThat is all there is to say about it.";
      at().answer(text);
      const request = ask(at(), "what is there?", { conversation: id, instructions: "Be brief." });
      const events = await all(at().telnyx.respond(request));
      expect(textIn(events)).toBe(text);
      expect(events.filter(({ kind }) => kind === "text").length).toBeGreaterThan(1);
      expect(events.findIndex(isEnd)).toBe(events.length - 1);
      expect(events.at(-1)).toMatchObject({
        kind: "done",
        usage: { outputTokens: expect.any(Number) as number },
      });
      expect(lines(await at().telnyx.getMessages(id))).toEqual([
        "system: Be brief.",
        "user: what is there?",
        `assistant: ${text}`,
      ]);
    });

    test("of a second turn comes after the first, and brings no instructions of its own", async () => {
      const { id } = await create(at());
      for (const text of ["one", "two"]) {
        at().answer(`re: ${text}`);
        await all(at().telnyx.respond(ask(at(), text, { conversation: id })));
      }
      expect(lines(await at().telnyx.getMessages(id))).toEqual([
        "user: one",
        "assistant: re: one",
        "user: two",
        "assistant: re: two",
      ]);
    });

    test("without a conversation is stored nowhere", async () => {
      const { id } = await create(at());
      at().answer("hello");
      expect(textIn(await all(at().telnyx.respond(ask(at(), "hi"))))).toBe("hello");
      expect(await at().telnyx.getMessages(id)).toEqual([]);
    });

    test("that fails ends with the failure and throws nothing; what was said of it is stored as no answer", async () => {
      const { id } = await create(at());
      at().fail();
      const events = await all(at().telnyx.respond(ask(at(), "hi", { conversation: id })));
      expect(events.filter(isEnd)).toEqual([events.at(-1)]);
      expect(events.at(-1)).toMatchObject({ kind: "failed", reason: "model_error", reached: "unknown" });
      const stored = await at().telnyx.getMessages(id);
      expect(stored.filter(({ role }) => role === "assistant")).toEqual([]);
    });

    test("that is stopped ends at once, whatever the model does", async () => {
      const { id } = await create(at());
      at().fallSilent();
      const stop = new AbortController();
      const events: ReplyEvent[] = [];
      for await (const event of at().telnyx.respond(ask(at(), "hi", { conversation: id }), stop.signal)) {
        events.push(event);
        if (event.kind === "text") stop.abort(new Error("enough"));
      }
      expect(events.filter(isEnd)).toEqual([expect.objectContaining({ kind: "failed", reason: "aborted" })]);
      expect(isEnd(events.at(-1)!)).toBe(true);
    });

    test("that was stopped before it began is not asked for", async () => {
      const { id } = await create(at());
      const events = await all(
        at().telnyx.respond(ask(at(), "hi", { conversation: id }), AbortSignal.abort()),
      );
      expect(events).toEqual([expect.objectContaining({ kind: "failed", reason: "aborted" })]);
      expect(await at().telnyx.getMessages(id)).toEqual([]);
    });
  });
}
