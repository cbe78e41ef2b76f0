import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  statfsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";
/** As much has to be free there: a container may have 64 MB. */
const ROOM_BYTES = 2 * 1024 ** 3;
const NAME = "patchcord-tests-";

/** The folder for temporary files that are large or outlive the run. */
export function onDisk(): string {
  return process.env["TEST_DISK"] ?? tmpdir();
}

/**
 * The temporary files of a run, which are databases above all, are kept in memory where there is room: SQLite waits for the disk at
 * each of ten thousands of commits, 6 ms on a virtual machine. A process that is killed loses nothing of them there either.
 */
export function setup(): void {
  process.env["TEST_DISK"] = tmpdir();
  if (!hasRoom()) return;
  removeLeftOver();
  const folder = mkdtempSync(join(MEMORY, `${NAME}${process.pid}-`));
  chmodSync(folder, 0o755); // a database's server may run as another user
  process.env["TMPDIR"] = folder;
}

/** After the run. */
export function teardown(): void {
  if (tmpdir().startsWith(join(MEMORY, NAME))) remove(tmpdir());
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
  } catch {
    return false;
  }
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES;
}

/** What this user's runs that were killed left behind. */
function removeLeftOver(): void {
  for (const name of readdirSync(MEMORY)) {
    const run = name.startsWith(NAME) && Number.parseInt(name.slice(NAME.length), 10);
    if (!run || existsSync(`/proc/${run}`)) continue;
    const folder = join(MEMORY, name);
    if (statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()) remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
