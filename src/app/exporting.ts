import { randomBytes } from "node:crypto";
import type { Exporting } from "../admin/export.ts";
import { type ExportedText, exportedText } from "../admin/exporting.ts";
import { createRedactor, type RedactorDeps } from "../admin/redact.ts";
import type { FileConfig } from "../config/file.ts";
import type { Aside, Readable, Work } from "../store/aside.ts";
import { links } from "./links.ts";

interface Input extends Exporting {
  readonly redacting: RedactorDeps;
}

/** An export where the reading is done. */
export const work = (archive: Readable, { redacting, ...what }: Input) =>
  exportedText({ archive, links, redactor: createRedactor(redacting) }, what);

const EXPORT: Work<Input, ExportedText> = {
  module: new URL(import.meta.url),
  load: async () => ({ work }),
};

export const exportingIn =
  (aside: Aside, redacting: RedactorDeps) =>
  (what: Exporting): AsyncIterable<ExportedText> =>
    aside.run(EXPORT, { ...what, redacting });

/** So many random bytes make a key of HMAC-SHA-256 (RFC 2104, Keys). */
const KEY_BYTES = 32;

/** Takes out what the file says, besides what identifies anybody. A person's pseudonym is the same in all exports of this process, and says nothing in another. */
export function redactingBy({ admin }: FileConfig): RedactorDeps {
  return {
    key: randomBytes(KEY_BYTES),
    patterns: admin.redact.map((pattern) => new RegExp(pattern, "giu")),
  };
}
