/*
 * A PostgreSQL of its own for one run of the tests, from the npm package: it is started by the first file that needs one, and ends
 * itself when the run is over, however that ended.
 *   node server.ts <folder> <process id of the run>
 */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "./start.ts";

const [folder = "", run = ""] = process.argv.slice(2);

function tell(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

function runs(): boolean {
  try {
    return process.kill(Number(run), 0);
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const postgres = await startPostgres(join(folder, "data"));
  tell("url", postgres.url);
  while (runs()) await new Promise((resolve) => setTimeout(resolve, 300));
  await postgres.stop();
}

await main().catch((error: unknown) => tell("failed", String(error)));
rmSync(folder, { recursive: true, force: true });
process.exit(0);
