/*
 * Runs `patchcord start` again and again in one process, for starts that cannot go on: to load what they need takes longer than they do.
 * Each is asked for by a message, and answered by one once nothing of it is open any more.
 */
import { patchcordIn } from "../cli/said.ts";
import { eventually } from "../eventually.ts";
import type { Start } from "./starts.ts";

process.on("message", ({ folder, env }: Start) => {
  void refusalOf(folder, env).then((answer) => process.send?.(answer));
});

async function refusalOf(folder: string, env: Start["env"]) {
  process.chdir(folder);
  const before = await open();
  const { code, err } = await patchcordIn(env, ["start"]);
  await eventually("nothing is open but what was before", async () => (await open()) === before);
  return { code, err };
}

/** What keeps this process from ending. */
async function open(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return process.getActiveResourcesInfo().toSorted().join();
}
