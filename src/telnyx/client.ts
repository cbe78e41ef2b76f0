import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { createApi } from "./api.ts";
import * as conversations from "./conversations.ts";
import { listConversations } from "./listing.ts";
import { addMessage, getMessages } from "./messages.ts";
import { listModels } from "./models.ts";
import { respond } from "./respond.ts";
import { createScope } from "./scope.ts";
import type { Telnyx } from "./telnyx.ts";
import { createTransport } from "./transport.ts";

/** Time limits in milliseconds. Telnyx documents none; how long a turn may take altogether is the caller's signal to say. */
export interface Limits {
  /** TCP and TLS. */
  readonly connectMs: number;
  /** A Responses call: until its headers. */
  readonly headersMs: number;
  /** And between two pieces of its body. */
  readonly silenceMs: number;
  /** And all of it: the last defence against a server that keeps a dead stream open with comments. */
  readonly totalMs: number;
  /** Any other call, once, from start to end. */
  readonly callMs: number;
}

const DEFAULT_LIMITS: Limits = {
  connectMs: 10_000,
  headersMs: 60_000,
  silenceMs: 60_000,
  totalMs: 1_800_000,
  callMs: 20_000,
};

export interface TelnyxDeps {
  /** `https://api.telnyx.com/v2`, or another region's. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** In [0, 1): spreads retries. */
  readonly random?: () => number;
}

/** The `Telnyx` port over HTTP. `close` stops whatever still runs (`aborted`) and frees every socket; it may be called twice. */
export function createTelnyx(deps: TelnyxDeps): Telnyx & { close(): Promise<void> } {
  const { clock, log, random = Math.random } = deps;
  const { connectMs, callMs, headersMs, silenceMs, totalMs } = { ...DEFAULT_LIMITS, ...deps.limits };
  const transport = createTransport({ ...deps, connectMs });
  const retrying = { clock, log, random };
  const callPace = { headersMs: callMs, silenceMs: callMs, totalMs: callMs };
  const api = createApi({ ...retrying, transport, pace: callPace });
  const closing = new AbortController();
  const scope = createScope(closing.signal);
  const responding = { ...retrying, transport, api, scope, pace: { headersMs, silenceMs, totalMs } };

  return {
    createConversation: (body, key, signal) =>
      scope.run(signal, (s) => conversations.createConversation(api, body, key, s)),
    listConversations: (query, signal) => scope.iterate(signal, (s) => listConversations(api, query, s)),
    getConversation: (id, signal) => scope.run(signal, (s) => conversations.getConversation(api, id, s)),
    updateConversation: (id, metadata, signal) =>
      scope.run(signal, (s) => conversations.updateConversation(api, id, metadata, s)),
    deleteConversation: (id, signal) =>
      scope.run(signal, (s) => conversations.deleteConversation(api, id, s)),
    addMessage: (conversation, message, key, signal) =>
      scope.run(signal, (s) => addMessage(api, conversation, { ...message, key }, s)),
    getMessages: (conversation, signal) => scope.run(signal, (s) => getMessages(api, conversation, s)),
    listModels: (signal) => scope.run(signal, (s) => listModels(api, s)),
    respond: (request, signal) => respond(responding, request, signal),
    close: async () => {
      closing.abort();
      await transport.close();
    },
  };
}
