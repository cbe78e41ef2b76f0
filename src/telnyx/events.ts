import type { ReplyEvent } from "../reply/event.ts";
import { closeItem, createAnswer, finish, openItem, textEvent, type Answer } from "./answer.ts";
import type { Frame } from "./frames.ts";
import { asNumber, asObject, asString, parseJson, type Json } from "./json.ts";
import { cutOff, failureOf, textOfPart } from "./output.ts";
import { addDelta, addPart, type Spot } from "./said.ts";

/** Server-sent events, or the one JSON answer, into what the bridge knows of. Pure. After a terminal event it returns nothing. */
export interface EventReader {
  read(frame: Frame): Events;
  /** The whole answer as JSON, in place of a stream. */
  readWhole(answer: unknown): Events;
  /** There is no more to read, for the reason given. Without a terminal event before, that is a failure. */
  end(why?: string): Events;
}

type Events = readonly ReplyEvent[];

export function createEventReader(): EventReader {
  const answer = createAnswer();
  const isRepeat = createRepeatCheck();
  let count = 0;
  let marker = "";
  let newest: ReplyEvent["kind"] | undefined;

  const pass = (events: Events): Events =>
    events.filter(({ kind }) => {
      const wanted = !isTerminal(newest) && !(kind === "thinking" && newest === "thinking");
      if (wanted) newest = kind;
      return wanted;
    });

  return {
    read: ({ event: name, data }) => {
      if (isTerminal(newest)) return [];
      if (data.trim() === "[DONE]") marker = ", with [DONE]";
      const json = asObject(parseJson(data));
      if (!json) return pass(readWords(answer, name, data));
      count += 1;
      return isRepeat(json, data) ? [] : pass(readEvent(answer, name, json));
    },
    readWhole: (whole) => pass(readResponse(answer, whole)),
    end: (why) =>
      pass([cutOff(why ?? `the stream ended without a terminal event after ${count} events${marker}`)]),
  };
}

/** Names and fields as in OpenAI's Responses streaming reference, which Telnyx says it matches. All others are ignored. */
function readEvent(answer: Answer, name: string | undefined, event: Json): Events {
  const { said, calls } = answer;
  const spot = spotOf(event);
  const field = (key: string) => asString(event[key]) ?? "";
  const object = (key: string) => asObject(event[key]) ?? {};
  // Chat completions have no types: an error there is a bare `error`, and in Telnyx's own envelope `errors`.
  const untyped = isComplaint(event) ? "error" : (name ?? "");
  const type = name === "error" ? name : (asString(event["type"]) ?? untyped);
  switch (type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return textEvent(addDelta(said, spot, field("delta")));
    case "response.output_text.done":
      return textEvent(addPart(said, spot, field("text")));
    case "response.refusal.done":
      return textEvent(addPart(said, spot, field("refusal")));
    case "response.content_part.done":
      return textEvent(addPart(said, spot, textOfPart(object("part"))));
    case "response.output_item.added":
      return openItem(answer, spot, object("item"));
    case "response.output_item.done":
      return closeItem(answer, spot, object("item"));
    case "response.function_call_arguments.delta":
      calls.delta(spot, field("delta"));
      return [];
    case "response.function_call_arguments.done":
      calls.arguments(spot, event);
      return [];
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return finish(answer, asObject(event["response"]) ?? event, type.slice("response.".length));
    case "error":
      return [failureOf(event)];
    default:
      // What the model reasons is never passed on, only that it does.
      return type.startsWith("response.reasoning") ? [{ kind: "thinking" }] : [];
  }
}

function readResponse(answer: Answer, whole: unknown): Events {
  const json = asObject(whole);
  // Telnyx wraps some answers in `data`, and documents it for others.
  const response = asObject(json?.["data"]) ?? json;
  if (!response) return [cutOff("the answer is no JSON object")];
  if (!Array.isArray(response["output"]) && isComplaint(response)) return [failureOf(response)];
  const status = asString(response["status"]);
  if (status === "queued" || status === "in_progress") return [cutOff(`the answer's status is ${status}`)];
  return finish(answer, response, "completed");
}

/** Data that is no JSON object. Words are harmless (`ping`, `[DONE]`); what began as an object may have been text. */
function readWords(answer: Answer, name: string | undefined, data: string): Events {
  if (name === "error") return [failureOf({ message: data })];
  answer.damaged ||= data.trimStart().startsWith("{");
  return [];
}

function isTerminal(kind: ReplyEvent["kind"] | undefined): boolean {
  return kind === "done" || kind === "failed";
}

function spotOf(event: Json): Spot {
  return {
    index: asNumber(event["output_index"]),
    id: asString(event["item_id"]),
    part: asNumber(event["content_index"]),
  };
}

function isComplaint({ error, errors, detail }: Json): boolean {
  return Boolean(error) || Boolean(detail) || (Array.isArray(errors) && errors.length > 0);
}

/**
 * Tells an event that came before by its `sequence_number`. A server that gives different events the same number does
 * not count at all, and its numbers are not gone by.
 */
function createRepeatCheck(): (event: Json, data: string) => boolean {
  let highest = -1;
  let newest = "";
  let counts = true;
  return (event, data) => {
    const number = asNumber(event["sequence_number"]);
    if (number === undefined || !counts) return false;
    if (number === highest && data !== newest) counts = false;
    if (number <= highest) return counts;
    highest = number;
    newest = data;
    return false;
  };
}
