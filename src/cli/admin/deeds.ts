import { forgottenLine } from "../../admin/forgotten-line.ts";
import type { ExportFormat } from "../../admin/written.ts";
import { differenceLine } from "./columns.ts";
import type { Session } from "./lists.ts";
import { progress } from "./output.ts";

/** Prints all that was said in what meets the query, as it comes. Throws what `Admin` throws. */
export async function exportTo(
  { admin, viewer, to }: Session<"export">,
  query: string,
  how: { readonly format: ExportFormat; readonly redact: boolean },
): Promise<void> {
  const bar = progress(to);
  let count = 0;
  for await (const { bytes, conversations } of admin.export(viewer, { query, ...how })) {
    to.write(bytes);
    await to.taken();
    count += conversations;
    bar.show(`${count} conversations`);
  }
  bar.clear();
  if (count === 0) to.tell("Nothing was found.\n");
}

/** Forgets, or without `yes` says what would be forgotten, line by line. Throws what `Admin` throws. */
export async function forget(
  { admin, viewer, to }: Session<"forget">,
  query: string,
  { yes, person }: { readonly yes: boolean; readonly person?: string },
): Promise<void> {
  let count = 0;
  for await (const one of admin.forget(viewer, {
    query,
    dry: !yes,
    ...(person !== undefined && { person }),
  })) {
    to.write(`${forgottenLine(one)}\n`);
    count += 1;
  }
  if (count === 0) return to.tell("Nothing was found.\n");
  if (!yes) to.tell("Nothing was forgotten yet: --yes does it, and it cannot be undone.\n");
}

/** Puts a legal hold on what meets the query, or takes it away. Throws what `Admin` throws. */
export async function hold(
  { admin, viewer, to }: Session<"hold">,
  query: string,
  held: boolean,
): Promise<void> {
  const count = await admin.hold(viewer, query, held);
  if (count === 0) return to.tell("Nothing was found.\n");
  to.write(
    `${count} ${count === 1 ? "conversation is" : "conversations are"} ${held ? "on hold" : "no longer on hold"}.\n`,
  );
}

/** Says where Telnyx and this bridge differ, and with `yes` puts it right. Throws what `Admin` throws. */
export async function sync({ admin, viewer, to }: Session<"sync">, yes: boolean): Promise<void> {
  let [count, left] = [0, 0];
  for await (const difference of admin.sync(viewer, { dry: !yes })) {
    to.write(`${differenceLine(difference)}\n`);
    count += 1;
    // What has a reason to stay as it is will not be put right.
    if (!difference.done && difference.why === undefined) left += 1;
  }
  if (count === 0) return to.tell("Nothing differs.\n");
  if (left > 0)
    to.tell(`Nothing was changed: --yes puts right ${left === count ? "all of it" : `${left} of them`}.\n`);
}
