import { invalid, openaiError, Refused } from "./answers.ts";
import { isFields, isUuid, optionalString, requiredString, type Fields } from "./fields.ts";
import type { NewTwinMessage } from "./state.ts";

/** A Responses request, read and checked as far as it can be without looking anything up. */
export interface TurnRequest {
  readonly model: string;
  readonly input: readonly NewTwinMessage[];
  readonly instructions: string | undefined;
  readonly conversation: string | undefined;
  readonly stream: boolean;
  readonly body: Fields;
}

/** Fields that the endpoint page does not name are ignored, as its `additionalProperties: true` says. */
export function readTurn(body: Fields): TurnRequest {
  const model = requiredString(body, "model");
  const instructions = optionalString(body, "instructions");
  const conversation = optionalString(body, "conversation")?.toLowerCase();
  if (conversation !== undefined && !isUuid(conversation))
    throw new Refused(invalid(["body", "conversation"], "value is not a valid uuid", "type_error.uuid"));
  const stream = body["stream"] ?? false;
  if (typeof stream !== "boolean")
    throw new Refused(
      invalid(["body", "stream"], "value could not be parsed to a boolean", "type_error.bool"),
    );
  return { model, instructions, conversation, stream, body, input: readInput(body["input"]) };
}

function readInput(input: unknown): NewTwinMessage[] {
  if (input === undefined)
    throw new Refused(invalid(["body", "input"], "field required", "value_error.missing"));
  if (typeof input === "string") return [{ role: "user", text: input }];
  if (!Array.isArray(input))
    throw new Refused(invalid(["body", "input"], "value is not a valid list", "type_error.list"));
  if (input.length === 0) throw badInput("input", "Input must not be empty.");
  return input.map((item: unknown, index) => readItem(item, `input[${index}]`));
}

function readItem(item: unknown, at: string): NewTwinMessage {
  if (!isFields(item)) throw badInput(at, "Expected an object.");
  const type = item["type"] ?? "message";
  switch (type) {
    case "message":
      return readMessage(item, at);
    case "function_call":
      return readCall(item, at);
    case "function_call_output":
      return {
        role: "tool",
        text: readOutput(item["output"], `${at}.output`),
        toolCallId: stringAt(item, "call_id", at),
      };
    case "reasoning":
      return { role: "reasoning", text: "" };
    default:
      throw badInput(`${at}.type`, `Invalid value: ${JSON.stringify(type)}.`);
  }
}

function readCall(item: Fields, at: string): NewTwinMessage {
  const call = {
    id: stringAt(item, "call_id", at),
    name: stringAt(item, "name", at),
    arguments: stringAt(item, "arguments", at),
  };
  return { role: "assistant", text: null, toolCalls: [call] };
}

const PART_TYPES: Readonly<Record<string, readonly string[]>> = {
  user: ["input_text", "input_image", "input_file"],
  system: ["input_text"],
  developer: ["input_text"],
  assistant: ["output_text", "refusal"],
};

function readMessage(item: Fields, at: string): NewTwinMessage {
  const role = stringAt(item, "role", at);
  const types = Object.hasOwn(PART_TYPES, role) ? PART_TYPES[role] : undefined;
  if (!types) throw badInput(`${at}.role`, `Invalid value: '${role}'.`);
  const content = item["content"];
  if (typeof content === "string") return { role, text: content };
  if (!Array.isArray(content)) throw badInput(`${at}.content`, "Expected a string or an array.");
  const texts = content.map((part: unknown, index) => readPart(part, types, `${at}.content[${index}]`));
  return { role, text: texts.filter((text) => text !== "").join("\n") };
}

/** A part's text; empty for what has none. Stored messages hold text alone. */
function readPart(part: unknown, types: readonly string[], at: string): string {
  if (!isFields(part)) throw badInput(at, "Expected an object.");
  const type = part["type"];
  if (typeof type !== "string" || !types.includes(type)) {
    const supported = types.map((name) => `'${name}'`).join(", ");
    throw badInput(
      `${at}.type`,
      `Invalid value: ${JSON.stringify(type)}. Supported values are: ${supported}.`,
    );
  }
  if (type === "input_text" || type === "output_text") return stringAt(part, "text", at);
  return type === "refusal" ? stringAt(part, "refusal", at) : "";
}

function readOutput(output: unknown, at: string): string {
  if (typeof output === "string") return output;
  if (!Array.isArray(output)) throw badInput(at, "Expected a string or an array.");
  return output
    .map((part: unknown, index) => readPart(part, PART_TYPES["user"] ?? [], `${at}[${index}]`))
    .join("\n");
}

function stringAt(item: Fields, field: string, at: string): string {
  const value = item[field];
  if (typeof value !== "string") throw badInput(`${at}.${field}`, "Expected a string.");
  return value;
}

/** What is wrong inside the input is the model server's to refuse, in the OpenAI form; the page types it as "any". */
function badInput(param: string, message: string): Refused {
  return new Refused(openaiError(400, { code: "invalid_value", message: `${param}: ${message}`, param }));
}
