import type { ReplyEvent } from "../../src/reply/event.ts";
import {
  type ResponseRequest,
  type StoredMessage,
  type Telnyx,
  type TelnyxConversation,
  TelnyxError,
} from "../../src/telnyx/telnyx.ts";

/** What the model does with a request. It is an async generator, so a test can hold it where it likes. */
export type FakeModel = (
  request: ResponseRequest,
  history: readonly StoredMessage[],
) => AsyncIterable<ReplyEvent>;

export interface FakeTelnyx extends Telnyx {
  /** Replaces the model for all requests to come. */
  model(model: FakeModel): void;
  /** Every Responses request, in order. */
  readonly asked: readonly ResponseRequest[];
  /** How many conversations were really created (repeats of a key are not). */
  readonly created: readonly TelnyxConversation[];
  messagesOf(conversation: string): StoredMessage[];
  /** Somebody deletes the conversation behind our back. */
  forget(conversation: string): void;
  /** The next call of this method fails so, before it has any effect. */
  refuse(method: "createConversation" | "addMessage" | "getMessages", error: TelnyxError): void;
}

/** Answers `text` in pieces of a few characters. */
export async function* say(text: string, size = 5): AsyncGenerator<ReplyEvent> {
  for (let at = 0; at < text.length; at += size) yield { kind: "text", delta: text.slice(at, at + size) };
  yield { kind: "done", usage: { inputTokens: 1, outputTokens: text.length } };
}

export function notFound(): TelnyxError {
  return new TelnyxError("no such conversation", {
    code: "http_404",
    status: 404,
    reason: "conversation_gone",
    reached: "refused",
  });
}

/** An in-memory Telnyx: keeps conversations, honours idempotency keys, stores a turn when its answer is whole. */
export function createFakeTelnyx(): FakeTelnyx {
  const conversations = new Map<string, { facts: TelnyxConversation; messages: StoredMessage[] }>();
  const keys = new Map<string, { body: string; id?: string }>();
  const asked: ResponseRequest[] = [];
  const created: TelnyxConversation[] = [];
  const refusals = new Map<string, TelnyxError[]>();
  let model: FakeModel = (request) => say(`You said: ${textOf(request)}`);

  const find = (id: string) => {
    const found = conversations.get(id);
    if (!found) throw notFound();
    return found;
  };
  const enter = (method: string) => {
    const error = refusals.get(method)?.shift();
    if (error) throw error;
  };
  /** True when the same call was made before. A key with another body is an error, as at Telnyx. */
  const repeats = (key: string, body: unknown): boolean => {
    const text = JSON.stringify(body);
    const before = keys.get(key);
    if (before && before.body !== text) {
      throw new TelnyxError("key reused", {
        code: "http_422",
        status: 422,
        reason: "rejected",
        reached: "refused",
      });
    }
    keys.set(key, { ...before, body: text });
    return before !== undefined;
  };

  return {
    asked,
    created,
    model: (next) => void (model = next),
    messagesOf: (id) => find(id).messages,
    forget: (id) => void conversations.delete(id),
    refuse: (method, error) => void refusals.set(method, [...(refusals.get(method) ?? []), error]),
    async createConversation(body, key) {
      enter("createConversation");
      const known = repeats(key, body) ? keys.get(key)?.id : undefined;
      if (known !== undefined) return find(known).facts;
      const id = crypto.randomUUID();
      const facts: TelnyxConversation = {
        id,
        createdAt: "2026-11-22T00:00:00Z",
        metadata: body.metadata ?? {},
      };
      conversations.set(id, { facts, messages: [] });
      keys.set(key, { body: JSON.stringify(body), id });
      created.push(facts);
      return facts;
    },
    async *listConversations() {
      for (const { facts } of conversations.values()) yield facts;
    },
    getConversation: async (id) => find(id).facts,
    updateConversation: async (id) => find(id).facts,
    deleteConversation: async (id) => void conversations.delete(id),
    async addMessage(id, { role, content, sentAt }, key) {
      enter("addMessage");
      const { messages } = find(id);
      if (!repeats(key, { id, role, content, sentAt }))
        messages.push({ role, text: content, metadata: {}, ...(sentAt !== undefined && { sentAt }) });
    },
    async getMessages(id) {
      enter("getMessages");
      return [...find(id).messages];
    },
    listModels: async () => [{ id: "test/model", task: "text-generation", recommended: true }],
    async *respond(request, signal) {
      asked.push(request);
      const stored = request.conversation === undefined ? undefined : conversations.get(request.conversation);
      if (request.conversation !== undefined && !stored) {
        yield { kind: "failed", reason: "conversation_gone", detail: "404", reached: "refused" };
        return;
      }
      yield* keep(model(request, stored?.messages ?? []), {
        messages: stored?.messages,
        input: textOf(request),
        signal,
      });
    },
  };
}

/** Passes events on, stores the turn when it is done, and ends with `aborted` when the signal says so. */
async function* keep(
  events: AsyncIterable<ReplyEvent>,
  turn: { messages: StoredMessage[] | undefined; input: string; signal: AbortSignal | undefined },
): AsyncGenerator<ReplyEvent> {
  const iterator = events[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) =>
    turn.signal?.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  let text = "";
  for (;;) {
    const next = turn.signal?.aborted ? undefined : await Promise.race([iterator.next(), aborted]);
    if (!next) {
      void iterator.return?.();
      yield { kind: "failed", reason: "aborted", detail: "aborted", reached: "unknown" };
      return;
    }
    if (next.done) return;
    if (next.value.kind === "text") text += next.value.delta;
    if (next.value.kind === "done") {
      turn.messages?.push(
        { role: "user", text: turn.input, metadata: {} },
        { role: "assistant", text, metadata: {} },
      );
    }
    yield next.value;
  }
}

export function textOf(request: ResponseRequest): string {
  return request.input
    .flatMap((item) => ("content" in item ? item.content.map((part) => part.text) : []))
    .join("\n");
}
