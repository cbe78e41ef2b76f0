import type { Condition } from "../chat/platform.ts";

/** What can be said of the way by which events come. */
export type Hearing =
  | { readonly kind: "listening" }
  | { readonly kind: "connecting" | "refused" | "dead"; readonly why: string };

export interface Conditions {
  hearing(hearing: Hearing): void;
  /** Why Slack does not take the bot's token; nothing, when it does. A bot without a token is told of nothing. */
  token(refusedBecause: string | undefined): void;
  /** Nothing is told any more. */
  stop(): void;
}

/**
 * The one part of Slack's connection, as `Listener.changed` is told of it: when it is something else than before. While it listens no
 * moment passes unheard, or it would have been told so; hence what comes after anything else is never `resumed`.
 */
export function createConditions(changed: (condition: Condition) => void): Conditions {
  let hearing: Hearing | undefined;
  let refused: string | undefined;
  let told: Condition["kind"] | undefined;
  let stopped = false;
  const tell = () => {
    const now = refused === undefined ? hearing : ({ kind: "refused", why: refused } as const);
    if (stopped || now === undefined || now.kind === told) return;
    told = now.kind;
    changed(now.kind === "listening" ? { part: "", kind: now.kind, resumed: false } : { part: "", ...now });
  };
  return {
    hearing: (next) => {
      hearing = next;
      tell();
    },
    token: (because) => {
      refused = because;
      tell();
    },
    stop: () => {
      stopped = true;
    },
  };
}
