import type { Failed, ReplyEvent, ToolCall } from "../reply/event.ts";
import { createCalls, type Calls } from "./calls.ts";
import { asObject, asObjects, asString, given, type Json } from "./json.ts";
import { cutOff, failureOf, textOfItem, usageOf } from "./output.ts";
import {
  addAll,
  addMessage,
  isVisible,
  nothingYet,
  openMessage,
  wholeOf,
  type Said,
  type Spot,
} from "./said.ts";

/** What has come of one answer. The functions take news of it in, and return the events that the news amounts to. */
export interface Answer {
  readonly said: Said;
  readonly calls: Calls;
  /** An event could not be read. The answer is whole all the same when the response, at the end, says so. */
  damaged: boolean;
}

type Events = readonly ReplyEvent[];

export function createAnswer(): Answer {
  return { said: nothingYet(), calls: createCalls(), damaged: false };
}

export function textEvent(delta: string): Events {
  return delta === "" ? [] : [{ kind: "text", delta }];
}

/** An output item begins. */
export function openItem({ said, calls }: Answer, spot: Spot, item: Json): Events {
  const at = { ...spot, id: asString(item["id"]) ?? spot.id };
  switch (item["type"]) {
    case "reasoning":
      return [{ kind: "thinking" }];
    case "message":
      openMessage(said, at);
      return [];
    case "function_call":
      calls.open(at, item);
      return [];
    default:
      return [];
  }
}

/** An output item is complete. */
export function closeItem({ said, calls }: Answer, spot: Spot, item: Json): Events {
  const at = { ...spot, id: asString(item["id"]) ?? spot.id };
  if (item["type"] === "message") return textEvent(addMessage(said, at, textOfItem(item)));
  const call = item["type"] === "function_call" ? calls.close(at, item) : undefined;
  return call ? [toolEvent(call)] : [];
}

/** The response object that ends it. `ending` counts where its own `status` does not say otherwise. */
export function finish(answer: Answer, response: Json, ending: string): Events {
  const { said, calls } = answer;
  const items = asObjects(response["output"]);
  const texts = items.filter((item) => item["type"] === "message").map(textOfItem);
  const missed = [...textEvent(addAll(said, texts)), ...calls.all(items).map(toolEvent)];
  const lost = answer.damaged && wholeOf(texts) !== answer.said.text;
  return [
    ...missed,
    lost ? cutOff("an event was not JSON, and what it said is lost") : terminal(answer, response, ending),
  ];
}

function toolEvent(call: ToolCall): ReplyEvent {
  return { kind: "tool", call };
}

function terminal({ said, calls }: Answer, response: Json, ending: string): ReplyEvent {
  const status = asString(response["status"]) ?? "";
  const end = ["failed", "cancelled", "incomplete"].includes(status) ? status : ending;
  if (end === "failed" || end === "cancelled") return failureOf(response);
  const reason = asString(asObject(response["incomplete_details"])?.["reason"]);
  const incomplete = end === "incomplete" ? (reason ?? "unknown") : undefined;
  if (!isVisible(said) && !calls.anything()) return nothingSaid(incomplete);
  return { kind: "done", ...given({ usage: usageOf(response), incomplete }) };
}

function nothingSaid(incomplete: string | undefined): Failed {
  const detail = `the model wrote nothing${incomplete === undefined ? "" : ` (${incomplete})`}`;
  return { ...cutOff(detail), reason: incomplete === "content_filter" ? "content_filter" : "empty" };
}
