import { nearest } from "../nearest.ts";
import type { Model } from "../telnyx/telnyx.ts";

/** Pure: what is wrong with the configured models, one sentence each, with the nearest that exist. */
export function modelProblems(models: readonly Model[], wanted: readonly string[]): string[] {
  const usable = models.filter(({ task }) => task === "text-generation").map(({ id }) => id);
  return [...new Set(wanted)]
    .filter((id) => !usable.includes(id))
    .map((id) => {
      const near = nearest(id, usable, 3);
      const advice =
        near.length > 0 ? `the nearest are ${near.join(", ")}` : `there are ${usable.slice(0, 5).join(", ")}`;
      return `model ${id} is not on Telnyx's list of text models: ${advice} (patchcord models prints all)`;
    });
}
