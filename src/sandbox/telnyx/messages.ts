import { invalid, Refused, type Answer } from "./answers.ts";
import { findConversation, type Call, type ConversationDeps } from "./conversations.ts";
import { isFields, optionalString, readJson, requiredString, wholeNumber, type Fields } from "./fields.ts";
import type { NewTwinMessage, TwinMessage, TwinToolCall } from "./state.ts";
import type { Switches } from "./switches.ts";

/** Create message (`/message`, one) and get messages (`/messages`, many). */
export function createMessages(deps: ConversationDeps) {
  const { state, switches } = deps;

  return {
    create: (call: Call): Promise<Answer> =>
      deps.idempotency(call.request, call.organization, async () => {
        const { id } = findConversation(deps, call);
        const message = readMessage(readJson(call.request));
        await deps.work();
        state.addMessages(id, [message]);
        return switches.messageCreated === "empty" ? { status: 200 } : { status: 200, body: {} };
      }),

    list: (call: Call): Answer => {
      const { id } = findConversation(deps, call);
      const { query } = call.request;
      const size = wholeNumber(query, "page[size]", { least: 1, most: 100, default: 20 });
      const number = wholeNumber(query, "page[number]", { least: 1, most: Infinity, default: 1 });
      const shown = state
        .messages(id)
        .filter((message) => message.role !== "reasoning" || switches.storedReasoning === "shown");
      const page = ordered(shown, switches.messageOrder).slice((number - 1) * size, number * size);
      const meta = {
        total_pages: Math.max(1, Math.ceil(shown.length / size)),
        total_results: shown.length,
        page_number: number,
        page_size: size,
      };
      return { status: 200, body: { data: page.map((message) => showMessage(message, switches)), meta } };
    },
  };
}

/** `CreateMsgReq`: a role that is any string, text, and what may go with it. */
function readMessage(body: Fields): NewTwinMessage {
  const role = requiredString(body, "role");
  const text = optionalString(body, "content") ?? "";
  const name = optionalString(body, "name");
  const toolCallId = optionalString(body, "tool_call_id");
  const sentAt = optionalString(body, "sent_at");
  if (sentAt !== undefined && Number.isNaN(Date.parse(sentAt)))
    throw new Refused(invalid(["body", "sent_at"], "invalid datetime format", "value_error.datetime"));
  const toolCalls = readToolCalls(body);
  return {
    role,
    text,
    metadata: readMessageMetadata(body),
    ...(name === undefined ? {} : { name }),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt).toISOString() }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

function readToolCalls(body: Fields): TwinToolCall[] {
  const calls: unknown = body["tool_calls"] ?? [];
  if (!Array.isArray(calls))
    throw new Refused(invalid(["body", "tool_calls"], "value is not a valid list", "type_error.list"));
  return calls.map((call: unknown, index) => {
    if (!isFields(call))
      throw new Refused(
        invalid(["body", "tool_calls", index], "value is not a valid dict", "type_error.dict"),
      );
    const made = isFields(call["function"]) ? call["function"] : {};
    return { id: textOf(call["id"]), name: textOf(made["name"]), arguments: textOf(made["arguments"]) };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Strings, numbers, booleans, and lists of them: richer than a conversation's metadata. */
function readMessageMetadata(body: Fields): Fields {
  const metadata = body["metadata"] ?? {};
  if (!isFields(metadata))
    throw new Refused(invalid(["body", "metadata"], "value is not a valid dict", "type_error.dict"));
  for (const [key, value] of Object.entries(metadata)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((item) => ["string", "number", "boolean"].includes(typeof item)))
      throw new Refused(invalid(["body", "metadata", key], "str type expected", "type_error.str"));
  }
  return metadata;
}

/** No order is promised: `shuffled` is one that no reader would guess, and the same for every page. */
function ordered(messages: readonly TwinMessage[], order: Switches["messageOrder"]): readonly TwinMessage[] {
  if (order === "oldest_first") return messages;
  if (order === "newest_first") return messages.toReversed();
  // A multiplicative hash (Knuth) of the time, which no two messages of a conversation share.
  const rank = (message: TwinMessage) => ((Date.parse(message.createdAt) % 1e6) * 2_654_435_761) % 2 ** 32;
  return messages.toSorted((a, b) => rank(a) - rank(b));
}

/** A message has no id, no name and no tool call id when it is read back, and its text is not in `content`. */
function showMessage(message: TwinMessage, switches: Switches) {
  const calls = message.toolCalls?.map(({ id, ...made }) => ({ id, type: "function", function: made }));
  return {
    role: message.role,
    text: message.text,
    created_at: message.createdAt,
    sent_at: message.sentAt,
    ...(calls ? { tool_calls: calls } : {}),
    ...(switches.messageMetadata === "present" ? { metadata: message.metadata } : {}),
  };
}
