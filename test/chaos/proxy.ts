import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How a wire carries bytes. Both directions alike; changes hold from the next bytes on. */
export interface Pace {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
}

/** A TCP wire between the bot and one server, which can be made to go wrong. */
export interface Proxy {
  readonly port: number;
  /** Replaces the pace; without an argument, the wire is a good one again. */
  slow(pace?: Partial<Pace>): void;
  /** Resets every open connection. Returns how many there were. */
  reset(): number;
  /** Resets the next connection that answers, after so many bytes of the answer. */
  cutAfter(bytes: number): void;
  /** Resets the connection of the next request that writes, instead of its answer: it went through and nobody hears of it. */
  swallow(): void;
  /** A cut or a swallowed answer is still to come. */
  armed(): boolean;
  /** It does not come any more. */
  disarm(): void;
  /** Bytes vanish, on connections old and new, and nobody is told. When it ends, what lost bytes is reset. */
  blackHole(on: boolean): void;
  /** How many open connections have lost bytes. */
  lossy(): number;
  /** The server's ends are closed and the bot's stay open, as after a NAT that forgot. Returns how many. */
  halfOpen(): number;
  close(): Promise<void>;
}

interface Wire {
  readonly bot: Socket;
  readonly server: Socket;
  lostBytes: boolean;
  /** What the server answers next is swallowed. */
  swallows: boolean;
}

interface State {
  pace: Pace;
  blackHole: boolean;
  /** Bytes of the next answer that still pass. Undefined: no cut is asked for. */
  cutAfter: number | undefined;
  /** The next request that writes loses its answer. */
  swallow: boolean;
  readonly wires: Set<Wire>;
}

const GOOD: Pace = { delayMs: 0, bytesPerSecond: Infinity };

/**
 * Listens on a port of its own before the server at `target`. A server that names its own address in its answers (a WebSocket's,
 * say) is made to name the proxy's: both are as long, so that no length has to be corrected.
 */
export async function startProxy(target: number): Promise<Proxy> {
  const state: State = {
    pace: GOOD,
    blackHole: false,
    cutAfter: undefined,
    swallow: false,
    wires: new Set(),
  };
  const listening = createServer((bot) => open(state, bot, { target, port: portOf(listening) }));
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const all = (act: (wire: Wire) => void) => {
    const wires = [...state.wires];
    wires.forEach(act);
    return wires.length;
  };
  return {
    port: portOf(listening),
    slow: (pace = {}) => void (state.pace = { ...GOOD, ...pace }),
    reset: () => all(cut),
    cutAfter: (bytes) => void (state.cutAfter = bytes),
    swallow: () => void (state.swallow = true),
    blackHole: (on) => {
      state.blackHole = on;
      if (!on) all((wire) => wire.lostBytes && cut(wire));
    },
    armed: () => state.swallow || state.cutAfter !== undefined,
    disarm: () => {
      state.swallow = false;
      state.cutAfter = undefined;
    },
    lossy: () => [...state.wires].filter(({ lostBytes }) => lostBytes).length,
    halfOpen: () =>
      all((wire) => {
        wire.lostBytes = true;
        wire.server.destroy();
      }),
    close: async () => {
      all(cut);
      listening.close();
      await once(listening, "close");
    },
  };
}

const portOf = (server: { address(): AddressInfo | string | null }) => (server.address() as AddressInfo).port;

function cut({ bot, server }: Wire): void {
  bot.resetAndDestroy();
  server.resetAndDestroy();
}

function open(state: State, bot: Socket, { target, port }: { target: number; port: number }): void {
  const server = connect(target, "127.0.0.1");
  const wire: Wire = { bot, server, lostBytes: false, swallows: false };
  state.wires.add(wire);
  const gone = () => {
    if (wire.lostBytes && !bot.destroyed) return; // half open: the bot is not told
    state.wires.delete(wire);
    bot.destroy();
    server.destroy();
  };
  for (const socket of [bot, server]) socket.setNoDelay(true).on("close", gone).on("error", gone);
  carry(state, wire, { from: bot, to: server, pass: (chunk) => asked(state, wire, chunk) });
  const rename = renamer(`127.0.0.1:${target}`, `127.0.0.1:${port}`);
  carry(state, wire, { from: server, to: bot, pass: (chunk) => allowed(state, wire, rename(chunk)) });
}

interface Way {
  readonly from: Socket;
  readonly to: Socket;
  /** What of the chunk is carried on. */
  readonly pass: (chunk: Buffer) => Buffer;
}

/** One direction: chunk by chunk, in order, as slowly as the pace is. */
function carry(state: State, wire: Wire, { from, to, pass }: Way): void {
  let queue = Promise.resolve();
  const later = (work: () => void, wait: () => number) => {
    queue = queue.then(async () => {
      const ms = wait();
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      if (!to.destroyed) work();
    });
  };
  from.on("data", (chunk: Buffer) => {
    if (state.blackHole || wire.lostBytes) {
      wire.lostBytes = true;
      return;
    }
    const passed = pass(chunk);
    later(
      () => {
        if (to.write(passed)) return;
        from.pause();
        to.once("drain", () => from.resume());
      },
      () => state.pace.delayMs + (1000 * passed.length) / state.pace.bytesPerSecond,
    );
  });
  from.on("end", () =>
    later(
      () => to.end(),
      () => state.pace.delayMs,
    ),
  );
}

/** A request that changes something. */
const WRITES = /^(?:POST|PUT|PATCH|DELETE) /;

function asked(state: State, wire: Wire, chunk: Buffer): Buffer {
  if (state.swallow && WRITES.test(chunk.toString("latin1", 0, 8))) {
    state.swallow = false;
    wire.swallows = true;
  }
  return chunk;
}

/** The bytes of an answer that are let through; the connection is reset where a cut was asked for. */
function allowed(state: State, wire: Wire, chunk: Buffer): Buffer {
  if (wire.swallows) {
    cut(wire);
    return Buffer.alloc(0);
  }
  if (state.cutAfter === undefined) return chunk;
  const left = state.cutAfter - chunk.length;
  if (left > 0) {
    state.cutAfter = left;
    return chunk;
  }
  const passed = chunk.subarray(0, state.cutAfter);
  state.cutAfter = undefined;
  wire.lostBytes = true; // whatever else the server says
  if (passed.length > 0) wire.bot.write(passed, () => cut(wire));
  else cut(wire);
  return Buffer.alloc(0);
}

function renamer(own: string, shown: string): (chunk: Buffer) => Buffer {
  const [from, to] = [Buffer.from(own), Buffer.from(shown)];
  if (from.length !== to.length) return (chunk) => chunk;
  return (chunk) => {
    for (let at = chunk.indexOf(from); at >= 0; at = chunk.indexOf(from, at)) to.copy(chunk, at);
    return chunk;
  };
}
