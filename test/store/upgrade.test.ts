import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { readMigrationFiles } from "../../src/store/drizzle.ts";
import { openSqlite } from "../../src/store/open.ts";
import { messageIn } from "../contracts/store-bench.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "patchcord-upgrade-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const first = { ...messageIn("p", "1"), sentAt: 20 };
/** Said before the first, and stored after it. */
const second = { ...messageIn("p", "2"), sentAt: 10 };

/** A database as the first version left it when it was killed: one turn half written, and one behind it. */
function oldDatabase(path: string): void {
  const [initial] = readMigrationFiles({ migrationsFolder: resolve("migrations/sqlite") });
  const db = new Database(path);
  for (const statement of initial!.sql) db.exec(statement);
  db.exec(
    "CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)",
  );
  db.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)").run(
    initial!.hash,
    initial!.folderMillis,
  );
  db.exec(`
    INSERT INTO mailbox (place, owner, lease, epoch, since, due) VALUES ('p', 'dead', 9e15, 3, 10, 0);
    INSERT INTO conversation (place, generation, telnyx_id, create_key, create_body, metadata, created_at)
      VALUES ('p', 1, 'conversation-1', 'key', '{}', '{}', 1);`);
  const turn = db.prepare(
    "INSERT INTO turn (place, message_key, message, run_at, tries, state, generation, input, text, received_at) VALUES ('p', ?, ?, 0, ?, ?, ?, ?, ?, 5)",
  );
  turn.run(first.key, JSON.stringify(first), 1, "streaming", 1, "what was asked", "Half of");
  turn.run(second.key, JSON.stringify(second), 0, "received", null, null, null);
  db.exec("INSERT INTO page VALUES (1, 0, 'page-1', 6, 7)");
  db.close();
}

it("turns that were open when the program was replaced by a newer one are gone on with, in order, in their pages", async () => {
  const path = join(folder, "old.db");
  oldDatabase(path);
  const { mailbox, store, close } = openSqlite({ path, log: createLog("silent") });
  expect(await mailbox.add(first, true)).toEqual({ kind: "seen" });
  const [claim] = await mailbox.sweep(9);
  const begun = await mailbox.next(claim!);
  expect(begun).toEqual({
    id: 1,
    place: "p",
    message: first,
    tries: 1,
    state: "streaming",
    late: false,
    stopAsked: false,
    generation: 1,
    input: "what was asked",
    text: "Half of",
  });
  expect(await store.pages(1)).toEqual([{ index: 0, id: "page-1" }]);
  expect(await store.conversation(claim!.place)).toMatchObject({ generation: 1, telnyxId: "conversation-1" });
  await mailbox.add({ ...messageIn("p", "3"), sentAt: 15 }, false);
  const next = await mailbox.next(claim!, { turn: 1, kind: "done" });
  expect(next).toMatchObject({ id: 2, message: { id: "2" } });
  const last = await mailbox.next(claim!, { turn: 2, kind: "done" });
  expect(last).toMatchObject({ message: { id: "3" } });
  await close();
});
