import type { Condition, Listener } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { REFUSED, type Token } from "./token.ts";

type Told = Condition extends infer Each ? (Each extends Condition ? Omit<Each, "part"> : never) : never;

/** After so long without a connection a new process should try: with an address, a network and a library that are as new. */
const DEAD_MS = 300_000;

/** Tells how one part of the connection is: what changes, once. While the token is refused, that. */
export interface Voice {
  say(condition: Told): void;
  /** Something that was heard was lost again: until `until` resolves, and from then on, it is as if nothing had been heard. */
  deaf(until: Promise<void>): void;
}

export interface VoiceDeps {
  readonly part: string;
  readonly clock: Clock;
  readonly token: Token;
  readonly tell: Listener["changed"];
  /** When it aborts, nothing more is told. */
  readonly signal: AbortSignal;
}

export function createVoice(deps: VoiceDeps): Voice {
  const { part, token, tell, signal } = deps;
  let own: Told | undefined;
  let told: Told | undefined;
  let isDeaf = false;

  const shownOf = (condition: Told): Told => {
    if (token.isRefused) return { kind: "refused", why: REFUSED };
    if (!isDeaf || condition.kind !== "listening") return condition;
    return { kind: "connecting", why: "Messages could not be taken in, and have to be read again" };
  };
  const show = () => {
    if (!own || signal.aborted) return;
    const shown = shownOf(own);
    if (JSON.stringify(shown) === JSON.stringify(told)) return;
    tell({ part, ...shown });
    // Told once, it is nothing new any more: what interrupts it without a loss leaves nothing missed.
    told = shown.kind === "listening" ? { kind: "listening", resumed: true } : shown;
    if (shown.kind === "listening") own = told;
  };
  const search = createSearch(deps, () => {
    own = { kind: "dead", why: `Discord's gateway could not be reached for ${DEAD_MS / 60_000} minutes` };
    show();
  });

  token.onChange(show);
  return {
    say(condition) {
      if (condition.kind === "connecting") search.go();
      else search.end();
      if (condition.kind === "connecting" && own?.kind === "dead") return;
      own = isDeaf ? anew(condition) : condition;
      show();
    },
    deaf(until) {
      if (isDeaf) return;
      isDeaf = true;
      if (own) own = anew(own);
      show();
      void until.then(() => {
        isDeaf = false;
        show();
      });
    },
  };
}

const anew = (condition: Told): Told =>
  condition.kind === "listening" ? { kind: "listening", resumed: false } : condition;

/** From the moment that nothing is heard until something is, or it is known why not. */
function createSearch({ clock, signal }: VoiceDeps, giveUp: () => void) {
  let going: AbortController | undefined;
  return {
    go() {
      if (going) return;
      going = new AbortController();
      clock.sleep(DEAD_MS, AbortSignal.any([going.signal, signal])).then(giveUp, () => undefined);
    },
    end() {
      going?.abort();
      going = undefined;
    },
  };
}
