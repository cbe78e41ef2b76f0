import type { ToolCall } from "../reply/event.ts";
import { asString, type Json } from "./json.ts";
import type { Spot } from "./said.ts";

/**
 * The function calls of an answer. A call's name comes with its item, its arguments in pieces or at the end; it is
 * passed on once, when it is complete.
 */
export interface Calls {
  /** An item of type `function_call` begins. */
  open(spot: Spot, item: Json): void;
  delta(spot: Spot, piece: string): void;
  /** The arguments are complete; the item's own end may still come. */
  arguments(spot: Spot, event: Json): void;
  /** The item is complete. Undefined when it was passed on before, or has no name to call. */
  close(spot: Spot, item: Json): ToolCall | undefined;
  /** The answer is complete, and these are its items: whatever was not passed on yet. */
  all(items: readonly Json[]): readonly ToolCall[];
  /** A call was passed on. */
  anything(): boolean;
}

interface Draft {
  readonly spot: Spot;
  callId: string | undefined;
  name: string | undefined;
  pieces: string;
  whole: string | undefined;
}

export function createCalls(): Calls {
  const drafts: Draft[] = [];
  const passedOn = new Set<string>();

  const draftOf = (spot: Spot): Draft => {
    const known = drafts.find((draft) => isSame(draft.spot, spot));
    if (known) return known;
    const draft: Draft = { spot, callId: undefined, name: undefined, pieces: "", whole: undefined };
    drafts.push(draft);
    return draft;
  };
  const note = (draft: Draft, item: Json) => {
    draft.callId = asString(item["call_id"]) ?? draft.callId;
    draft.name = asString(item["name"]) ?? draft.name;
    const whole = argumentsOf(item);
    if (whole) draft.whole = whole;
  };
  const pass = (draft: Draft): ToolCall | undefined => {
    const id = draft.callId ?? draft.spot.id;
    if (id === undefined || !draft.name || passedOn.has(id)) return undefined;
    passedOn.add(id);
    return { id, name: draft.name, arguments: draft.whole ?? draft.pieces };
  };

  return {
    open: (spot, item) => note(draftOf(spot), item),
    delta: (spot, piece) => void (draftOf(spot).pieces += piece),
    arguments: (spot, event) => note(draftOf(spot), event),
    close: (spot, item) => {
      const draft = draftOf(spot);
      note(draft, item);
      return pass(draft);
    },
    all: (items) => {
      items.forEach((item, index) => {
        if (item["type"] !== "function_call") return;
        const draft = draftOf({ index, id: asString(item["id"]) });
        note(draft, item);
        draft.whole ??= draft.pieces;
      });
      // Without its arguments a call is a broken one, and stays behind.
      return drafts
        .filter((draft) => draft.whole !== undefined)
        .map(pass)
        .filter((call) => call !== undefined);
    },
    anything: () => passedOn.size > 0,
  };
}

function argumentsOf(item: Json): string | undefined {
  const value = item["arguments"];
  return typeof value === "object" && value !== null ? JSON.stringify(value) : asString(value);
}

/** By id where both have one: several calls may run side by side, and some servers count them all as one index. */
function isSame(a: Spot, b: Spot): boolean {
  return a.id !== undefined && b.id !== undefined
    ? a.id === b.id
    : a.index !== undefined && a.index === b.index;
}
