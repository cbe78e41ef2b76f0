import type { ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import { sendJson, type TwinRequest } from "../server.ts";
import type { StreamFaults } from "./faults.ts";
import type { Piece, Script } from "./script.ts";
import type { TwinConversation, TwinState } from "./state.ts";
import type { Switches } from "./switches.ts";
import type { Speed } from "./twin.ts";

/** Everything that the routes share. */
export interface Deps {
  readonly clock: Clock;
  readonly keys: ReadonlyMap<string, string>;
  readonly switches: Switches;
  readonly speed: Speed;
  readonly state: TwinState;
  readonly script: Script | undefined;
}

export interface Routes {
  handle(request: TwinRequest, response: ServerResponse): Promise<void>;
  injectStream(faults: StreamFaults): void;
  play(script: Script | undefined): void;
  live(): number;
  overlaps(): number;
  reset(): void;
  close(): void;
}

/** A first, rough form: create, read and answer. What is strict about the twin follows. */
export function createRoutes(deps: Deps): Routes {
  let script = deps.script;
  const handle = async (request: TwinRequest, response: ServerResponse) => {
    const organization = deps.keys.get((request.headers["authorization"] ?? "").replace(/^Bearer /, ""));
    if (!organization)
      return sendJson(response, 401, {
        errors: [{ code: "10009", title: "Authentication failed" }],
      });
    const body = request.body.length > 0 ? JSON.parse(request.body.toString()) : {};
    const [, , , area, id, part] = request.path.split("/");
    if (area === "openai" && id === "models")
      return sendJson(response, 200, {
        object: "list",
        data: [{ id: "zai-org/GLM-5.3", object: "model", task: "text-generation", context_length: 131072 }],
      });
    if (area === "openai" && id === "responses") return respond(body, response);
    if (!id && request.method === "POST")
      return sendJson(response, 200, { data: show(deps.state.addConversation({ organization, ...body })) });
    if (!id) return sendJson(response, 200, { data: deps.state.conversations().map(show) });
    const conversation = deps.state.conversation(id);
    if (!conversation) return sendJson(response, 404, { errors: [{ code: "10005", title: "Not found" }] });
    if (part === "message") {
      deps.state.addMessages(id, [{ role: body.role, text: body.content ?? "" }]);
      return sendJson(response, 200, {});
    }
    if (part === "messages") {
      const data = deps.state.messages(id).map((m) => ({ role: m.role, text: m.text, sent_at: m.sentAt }));
      const meta = { total_pages: 1, total_results: data.length, page_number: 1, page_size: 100 };
      return sendJson(response, 200, { data, meta });
    }
    return sendJson(response, 200, { data: show(conversation) });
  };

  const respond = async (body: Record<string, unknown>, response: ServerResponse) => {
    const id = String(body["conversation"] ?? "");
    const input = (body["input"] as { role: string; content: { text: string }[] }[]).map((item) => ({
      role: item.role,
      text: item.content[0]?.text ?? "",
      createdAt: "",
      sentAt: "",
      metadata: {},
    }));
    const request = {
      model: String(body["model"]),
      history: deps.state.messages(id),
      input,
      instructions: undefined,
      conversation: id,
      body,
    };
    const pieces: AsyncIterable<Piece> | Iterable<Piece> = script
      ? script(request, new AbortController().signal)
      : [{ kind: "text", text: `You said: ${input.at(-1)?.text ?? ""}` }];
    response.writeHead(200, { "content-type": "text/event-stream" });
    const emit = (event: { type: string; [field: string]: unknown }) =>
      void response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    emit({ type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } });
    let text = "";
    for await (const piece of pieces) {
      if (piece.kind !== "text") continue;
      text += piece.text;
      emit({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta: piece.text,
      });
    }
    deps.state.addMessages(id, [...input, { role: "assistant", text }]);
    emit({ type: "response.completed", response: { id: "resp_1", status: "completed", output: [] } });
    response.end();
  };

  return {
    handle,
    injectStream: () => {},
    play: (next) => void (script = next),
    live: () => 0,
    overlaps: () => 0,
    reset: () => {},
    close: () => {},
  };
}

function show(conversation: TwinConversation): Record<string, unknown> {
  return {
    id: conversation.id,
    name: conversation.name,
    metadata: conversation.metadata,
    created_at: conversation.createdAt,
    last_message_at: conversation.lastMessageAt,
  };
}
