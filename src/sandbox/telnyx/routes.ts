import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import type { TwinRequest } from "../server.ts";
import { Refused, telnyxError, type Answer } from "./answers.ts";
import { createConversations, type Call } from "./conversations.ts";
import { createIdempotency } from "./idempotency.ts";
import { createMessages } from "./messages.ts";
import { showModel, type TwinModel } from "./models.ts";
import { bodyOf, headersOf, isRefusalName, refusalAnswer } from "./refusal.ts";
import type { createResponses } from "./responses.ts";
import type { TwinState } from "./state.ts";
import type { Switches } from "./switches.ts";

export interface RouteDeps {
  readonly clock: Clock;
  /** API key to organization. */
  readonly keys: ReadonlyMap<string, string>;
  readonly switches: Switches;
  readonly state: TwinState;
  readonly models: readonly TwinModel[];
  readonly responses: Pick<ReturnType<typeof createResponses>, "handle">;
}

type Handler = (call: Call, response: ServerResponse) => Promise<Answer | undefined> | Answer;

/** Finds who answers a request, checks the key, and sends the answer or the refusal. */
export function createRoutes(
  deps: RouteDeps,
): (request: TwinRequest, response: ServerResponse) => Promise<void> {
  const routes = createTable(deps);
  const find = (request: TwinRequest, response: ServerResponse) => {
    const organization = authenticate(deps.keys, request);
    const fault = request.headers["x-twin-fault"] ?? "";
    if (isRefusalName(fault)) return refusalAnswer(fault);
    const onPath = routes.flatMap(({ method, path, handler }) => {
      const match = path.exec(request.path);
      return match ? [{ method, handler, id: match[1] ?? "" }] : [];
    });
    const route = onPath.find(({ method }) => method === request.method);
    if (route) return route.handler({ request, organization, id: route.id }, response);
    if (onPath.length > 0) return { status: 405, body: { detail: "Method Not Allowed" } };
    return telnyxError(404, { code: "10005", title: "Resource not found" });
  };

  return async (request, response) => {
    response.setHeader("x-request-id", randomUUID());
    try {
      const answer = await find(request, response);
      if (answer) send(response, answer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      send(response, error.answer);
    }
  };
}

function createTable(deps: RouteDeps): { method: string; path: RegExp; handler: Handler }[] {
  const work = async () => {
    if (deps.switches.writeLatencyMs > 0) await deps.clock.sleep(deps.switches.writeLatencyMs);
  };
  const shared = { ...deps, work, idempotency: createIdempotency(deps.clock) };
  const conversations = createConversations(shared);
  const messages = createMessages(shared);
  const models = () => ({ status: 200, body: { object: "list", data: deps.models.map(showModel) } });
  const one = /^\/v2\/ai\/conversations\/([^/]+)$/;
  return [
    { method: "POST", path: /^\/v2\/ai\/conversations$/, handler: conversations.create },
    { method: "GET", path: /^\/v2\/ai\/conversations$/, handler: conversations.list },
    { method: "GET", path: one, handler: conversations.retrieve },
    { method: "PUT", path: one, handler: conversations.update },
    { method: "DELETE", path: one, handler: conversations.remove },
    { method: "POST", path: /^\/v2\/ai\/conversations\/([^/]+)\/message$/, handler: messages.create },
    { method: "GET", path: /^\/v2\/ai\/conversations\/([^/]+)\/messages$/, handler: messages.list },
    { method: "POST", path: /^\/v2\/ai\/openai\/responses$/, handler: deps.responses.handle },
    { method: "GET", path: /^\/v2\/ai\/openai\/models$/, handler: models },
    // Deprecated, with the same answer.
    { method: "GET", path: /^\/v2\/ai\/models$/, handler: models },
  ];
}

function authenticate(keys: ReadonlyMap<string, string>, request: TwinRequest): string {
  const key = /^Bearer (.+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? "";
  const organization = keys.get(key);
  if (organization === undefined) throw new Refused(refusalAnswer("unauthorized"));
  return organization;
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer)).end(bodyOf(answer));
}
