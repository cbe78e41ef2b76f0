// A replica that takes a mailbox, says so, and is killed with the turn running.
//   node mailbox-child.ts <DATABASE_URL> <place>
import { createLog } from "../src/log.ts";
import { openDatabase } from "../src/store/open.ts";
import { messageIn } from "../test/contracts/store-bench.ts";

const [url = "", place = ""] = process.argv.slice(2);
const { mailbox } = await openDatabase({ url, log: createLog("error") });
const added = await mailbox.add(messageIn(place, "1"), true);
if (added.kind === "new" && added.claim) await mailbox.next(added.claim);
process.stdout.write("runs\n");
