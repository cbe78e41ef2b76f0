import type { WebSocket } from "ws";
import type { Core } from "../core.ts";
import type { Json } from "../json/people.ts";
import type { Packet } from "./session.ts";

/** The close codes that the twin uses (Discord, Opcodes and Status Codes, Gateway Close Event Codes). */
export const CLOSE = {
  unknownError: 4000,
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSeq: 4007,
  rateLimited: 4008,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

const REASON = new Map<number, string>(
  Object.entries(CLOSE).map(([name, code]) => [
    code,
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  ]),
);

/** Discord, Gateway, Sending Events. */
const MAX_PAYLOAD_BYTES = 4096;

/** What a connection hands over: a payload that has an opcode, sent in time and not too often. */
export interface Connection {
  send(packet: Packet): void;
  close(how: number | "cut"): void;
  beat(): void;
  /** Nothing gets through any more, either way. */
  mute(): void;
}

export interface ConnectionHandlers {
  readonly receive: (op: number, data: unknown) => void;
  readonly closed: (code: number) => void;
  /** The connection is not even greeted. */
  readonly isSilent: boolean;
}

/** One WebSocket: greets, counts and decodes what comes in, and gives up on a client whose heart has stopped. */
export function openConnection(core: Core, socket: WebSocket, handlers: ConnectionHandlers): Connection {
  const { clock, heartbeatMs } = core.settings;
  const ended = new AbortController();
  const isTooFast = createRate(core);
  let lastBeat = clock.monotonic();
  let isMute = false;

  const connection: Connection = {
    send: (packet) => {
      if (!isMute) socket.send(JSON.stringify(packet));
    },
    mute: () => {
      isMute = true;
      ended.abort();
      socket.pause();
    },
    close: (how) => {
      if (isMute) return;
      if (how === "cut") socket.terminate();
      else socket.close(how, REASON.get(how));
    },
    beat: () => {
      lastBeat = clock.monotonic();
    },
  };

  socket.on("message", (bytes: Buffer) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isTooFast()) return connection.close(CLOSE.rateLimited);
    const payload = bytes.length <= MAX_PAYLOAD_BYTES ? decode(bytes) : undefined;
    if (!payload) return connection.close(CLOSE.decodeError);
    handlers.receive(payload.op, payload.d);
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", (code) => {
    ended.abort();
    handlers.closed(code);
  });

  if (handlers.isSilent) connection.mute();
  connection.send({ op: 10, d: { heartbeat_interval: heartbeatMs, _trace: [] }, s: null, t: null });
  watch(core, () => lastBeat, ended.signal).then(
    () => connection.close(CLOSE.unknownError),
    () => {
      // The connection ended before its heart stopped.
    },
  );
  return connection;
}

/** Counts what a connection sends. */
function createRate({ settings }: Core): () => boolean {
  const { clock, limited, rates } = settings;
  const sent: number[] = [];
  return () => {
    const now = clock.monotonic();
    while (sent.length > 0 && now - (sent[0] ?? 0) >= rates.gatewaySend.windowMs) sent.shift();
    sent.push(now);
    return limited && sent.length > rates.gatewaySend.count;
  };
}

/** Resolves when no heartbeat came in time. Half an interval of grace: Discord tolerates the network's delay, and does not say how much. */
async function watch({ settings }: Core, lastBeat: () => number, ended: AbortSignal): Promise<void> {
  const { clock, heartbeatMs } = settings;
  for (;;) {
    const due = lastBeat() + heartbeatMs * 1.5 - clock.monotonic();
    if (due <= 0) return;
    await clock.sleep(due, ended);
  }
}

function decode(bytes: Buffer): { readonly op: number; readonly d: unknown } | undefined {
  try {
    const payload = JSON.parse(bytes.toString()) as Json | null;
    const op = payload?.["op"];
    return typeof op === "number" ? { op, d: payload?.["d"] } : undefined;
  } catch {
    return undefined;
  }
}
