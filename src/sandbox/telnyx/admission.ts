import { openaiError, Refused } from "./answers.ts";
import { findConversation } from "./conversations.ts";
import type { TwinModel } from "./models.ts";
import { refusalAnswer } from "./refusal.ts";
import type { TwinMessage, TwinState } from "./state.ts";
import type { Switches } from "./switches.ts";
import type { TurnRequest } from "./turn.ts";
import { messageTokens, tokenCount } from "./usage.ts";

interface AdmissionDeps {
  readonly state: TwinState;
  readonly switches: Switches;
  readonly models: readonly TwinModel[];
  /** Whether the conversation is being answered now. */
  readonly isRunning: (conversation: string) => boolean;
}

/** Refuses a turn that cannot be answered. Returns the history that it is answered with, oldest first. */
export function admit(deps: AdmissionDeps, turn: TurnRequest, organization: string): readonly TwinMessage[] {
  const { switches } = deps;
  if (switches.accountDisabled) throw new Refused(refusalAnswer("disabled"));
  if (switches.previousResponseId === "refuse" && typeof turn.body["previous_response_id"] === "string")
    throw refused(400, "previous_response_id", "Response id parameter is not supported at the moment.");
  const model = findModel(deps, turn.model);
  const history = turn.conversation === undefined ? [] : historyOf(deps, turn, organization);
  checkCalls(turn, history, switches);
  const tokens = messageTokens(history) + messageTokens(turn.input) + tokenCount(turn.instructions ?? "");
  if (tokens > model.context_length)
    throw refused(
      400,
      "input",
      `This model's maximum context length is ${model.context_length} tokens. However, your messages resulted in ${tokens} tokens.`,
      "context_length_exceeded",
    );
  return history;
}

function findModel({ models, switches }: AdmissionDeps, id: string): TwinModel {
  const model = models.find((known) => known.id === id);
  if (!model)
    throw refused(switches.unknownModel, "model", `The model '${id}' does not exist.`, "model_not_found");
  if (model.task !== "text-generation")
    throw refused(400, "model", `The model '${id}' does not generate text.`);
  return model;
}

function historyOf(deps: AdmissionDeps, turn: TurnRequest, organization: string): readonly TwinMessage[] {
  const { switches, state } = deps;
  const id = turn.conversation ?? "";
  const conversation = state.conversation(id.toLowerCase());
  if (conversation?.organization !== organization) {
    if (switches.unknownConversation === 404) findConversation(deps, { id, organization });
    throw refused(switches.unknownConversation, "conversation", `Conversation '${id}' was not found.`);
  }
  if (conversation.metadata["ai_disabled"] === "true")
    throw refused(400, "conversation", "AI responses are disabled for this conversation.");
  if (switches.overlap === "refuse" && deps.isRunning(conversation.id))
    throw refused(409, "conversation", "Another response of this conversation is in progress.");
  return [...state.messages(conversation.id)];
}

/** Every output answers a call, once; and, unless switched off, every call is answered before the user goes on. */
function checkCalls(turn: TurnRequest, history: readonly TwinMessage[], switches: Switches): void {
  const pending = new Set<string>();
  for (const message of history) follow(pending, message);
  for (const message of turn.input) {
    if (message.toolCallId !== undefined && !pending.has(message.toolCallId))
      throw refused(
        400,
        "input",
        `No tool call found for function call output with call_id ${message.toolCallId}.`,
      );
    if (message.role === "user" && pending.size > 0 && switches.pendingCall === "refuse")
      throw refused(400, "input", `No tool output found for function call ${[...pending].join(", ")}.`);
    follow(pending, message);
  }
}

function follow(pending: Set<string>, message: Pick<TwinMessage, "toolCalls" | "toolCallId">): void {
  for (const call of message.toolCalls ?? []) pending.add(call.id);
  if (message.toolCallId !== undefined) pending.delete(message.toolCallId);
}

function refused(status: number, param: string, message: string, code = "invalid_request"): Refused {
  return new Refused(openaiError(status, { code, message, param }));
}
