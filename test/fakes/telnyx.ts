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
  /** When a turn is stored: whole, when its answer is; or its input (and instructions) as soon as the model begins. */
  persistence: "on_completion" | "input_first";
  /** Stores a turn whole, as Telnyx may do though its answer never reached the caller. */
  keep(request: ResponseRequest, answer: string): void;
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
      const history = stored ? [...stored.messages] : [];
      const turn = {
        messages: stored?.messages ?? [],
        request,
        early: switches.persistence === "input_first",
      };
      yield* keep(model(request, history), turn, signal);
    },
  };
}

const said = (role: string, text: string): StoredMessage => ({ role, text, metadata: {} });

/** What a request adds to the history before its answer. */
function inputOf(request: ResponseRequest): readonly StoredMessage[] {
  const { instructions } = request;
  const persona = instructions === undefined ? [] : [said("system", instructions)];
  return [...persona, said("user", textOf(request))];
}

/** Passes events on, stores the turn as the switch says, and ends with `aborted` as soon as the signal says so. */
async function* keep(
  events: AsyncIterable<ReplyEvent>,
  turn: { readonly messages: StoredMessage[]; readonly request: ResponseRequest; readonly early: boolean },
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplyEvent> {
  const { messages, early } = turn;
  const iterator = events[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) =>
    signal?.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  const input = inputOf(turn.request);
  let stored = false;
  const store = () => {
    if (!stored) messages.push(...input);
    stored = true;
  };
  let text = "";
  for (;;) {
    const next = signal?.aborted ? undefined : await Promise.race([iterator.next(), aborted]);
    if (!next) {
      void iterator.return?.();
      yield { kind: "failed", reason: "aborted", detail: "aborted", reached: "unknown" };
      return;
    }
    if (next.done) return;
    if (early && next.value.kind !== "failed") store();
    if (next.value.kind === "text") text += next.value.delta;
    if (next.value.kind === "done") {
      store();
      if (text !== "") messages.push(said("assistant", text));
    }
    yield next.value;
  }
}

export function textOf(request: ResponseRequest): string {
  return request.input
    .flatMap((item) => ("content" in item ? item.content.map((part) => part.text) : []))
    .join("\n");
}
