import type { StepLine } from "./child.ts";

/**
 * The points of a turn's life at which a crash is most telling, and the steps that stand for them: killed there, the process has done what
 * the point says and nothing after it.
 */
export const FAILPOINTS: Readonly<Record<string, RegExp>> = {
  heard: /^receive before$/,
  stored: /^mailbox\.add after$/,
  acknowledged: /^receive acknowledged$/,
  claimed: /^mailbox\.next after$/,
  "conversation made, id not stored": /^telnyx\.createConversation after$/,
  "history added, not noted": /^telnyx\.addMessage after$/,
  "request to be sent": /^store\.markCalling after$/,
  "request sent": /^telnyx\.respond sent$/,
  "first text": /^telnyx\.respond first event$/,
  "page intended": /^store\.markPageIntended 1 after$/,
  "page posted, id not stored": /^(?:slack|discord)\.post page 1 after$/,
  "id stored": /^store\.markPagePosted 1 after$/,
  "mid-stream": /^telnyx\.respond mid-stream$/,
  "page 2 of 3 posted": /^(?:slack|discord)\.post page 2 after$/,
  "answer ended, not stored": /^telnyx\.respond done$/,
  "answer stored": /^store\.markAnswered after$/,
  "final edit sent": /^(?:slack|discord)\.edit final after$/,
  settled: /^mailbox\.settle done after$/,
};

/** How often a replica was killed at each of them. */
export function failpointsIn(steps: readonly StepLine[]): ReadonlyMap<string, number> {
  const killed = steps.filter((line) => line.killed !== undefined);
  return new Map(
    Object.entries(FAILPOINTS).flatMap(([point, step]) => {
      const count = killed.filter((line) => step.test(line.step)).length;
      return count > 0 ? [[point, count]] : [];
    }),
  );
}
