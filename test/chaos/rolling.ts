import type { Run } from "./run-kit.ts";
import { allSettled } from "./run-kit.ts";

/**
 * Restarts one replica after the other, as an upgrade does, while questions come in before and after each SIGTERM. No trouble is noted: nothing of
 * it excuses a second request to the model.
 */
export async function rollingRestart(run: Run): Promise<void> {
  const { people, fleet } = run;
  await fleet.ready();
  const spots = [people.slackThread(), people.slackDm(), people.discordChannel(), people.discordThread()];
  for (const name of fleet.names) {
    for (const spot of spots) people.ask(spot, 1_500);
    const restarted = fleet.restart(name);
    for (const spot of spots) people.ask(spot, 200);
    await restarted;
  }
  await allSettled(run);
}
