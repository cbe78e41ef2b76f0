import { pino, type DestinationStream, type Logger } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "child">;

const SECRET =
  /\b(?:xox[abeprs]|xapp)-[\w-]{6,}|\bKEY[\w-]{12,}|\bpc_[\w-]{20,}|\b(?:Bearer|Bot)\s+[\w.~+/-]{20,}=*|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b|(?<=\?ticket=)[\w-]+|(?<="token\\?":\\?")[^"\\]+/g;

/** Part of whatever is a secret, and looked for much faster: most texts have none of it. */
const HINT = /xox|xapp-|KEY|pc_|Bearer|Bot|\.[\w-]{6,7}\.|\?ticket=|"token/;

/** Replaces whatever looks like a Slack, Telnyx or Discord token, one of our own, a Slack socket's ticket or a payload's token. The last defence: nothing should log one at all. */
export function redact(text: string): string {
  return HINT.test(text) ? text.replace(SECRET, "[secret]") : text;
}

/**
 * JSON lines on `destination` (standard output). Fields that hold message text belong at `debug` only.
 * Secrets given in `secrets` and anything of a known token's shape never reach a line.
 */
export function createLog(
  level: string,
  secrets: readonly string[] = [],
  destination?: DestinationStream,
): Log {
  const known = secrets.filter((secret) => secret.length >= 8);
  const options = {
    level,
    base: null,
    hooks: {
      streamWrite: (line: string) =>
        redact(known.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line)),
    },
  };
  // Synchronous: what is logged right before the process exits comes out, and in its order.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}
