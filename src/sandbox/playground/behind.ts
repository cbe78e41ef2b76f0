import type { TwinRequest } from "../server.ts";
import { refusal } from "../telnyx/refusal.ts";
import type { TelnyxTwin } from "../telnyx/twin.ts";

/** What the bridge asked of Telnyx, and how fast and how well Telnyx answers. */
export interface ViewBehind {
  /** How many tokens the scripted model writes in a second. */
  readonly tokensPerSecond: number;
  /** Newest last. */
  readonly requests: readonly ViewRequest[];
}

export interface ViewRequest {
  readonly number: number;
  readonly at: number;
  /** What it is for, in a few words. */
  readonly what: string;
  readonly line: string;
  readonly conversation?: string;
  /** Of a request to the model: whether it carried the instructions. */
  readonly instructions?: boolean;
}

export interface Behind {
  view(): ViewBehind;
  /** Grows with every request and every turn of a switch. */
  revision(): number;
  setSpeed(tokensPerSecond: number): void;
  /** Makes the next request to the model go wrong. */
  fail(how: Mishap): void;
}

export const MISHAPS = ["fail", "cut", "rate_limit"] as const;
export type Mishap = (typeof MISHAPS)[number];

const SHOWN = 12;
/** By then a person has seen something of the answer. */
const CUT_AFTER = { events: 40 };

/** Looks behind the scenes of the loopback Telnyx. */
export function createBehind(telnyx: TelnyxTwin): Behind {
  let turns = 0;
  return {
    view: () => ({
      tokensPerSecond: telnyx.speed.tokensPerSecond,
      requests: telnyx.requests.map((request, index) => viewRequest(request, index + 1)).slice(-SHOWN),
    }),
    revision: () => turns + telnyx.requests.length,
    setSpeed: (tokensPerSecond) => {
      turns += 1;
      telnyx.speed.tokensPerSecond = tokensPerSecond;
    },
    fail: (how) => {
      switch (how) {
        case "fail":
          return telnyx.injectStream({ faults: [{ kind: "failed" }] });
        case "cut":
          return telnyx.injectStream({ faults: [{ kind: "cut", after: CUT_AFTER }] });
        case "rate_limit":
          return telnyx.inject({
            matches: ({ path }) => path.endsWith("/responses"),
            times: 1,
            effect: refusal("rate_limited", { "retry-after": "2" }),
          });
        default:
          return how satisfies never;
      }
    },
  };
}

function viewRequest(request: TwinRequest, number: number): ViewRequest {
  const { method, path, at } = request;
  const body = bodyOf(request);
  const inPath = /\/conversations\/(?<id>[\w-]{8,})/u.exec(path)?.groups?.["id"];
  const conversation =
    inPath ?? (typeof body["conversation"] === "string" ? body["conversation"] : undefined);
  const isAsking = path.endsWith("/responses");
  return {
    number,
    at,
    what: purposeOf(method, path),
    line: `${method} ${path.replace(/^\/v2/u, "").replace(inPath ?? "\0", "…")}`,
    ...(conversation !== undefined && { conversation }),
    ...(isAsking && { instructions: body["instructions"] !== undefined }),
  };
}

function purposeOf(method: string, path: string): string {
  if (path.endsWith("/responses")) return "asks the model";
  if (path.endsWith("/models")) return "reads the list of models";
  if (path.endsWith("/message")) return "adds what was said before";
  if (path.endsWith("/messages")) return "reads what is stored";
  if (path.endsWith("/conversations"))
    return method === "POST" ? "starts a conversation" : "looks for conversations";
  return "looks at a conversation";
}

function bodyOf({ body }: TwinRequest): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(String(body));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    // Only shown: what is no JSON object has nothing to show.
    return {};
  }
}
