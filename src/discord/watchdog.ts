import { type Client, Status } from "discord.js";
import type { Clock } from "../clock.ts";
import type { Gate } from "./gate.ts";

const LOOK_MS = 5_000;
/**
 * How long a connection may take to be resumed. Discord keeps a session for "a few minutes" (docs.discord.com, Gateway, Resuming), but the
 * address to resume at may be out of order for hours, and discord.js tries no other.
 */
const GONE_MS = 60_000;
/** Without an event and without an answer to a heartbeat, of which Discord asks for one each 41 s. discord.js notices after two, if it can close the connection. */
const SILENT_MS = 120_000;

/**
 * Resolves, with the reason, when the client's shard shows no life. Never once the signal has aborted. Counts looks, not time: a
 * process that was halted has only looked once since.
 */
export async function watch(
  { client, gate, clock }: { client: Client; gate: Pick<Gate, "events">; clock: Clock },
  signal: AbortSignal,
): Promise<string> {
  let gone = 0;
  let silent = 0;
  let last = "";
  while (await passes(clock, signal)) {
    const shard = client.ws.shards.first();
    const life = `${gate.events} ${shard?.lastPingTimestamp}`;
    gone = shard?.status === Status.Ready ? 0 : gone + LOOK_MS;
    silent = life === last ? silent + LOOK_MS : 0;
    last = life;
    if (gone >= GONE_MS) return `Discord's gateway could not be resumed for ${GONE_MS / 1_000} s`;
    if (silent >= SILENT_MS) return `Discord's gateway was silent for ${SILENT_MS / 1_000} s`;
  }
  return new Promise(() => {});
}

/** Whether it is time to look again, and not to stop. */
function passes(clock: Clock, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(LOOK_MS, signal).then(
    () => true,
    () => false,
  );
}
