import type { AuditRequest } from "../../admin/audit.ts";
import { PatchcordError } from "../../errors.ts";
import type { Entry, Head } from "../../store/audit.ts";
import { timeOf } from "./columns.ts";
import { eachPage, type ListOptions, type Session } from "./lists.ts";
import type { Column } from "./table.ts";

const ENTRY: readonly Column<Entry>[] = [
  { name: "at", value: ({ at }) => new Date(at).toISOString(), shown: ({ at }) => timeOf(at) },
  { name: "who", value: ({ who }) => who, least: 8 },
  { name: "via", value: ({ via }) => via },
  { name: "what", value: ({ what }) => what },
  { name: "rows", value: ({ rows }) => rows },
  { name: "asked", value: ({ content }) => content, shown: ({ content = "(erased)" }) => content, least: 12 },
  { name: "seq", value: ({ seq }) => seq },
  { name: "about", value: ({ about }) => about, hidden: true },
  { name: "hash", value: ({ hash }) => hash, hidden: true },
];

/** Prints what was looked at and done. Throws what `Admin` throws. */
export async function listAudit(
  session: Session<"audit">,
  search: AuditRequest,
  options: Pick<ListOptions, "format" | "limit">,
): Promise<void> {
  await eachPage(session.to, options, {
    columns: ENTRY,
    ask: (page) => session.admin.audit(session.viewer, { ...search, ...page }),
  });
}

/** Says that the audit is as it was written, and what its head is. Throws `audit_broken`, and what `Admin` throws. */
export async function verifyAudit(
  { admin, viewer, to }: Session<"verify">,
  head: Head | undefined,
): Promise<void> {
  const verdict = await admin.verify(viewer, head);
  if (verdict.kind === "broken")
    throw new PatchcordError(
      "audit_broken",
      `The audit was changed: at entry ${verdict.seq}, ${verdict.why}. What comes before it is as it was written.`,
    );
  const { entries, erased, head: last } = verdict;
  to.write(
    `The audit is whole: ${entries} entries${erased > 0 ? `, of ${erased} what was asked for is erased` : ""}.\n`,
  );
  if (last) to.write(`${last.seq}:${last.hash}\n`);
  to.tell("Note the last line elsewhere: verify --head then tells also if all of it was made anew.\n");
}
