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
  /** Every message that was to be added, repeats too. */
  readonly added: readonly {
    readonly conversation: string;
    readonly content: string;
    readonly key: string;
  }[];
  messagesOf(conversation: string): StoredMessage[];
  /** Somebody deletes the conversation behind our back. */
  forget(conversation: string): void;
  /** When a turn is stored: whole, when its answer is; or its input (and instructions) as soon as the model begins. */
  persistence: "on_completion" | "input_first";
  /** Stores a turn whole, as Telnyx may do though its answer never reached the caller. */
  keep(request: ResponseRequest, answer: string): void;
  /** The next call of this method fails so, before it has any effect. */
  refuse(
    method: "createConversation" | "addMessage" | "getMessages" | "deleteConversation",
    error: TelnyxError,
  ): void;
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

interface Held {
  facts: TelnyxConversation;
  readonly messages: StoredMessage[];
}

/**
 * An in-memory Telnyx: keeps conversations, honours idempotency keys, stores a turn when the `persistence` says. Keeps the
 * contract of `test/contracts/telnyx.ts`.
 */
export function createFakeTelnyx({ now }: { readonly now: () => number }): FakeTelnyx {
  const conversations = new Map<string, Held>();
  const asked: ResponseRequest[] = [];
  const created: TelnyxConversation[] = [];
  const added: { conversation: string; content: string; key: string }[] = [];
  const refusals = new Map<string, TelnyxError[]>();
  const once = createOnce();
  const switches = { persistence: "on_completion" as FakeTelnyx["persistence"] };
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
  const said = (role: string, text: string): StoredMessage => ({
    role,
    text,
    metadata: {},
    sentAt: new Date(now()).toISOString(),
  });
  const inputOf = ({ instructions, ...request }: ResponseRequest) => [
    ...(instructions === undefined ? [] : [said("system", instructions)]),
    said("user", textOf(request)),
  ];

  return {
    asked,
    created,
    added,
    get persistence() {
      return switches.persistence;
    },
    set persistence(mode) {
      switches.persistence = mode;
    },
    keep: (request, answer) => {
      const { messages } = find(request.conversation ?? "");
      if (messages.at(-1)?.text !== textOf(request)) messages.push(...inputOf(request));
      messages.push(said("assistant", answer));
    },
    model: (next) => void (model = next),
    messagesOf: (id) => find(id).messages,
    forget: (id) => void conversations.delete(id),
    refuse: (method, error) => void refusals.set(method, [...(refusals.get(method) ?? []), error]),
    async createConversation(body, key) {
      enter("createConversation");
      return once(["create", key], body, () => {
        const { name, metadata = {} } = body;
        const facts = {
          id: crypto.randomUUID(),
          createdAt: new Date(now()).toISOString(),
          metadata,
          ...(name !== undefined && { name }),
        };
        conversations.set(facts.id, { facts, messages: [] });
        created.push(facts);
        return facts;
      });
    },
    async *listConversations(query) {
      if (query) throw new Error("the fake lists everything, and nothing less");
      for (const { facts } of conversations.values()) yield facts;
    },
    getConversation: async (id) => find(id).facts,
    async updateConversation(id, metadata) {
      const held = find(id);
      held.facts = { ...held.facts, metadata: { ...held.facts.metadata, ...metadata } };
      return held.facts;
    },
    async deleteConversation(id) {
      enter("deleteConversation");
      find(id);
      conversations.delete(id);
    },
    async addMessage(id, { role, content, sentAt }, key) {
      enter("addMessage");
      added.push({ conversation: id, content, key });
      const { messages } = find(id);
      once([id, key], { role, content, sentAt }, () => {
        messages.push({ ...said(role, content), ...(sentAt !== undefined && { sentAt }) });
      });
    },
    async getMessages(id) {
      enter("getMessages");
      return find(id).messages.toSorted((a, b) => (a.sentAt ?? "").localeCompare(b.sentAt ?? ""));
    },
    listModels: async () => [{ id: "test/model", task: "text-generation", recommended: true }],
    async *respond(request, signal) {
      if (signal?.aborted) {
        yield ABORTED;
        return;
      }
      asked.push(request);
      const { conversation } = request;
      const held = conversation === undefined ? undefined : conversations.get(conversation);
      if (conversation !== undefined && !held) {
        yield { kind: "failed", reason: "conversation_gone", detail: "404", reached: "refused" };
        return;
      }
      const messages = held?.messages ?? [];
      const early = switches.persistence === "input_first";
      let stored = false;
      let text = "";
      for await (const event of untilStopped(model(request, [...messages]), signal)) {
        if (event.kind === "text") text += event.delta;
        if (!stored && (event.kind === "done" || (early && event.kind !== "failed"))) {
          messages.push(...inputOf(request));
          stored = true;
        }
        if (event.kind === "done" && text !== "") messages.push(said("assistant", text));
        yield event;
      }
    },
  };
}

/** A key belongs to what is called with it. The same key does the work once; with another body it is an error, as at Telnyx. */
function createOnce() {
  const done = new Map<string, { readonly body: string; readonly result: unknown }>();
  return <T>(key: readonly string[], body: unknown, work: () => T): T => {
    const id = key.join("\n");
    const text = JSON.stringify(body);
    const before = done.get(id);
    if (before && before.body !== text) {
      throw new TelnyxError("key reused", {
        code: "http_422",
        status: 422,
        reason: "rejected",
        reached: "refused",
      });
    }
    const result = before ? (before.result as T) : work();
    done.set(id, { body: text, result });
    return result;
  };
}

const ABORTED: ReplyEvent = { kind: "failed", reason: "aborted", detail: "aborted", reached: "unknown" };

/** The events, up to the signal: then `aborted` at once, whatever the model still does. */
async function* untilStopped(
  events: AsyncIterable<ReplyEvent>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplyEvent> {
  const iterator = events[Symbol.asyncIterator]();
  const stopped = Promise.withResolvers<undefined>();
  const stop = () => stopped.resolve(undefined);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const next = signal?.aborted ? undefined : await Promise.race([iterator.next(), stopped.promise]);
      if (!next) break;
      if (next.done) return;
      yield next.value;
    }
    void iterator.return?.();
    yield ABORTED;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

export function textOf(request: ResponseRequest): string {
  return request.input
    .flatMap((item) => ("content" in item ? item.content.map((part) => part.text) : []))
    .join("\n");
}
