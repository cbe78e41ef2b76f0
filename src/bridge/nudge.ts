import type { Links } from "../chat/links.ts";
import type { Message } from "../chat/message.ts";
import type { Clock } from "../clock.ts";
import type { PlatformRefusal } from "../errors.ts";
import type { Paint } from "../reply/edits.ts";
import { deservesNudge, nudgeTo } from "../reply/nudge.ts";
import type { Reply } from "../reply/reply.ts";
import type { Behaviour } from "./answer.ts";
import type { Painter } from "./painter.ts";

export interface NudgeDeps {
  readonly links: Pick<Links, "linkTo">;
  readonly behaviourIn: (message: Message) => Pick<Behaviour, "nudgeAfterMs">;
  readonly clock: Clock;
}

/** The message after an answer that was long in coming. */
export interface Nudge {
  /** Its paint, once every page of the ended reply is shown. Undefined: there is none (any more) to make. */
  wanted(reply: Reply): Paint | undefined;
  /** The platform refused it: whether it is given up. The answer stands, so that nothing is lost but the nudge. */
  goesWithout(kind: PlatformRefusal["kind"]): boolean;
}

/** How often a platform that does not answer is asked: whoever waits behind in the place cannot wait for a nudge. */
const MOST_TRIES = 5;

/** Once a nudge is intended it is posted, whatever the settings say by then. */
export function createNudge(
  { platform, ...deps }: NudgeDeps & { readonly platform: string },
  question: Message,
  painter: Painter,
): Nudge {
  let failures = 0;
  let isGivenUp = false;
  const isWanted = (reply: Reply) => {
    if (isGivenUp || painter.nudge === "posted") return false;
    if (painter.nudge === "intended") return true;
    const tookMs = deps.clock.now() - question.sentAt;
    return deservesNudge(reply, { question, tookMs, afterMs: deps.behaviourIn(question).nudgeAfterMs });
  };
  return {
    wanted(reply) {
      const [first] = painter.shown;
      if (!first || !isWanted(reply)) return undefined;
      const { place, where } = question;
      return nudgeTo(question, deps.links.linkTo(platform, { ...where, place, id: first.id }));
    },
    goesWithout(kind) {
      failures += Number(kind === "unavailable");
      isGivenUp = kind === "unavailable" ? failures >= MOST_TRIES : kind !== "rate_limited";
      return isGivenUp;
    },
  };
}
