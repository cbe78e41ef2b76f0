/*
 * A process that adds messages and runs turns on a real database until it is killed. Each line it writes is said only after
 * the database has acknowledged: that is what has to be there when it is dead.
 *   node kill-child.ts <DATABASE_URL> <first message number>
 */
import { writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { createLog } from "../../src/log.ts";
import type { Claim } from "../../src/store/mailbox.ts";
import { openDatabase } from "../../src/store/open.ts";
import { messageIn } from "../contracts/store-bench.ts";

const say = (...words: readonly unknown[]) => writeSync(1, `${words.join(" ")}\n`);
const [url = "", first = "0"] = process.argv.slice(2);
const { mailbox, store, close } = await openDatabase({ url, log: createLog("silent") });
// Whoever drops `close` drops the lock on the file with it, once memory is tidied up: a bot keeps it for its stop.
process.once("exit", () => void close());
say("open");

async function run(claim: Claim): Promise<void> {
  let turn = await mailbox.next(claim);
  while (turn) {
    say("start", claim.place, turn.id);
    await setImmediate();
    await store.markAnswered(claim, turn.id, { text: `answer ${turn.id}`, at: 1 });
    say("answered", claim.place, turn.id);
    await setImmediate();
    const retry = turn.tries === 0 && turn.id % 5 === 0;
    const next = await mailbox.next(
      claim,
      retry ? { turn: turn.id, kind: "retry", delayMs: 2, error: "again" } : { turn: turn.id, kind: "done" },
    );
    if (!retry) say("end", claim.place, turn.id);
    turn = next;
  }
}

for (let n = Number(first); ; n += 1) {
  const message = messageIn(`place${n % 3}`, String(n));
  const added = await mailbox.add(message, n % 2 === 0);
  say("ack", message.place, message.key);
  if (added.kind === "new" && added.claim) void run(added.claim);
  if (n % 3 === 0) for (const claim of await mailbox.sweep(9)) void run(claim);
  await setImmediate();
}
